package pixel

// axis says, for each position along one direction of the destination, where in
// the source it comes from.
type axis struct {
	key axisKey
	// first is the first source sample, as a byte offset of the row if the axis
	// is horizontal.
	first []int32
	// tap[start[i]:start[i+1]] are the weights of the samples from first[i] on; they
	// add up to tapOne. longest is how many the largest group has.
	start   []int32
	tap     []int16
	longest int
	// blocks are the taps as the functions of this processor want them.
	blocks tapBlocks
}

type axisKey struct {
	method        Method
	from, to, pos int
	channels      int // 0 for a vertical axis
	// of filters only
	envelope, sharpness float64
}

// A tap has 14 bits: even the largest of the sharpest filter fits an int16. Between
// the two passes a sample has 5 bits more than a byte, which leaves room for the
// overshoot of that filter; both passes add up within int32.
const (
	tapBits  = 14
	tapOne   = 1 << tapBits
	lineBits = 5
)

func (t *axes) prepare(k axisKey, srcW, srcH, dstW, dstH, step int) {
	k.from, k.to, k.pos = srcW, dstW, step
	t.x.prepare(k)
	k.from, k.to, k.pos, k.channels = srcH, dstH, 1, 0
	t.y.prepare(k)
}

// prepare makes the tables from one length to another; positions are multiplied
// by pos.
func (a *axis) prepare(k axisKey) {
	if a.key == k {
		return
	}
	a.key = k
	a.first, a.start = resize(a.first, k.to), resize(a.start, k.to+1)
	a.tap, a.longest = a.tap[:0], 0
	switch k.method {
	case Nearest:
		for i := range a.first {
			a.first[i] = int32((2*i + 1) * k.from / (2 * k.to) * k.pos)
		}
		return
	case Bilinear:
		a.prepareBilinear(k)
	case Area:
		a.prepareArea(k)
	default:
		a.prepareFilter(k)
	}
	if k.channels > 0 {
		layTaps(a)
	}
}

func (a *axis) prepareBilinear(k axisKey) {
	for i := range a.first {
		// The centre of sample i, in units of 1/(2*to) of a source sample.
		c := max((2*i+1)*k.from-k.to, 0)
		p, rest := c/(2*k.to), c%(2*k.to)
		w := int16((rest*tapOne + k.to) / (2 * k.to))
		a.begin(i, min(p, k.from-1))
		if p >= k.from-1 {
			a.tap = append(a.tap, tapOne)
		} else {
			a.tap = append(a.tap, tapOne-w, w)
		}
		a.end(i)
	}
}

func (a *axis) prepareArea(k axisKey) {
	for i := range a.first {
		// In units of 1/to of a source sample, new sample i covers from..from.
		begin, end := i*k.from, (i+1)*k.from
		p := begin / k.to
		a.begin(i, p)
		given := 0
		for at := begin; at < end; p++ {
			at = min((p+1)*k.to, end)
			// Rounding what was given so far, not each share, keeps the sum exact.
			upto := ((at-begin)*tapOne + k.from/2) / k.from
			a.tap = append(a.tap, int16(upto-given))
			given = upto
		}
		a.end(i)
	}
}

// begin starts the taps of position i, the first of which is for sample p.
func (a *axis) begin(i, p int) {
	a.first[i], a.start[i] = int32(p*a.key.pos), int32(len(a.tap))
}

// end ends the taps of position i.
func (a *axis) end(i int) {
	a.start[i+1] = int32(len(a.tap))
	a.longest = max(a.longest, len(a.taps(i)))
}

// taps are those of position i.
func (a *axis) taps(i int) []int16 { return a.tap[a.start[i]:a.start[i+1]] }

// tapBlocks are taps in the order in which a processor takes them.
type tapBlocks struct {
	offset []int32
	tap    []int16
	steps  int
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// lineBuffers are a row between the vertical and the horizontal pass, and one after
// it. Both are longer than their contents: functions for a processor read and write
// whole registers.
type lineBuffers struct {
	line []int16
	out  []byte
}

// lineSlack is how many samples more than it needs a buffer has, beside those of
// the longest group of taps.
const lineSlack = 32

func (l *lineBuffers) reserve(strips []strip, rowBytes int) {
	room, out := 0, 0
	for i := range strips {
		t := &strips[i]
		room = max(room, t.x.longest*t.x.key.pos)
		out = max(out, t.dst.w*t.dst.channels)
	}
	l.line, l.out = resize(l.line, rowBytes+room+lineSlack), resize(l.out, out+lineSlack)
}
