package pixel

import "math"

// A tap has 14 bits: with 8 of a sample and the overshoot of the sharpest filter
// a row stays within int32, and two passes within int64.
const (
	tapBits = 14
	tapOne  = 1 << tapBits
)

// prepareFilter weighs the source samples around the centre of each new one.
// Going down the filter is as much wider as the picture becomes smaller, so that
// every source sample counts; at the edge the outermost sample stands for those
// beyond it.
func (a *axis) prepareFilter(k axisKey) {
	a.start = resize(a.start, k.to+1)
	a.tap, a.longest = a.tap[:0], 0
	weigh, radius := filterOf(k.method, k.envelope)
	narrow := k.sharpness
	if k.method != Sinc4 {
		narrow *= min(1, float64(k.to)/float64(k.from))
	}
	reach := radius / narrow
	var weights []float64
	for i := range a.first {
		centre := (float64(i)+0.5)*float64(k.from)/float64(k.to) - 0.5
		lo, hi := int(math.Floor(centre-reach))+1, int(math.Ceil(centre+reach))-1
		if lo > hi { // the filter is narrower than the distance of samples
			lo, hi = int(math.Floor(centre+0.5)), int(math.Floor(centre+0.5))
		}
		first, last := min(max(lo, 0), k.from-1), min(max(hi, 0), k.from-1)
		weights = resize(weights, last-first+1)
		clear(weights)
		for p := lo; p <= hi; p++ {
			weights[min(max(p, first), last)-first] += weigh((float64(p) - centre) * narrow)
		}
		a.first[i], a.start[i] = int32(first*k.pos), int32(len(a.tap))
		a.tap = appendTaps(a.tap, weights)
		a.longest = max(a.longest, len(weights))
	}
	a.start[k.to] = int32(len(a.tap))
}

// appendTaps brings weights to a sum of exactly tapOne, so that an even area
// keeps its value: the largest takes what rounding leaves.
func appendTaps(taps []int32, weights []float64) []int32 {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	begin, rest, largest := len(taps), int32(tapOne), 0
	for i, w := range weights {
		t := int32(math.Round(w / sum * tapOne))
		taps = append(taps, t)
		rest -= t
		if w > weights[largest] {
			largest = i
		}
	}
	taps[begin+largest] += rest
	return taps
}

// filterOf is the weight at a distance in samples, and where it ends.
func filterOf(m Method, envelope float64) (weigh func(x float64) float64, radius float64) {
	switch m {
	case Lanczos:
		return func(x float64) float64 { return sinc(x) * sinc(x/envelope) }, envelope
	case Sinc:
		return sinc, envelope
	case Sinc4:
		return sinc, 2
	case Hermite:
		return cubic(0, 0), 2
	case Spline:
		return cubic(1, 0), 2
	case CatmullRom:
		return cubic(0, 0.5), 2
	case Mitchell:
		return cubic(1.0/3, 1.0/3), 2
	}
	return func(x float64) float64 { return max(0, 1-math.Abs(x)) }, 1
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// cubic is the family of Mitchell and Netravali, "Reconstruction Filters in
// Computer Graphics" (1988), equation 8.
func cubic(b, c float64) func(x float64) float64 {
	return func(x float64) float64 {
		x = math.Abs(x)
		switch {
		case x < 1:
			return ((12-9*b-6*c)*x*x*x + (-18+12*b+6*c)*x*x + 6 - 2*b) / 6
		case x < 2:
			return ((-b-6*c)*x*x*x + (6*b+30*c)*x*x + (-12*b-48*c)*x + 8*b + 24*c) / 6
		}
		return 0
	}
}

// filtered weighs rows that were filtered horizontally; each is kept in a ring
// while new rows still need it.
func filtered(dst, src samples, t *axes, lines *lineBuffers, begin, end int) {
	n, depth := dst.w*dst.channels, t.y.longest
	lines.ring, lines.held = resize(lines.ring, depth*n), resize(lines.held, depth)
	lines.total = resize(lines.total, n)
	for i := range lines.held {
		lines.held[i] = -1
	}
	for y := begin; y < end; y++ {
		clear(lines.total)
		first := int(t.y.first[y])
		for k, w := range t.y.taps(y) {
			row, slot := first+k, (first+k)%depth
			line := lines.ring[slot*n : (slot+1)*n]
			if lines.held[slot] != row {
				lines.held[slot] = row
				filterRow(line, src.row(row), &t.x, src.channels)
			}
			for i, v := range line {
				lines.total[i] += int64(v) * int64(w)
			}
		}
		storeFiltered(dst.row(y), lines.total, dst.step, dst.channels)
	}
}

// taps are those of position i.
func (a *axis) taps(i int) []int32 { return a.tap[a.start[i]:a.start[i+1]] }

// filterRow weighs the samples of a row; dst has tapBits more than they.
func filterRow(dst []int32, src []byte, x *axis, channels int) {
	step := x.key.pos
	for i, o := range x.first {
		taps, p := x.taps(i), src[o:]
		for c := range channels {
			var sum int32
			for k, w := range taps {
				sum += int32(p[k*step+c]) * w
			}
			dst[i*channels+c] = sum
		}
	}
}

// storeFiltered rounds sums to bytes.
func storeFiltered(dst []byte, sum []int64, step, channels int) {
	const half = 1 << (2*tapBits - 1)
	if step == channels {
		step = 1 // one sum for each byte
	}
	for i, s := range sum {
		dst[i*step] = uint8(min(max((s+half)>>(2*tapBits), 0), 255))
	}
}
