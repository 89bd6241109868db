package pcm

import (
	"fmt"
	"math"
)

// Method is a kind of filter of a [Resampler].
type Method int

// The methods. Those before BlackmanNuttall are short and cheap, and let aliases
// pass; the others are a sinc under a window.
const (
	Nearest         Method = iota // the sample that is closest
	Linear                        // on the line between two samples
	Cubic                         // a cubic B-spline, which is soft
	BlackmanNuttall               // very deep stop bands, wide transitions
	Kaiser                        // the narrowest transition for its attenuation
)

// Table says for which of the moments between two samples a [Resampler] keeps a
// filter.
type Table int

// The tables.
const (
	TableInterpolated Table = iota // for some; others are made from those that lie next to them
	TableFull                      // for each moment that occurs
	TableAuto                      // TableFull where it takes few bytes
)

// Interpolation is how a filter is made from those of a table.
type Interpolation int

// The interpolations. Cubic is exact enough for any quality; Linear to -100 dB;
// NoInterpolation is the same as Cubic, since there is always something to make.
const (
	NoInterpolation Interpolation = iota
	LinearInterpolation
	CubicInterpolation
)

// Filter says what a [Resampler] lets through, and at which cost.
type Filter struct {
	Method  Method
	Quality int // 0, the cheapest, to 10, the best; of Kaiser and BlackmanNuttall
	Table   Table
	Between Interpolation
	// TableBytes is what TableAuto allows a full table to take.
	TableBytes int
}

// DefaultFilter is the one of GStreamer's audioresample: 0.83 of the lower of both
// Nyquist frequencies passes, and 85 dB are taken off what lies above 1.01 of it.
var DefaultFilter = Filter{Method: Kaiser, Quality: 4, Table: TableAuto, Between: CubicInterpolation, TableBytes: 1 << 20}

// kaiserDesign is what a quality promises. Frequencies are in parts of Nyquist's.
type kaiserDesign struct {
	cutoff      float64 // middle of the transition; on the way up
	down        float64 // factor of that on the way down
	attenuation float64 // of the stop band, in decibels
	transition  float64 // half its width
}

// kaiserDesigns and blackmanDesigns are those of GStreamer, by quality.
var (
	kaiserDesigns = [...]kaiserDesign{
		{0.860, 0.96511, 60, 0.7},
		{0.880, 0.96591, 65, 0.29},
		{0.910, 0.96923, 70, 0.145},
		{0.920, 0.97600, 80, 0.105},
		{0.940, 0.97979, 85, 0.087},
		{0.940, 0.98085, 95, 0.077},
		{0.945, 0.99471, 100, 0.068},
		{0.950, 1, 105, 0.055},
		{0.960, 1, 110, 0.045},
		{0.968, 1, 115, 0.039},
		{0.975, 1, 120, 0.0305},
	}
	blackmanDesigns = [...]struct {
		taps   int
		cutoff float64
	}{
		{8, 0.5}, {16, 0.6}, {24, 0.72}, {32, 0.8}, {48, 0.85}, {64, 0.90},
		{80, 0.92}, {96, 0.933}, {128, 0.950}, {148, 0.955}, {160, 0.960},
	}
)

// maxTaps refuses ratios for which one filter would not fit reason.
const maxTaps = 1 << 14

// response is a filter as a function of time.
type response struct {
	taps int                     // input samples that it covers, even
	at   func(t float64) float64 // -taps/2..taps/2 input samples from its middle
}

// newResponse is the response of a filter for two rates. On the way down it is as
// much longer as the output has fewer samples.
func newResponse(f Filter, from, to int) (response, error) {
	slow := min(1, float64(to)/float64(from))
	stretched := func(taps int) int { return int(math.Floor(float64(taps)/slow + 1e-9)) }
	var r response
	switch f.Method {
	case Nearest:
		return response{2, func(t float64) float64 { return box(t) }}, nil
	case Linear:
		r = response{even(stretched(2)), func(t float64) float64 { return max(0, 1-math.Abs(t*slow)) }}
	case Cubic:
		r = response{even(stretched(4)), func(t float64) float64 { return spline(t * slow) }}
	case BlackmanNuttall:
		d := blackmanDesigns[f.Quality]
		taps := roundUp(stretched(d.taps), 8)
		r = response{taps, func(t float64) float64 { return sinc(d.cutoff*slow*t) * blackmanNuttall(2*t/float64(taps)) }}
	default:
		d := kaiserDesigns[f.Quality]
		// By Kaiser's rules for the number of taps and the shape of the window.
		width := 2.285 * 2 * math.Pi * d.transition
		taps := roundUp(stretched(int((d.attenuation-8)/width)+1), 8)
		// Rounding up is spent on attenuation.
		beta := 0.1102 * (8 + width*(float64(taps)*slow-1) - 8.7)
		cutoff := d.cutoff * slow
		if slow < 1 {
			cutoff *= d.down
		}
		r = response{taps, func(t float64) float64 { return sinc(cutoff*t) * kaiser(2*t/float64(taps), beta) }}
	}
	if r.taps > maxTaps {
		return r, fmt.Errorf("resample %d Hz to %d Hz: the step is too large: go by an intermediate rate", from, to)
	}
	return r, nil
}

func even(n int) int { return (n + 1) &^ 1 }

func roundUp(n, to int) int { return (n + to - 1) / to * to }

func box(t float64) float64 {
	if t > -0.5 && t <= 0.5 {
		return 1
	}
	return 0
}

// spline is the cubic B-spline.
func spline(t float64) float64 {
	switch t = math.Abs(t); {
	case t < 1:
		return (4 - 6*t*t + 3*t*t*t) / 6
	case t < 2:
		return (2 - t) * (2 - t) * (2 - t) / 6
	}
	return 0
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window over -1..1, of any height. Beyond it goes on smoothly, so that
// filters can be interpolated at its ends.
func kaiser(x, beta float64) float64 { return bessel0(beta * beta * (1 - x*x) / 4) }

// squares are 1/k², from k = 1.
var squares = func() (s [128]float64) {
	for i := range s {
		s[i] = 1 / float64((i+1)*(i+1))
	}
	return s
}()

// bessel0 is the modified Bessel function of the first kind, order 0, of 2*sqrt(q),
// by its power series.
func bessel0(q float64) float64 {
	sum, term := 1.0, 1.0
	for _, s := range squares {
		term *= q * s
		if sum += term; math.Abs(term) < 1e-12*sum {
			break
		}
	}
	return sum
}

// blackmanNuttall is the window over -1..1.
func blackmanNuttall(x float64) float64 {
	w := math.Pi * x
	return 0.3635819 + 0.4891775*math.Cos(w) + 0.1365995*math.Cos(2*w) + 0.0106411*math.Cos(3*w)
}

// row writes the taps for an output sample that lies at, in input samples, behind an
// input sample. They pass a constant unchanged.
func (r *response) row(dst []float64, at float64) {
	var sum float64
	for k := range dst {
		dst[k] = r.at(float64(k-r.taps/2+1) - at)
		sum += dst[k]
	}
	if sum == 0 {
		return // a row of Nearest that is beside the table and has no weight
	}
	for k := range dst {
		dst[k] /= sum
	}
}
