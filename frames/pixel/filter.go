package pixel

import "math"

// prepareFilter weighs the source samples around the centre of each new one.
// Going down the filter is as much wider as the picture becomes smaller, so that
// every source sample counts; at the edge the outermost sample stands for those
// beyond it.
func (a *axis) prepareFilter(k axisKey) {
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
		a.begin(i, first)
		a.tap = appendTaps(a.tap, weights)
		a.end(i)
	}
}

// appendTaps brings weights to a sum of exactly tapOne, so that an even area
// keeps its value: the largest takes what rounding leaves.
func appendTaps(taps []int16, weights []float64) []int16 {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	begin, rest, largest := len(taps), int16(tapOne), 0
	for i, w := range weights {
		t := int16(math.Round(w / sum * tapOne))
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
