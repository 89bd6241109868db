package pixel

// axis says, for each position along one direction of the destination, where in
// the source it comes from.
type axis struct {
	key axisKey
	// first is the first source sample, as a byte offset of the row if the axis
	// is horizontal.
	first []int32
	// second is the distance from the first to the second sample: 0 at the end.
	second []int32
	// weight is the share of the second sample, of mixOne (bilinear).
	weight []int32
	// share[start[i]:start[i+1]] are the shares of the samples from first[i] on;
	// they add up to areaOne (area).
	start []int32
	share []uint32
	// tap[start[i]:start[i+1]] are those of the filters; they add up to tapOne,
	// and longest is how many the largest filter has.
	tap     []int32
	longest int
}

type axisKey struct {
	method        Method
	from, to, pos int
	// of filters only
	envelope, sharpness float64
}

// Two mixes of 11 bits and 8 bits of sample stay below 31 bits.
const (
	mixBits = 11
	mixOne  = 1 << mixBits
)

// A share has 24 bits: with 8 of a sample that fills an uint32 and no more,
// because shares add up to one.
const (
	areaBits = 24
	areaOne  = 1 << areaBits
)

func (t *axes) prepare(k axisKey, srcW, srcH, dstW, dstH, step int) {
	k.from, k.to, k.pos = srcW, dstW, step
	t.x.prepare(k)
	k.from, k.to, k.pos = srcH, dstH, 1
	t.y.prepare(k)
}

// prepare makes the tables from one length to another; positions are multiplied
// by pos.
func (a *axis) prepare(k axisKey) {
	if a.key == k {
		return
	}
	a.key = k
	a.first = resize(a.first, k.to)
	switch k.method {
	case Nearest:
		for i := range a.first {
			a.first[i] = int32((2*i + 1) * k.from / (2 * k.to) * k.pos)
		}
	case Bilinear:
		a.prepareBilinear(k)
	case Area:
		a.prepareArea(k)
	default:
		a.prepareFilter(k)
	}
}

func (a *axis) prepareBilinear(k axisKey) {
	a.second = resize(a.second, k.to)
	a.weight = resize(a.weight, k.to)
	for i := range a.first {
		// The centre of sample i, in units of 1/(2*to) of a source sample.
		c := max((2*i+1)*k.from-k.to, 0)
		p, rest := c/(2*k.to), c%(2*k.to)
		w := (rest*mixOne + k.to) / (2 * k.to)
		a.second[i] = int32(k.pos)
		if p >= k.from-1 {
			p, w, a.second[i] = k.from-1, 0, 0
		}
		a.first[i], a.weight[i] = int32(p*k.pos), int32(w)
	}
}

func (a *axis) prepareArea(k axisKey) {
	a.start = resize(a.start, k.to+1)
	a.share = a.share[:0]
	for i := range a.first {
		// In units of 1/to of a source sample, new sample i covers from..from.
		begin, end := i*k.from, (i+1)*k.from
		p := begin / k.to
		a.first[i], a.start[i] = int32(p*k.pos), int32(len(a.share))
		var given uint64
		for at := begin; at < end; p++ {
			at = min((p+1)*k.to, end)
			// Rounding what was given so far, not each share, keeps the sum exact.
			upto := (uint64(at-begin)*areaOne + uint64(k.from)/2) / uint64(k.from)
			a.share = append(a.share, uint32(upto-given))
			given = upto
		}
	}
	a.start[k.to] = int32(len(a.share))
}

// shares are those of position i.
func (a *axis) shares(i int) []uint32 { return a.share[a.start[i]:a.start[i+1]] }

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// lineBuffers are rows between the horizontal and the vertical pass.
type lineBuffers struct {
	a, b []int32
	line []uint32
	sum  []uint64
	// of filters: rows that several new ones need, and which they are
	ring  []int32
	held  []int
	total []int64
}

func (l *lineBuffers) signed(n int) (a, b []int32) {
	l.a, l.b = resize(l.a, n), resize(l.b, n)
	return l.a, l.b
}

func (l *lineBuffers) unsigned(n int) ([]uint32, []uint64) {
	l.line, l.sum = resize(l.line, n), resize(l.sum, n)
	return l.line, l.sum
}
