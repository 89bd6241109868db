package pcm

import (
	"fmt"
	"math"
)

// Resampler changes the sample rate of a stream of interleaved float samples by a
// polyphase filter: a sinc under a Kaiser window. Up to 0.84 of the lower of the
// two Nyquist frequencies passes unchanged; what would alias is 80 dB down. The
// output is not delayed in time: its sample k belongs to the moment k/to of the
// input, but it comes out [Resampler.Delay] input samples late. Not safe for
// concurrent use.
type Resampler struct {
	from, to int // reduced by their common divisor
	channels int
	half     int // taps to each side, in input frames

	bank  [][]float32 // filters by phase; one more than phases
	exact bool        // one filter for each phase that occurs

	history []float32 // input not yet used up, interleaved
	pos     int       // frame of history under the first tap
	phase   int       // 0..to-1, in units of 1/to of an input frame
	in, out int64     // frames so far
	mixed   []float32 // scratch: the filter between two of the bank
}

// The design of the filter. 32 zero crossings a side and a window for 80 dB give
// a transition of 0.16 of Nyquist, which ends at Nyquist.
const (
	zeroCrossings = 32
	kaiserBeta    = 7.857 // 80 dB
	rolloff       = 0.92
	// maxPhases bounds the bank. Beyond it filters are interpolated between
	// neighbours, which costs an error below -100 dB.
	maxPhases = 512
	// maxTaps refuses ratios for which one filter would not fit reason.
	maxTaps = 1 << 13
)

// NewResampler makes a resampler between two rates in samples per second. Errors:
// a rate or number of channels below 1; a step down of more than about 100 to 1.
func NewResampler(from, to, channels int) (*Resampler, error) {
	if from < 1 || to < 1 || channels < 1 {
		return nil, fmt.Errorf("resample %d Hz to %d Hz, %d channels: all must be at least 1", from, to, channels)
	}
	g := gcd(from, to)
	r := &Resampler{from: from / g, to: to / g, channels: channels}
	cutoff := rolloff * min(1, float64(to)/float64(from))
	half := math.Ceil(zeroCrossings / cutoff)
	if half > maxTaps/2 {
		return nil, fmt.Errorf("resample %d Hz to %d Hz: the step is too large: go by an intermediate rate", from, to)
	}
	r.half = int(half)
	phases := min(r.to, maxPhases)
	r.exact = phases == r.to // also for equal rates, which only copy
	if from == to {
		r.half, r.bank = 1, [][]float32{{1, 0}}
		r.Reset()
		return r, nil
	}
	r.bank = make([][]float32, phases+1)
	for p := range r.bank {
		r.bank[p] = design(r.half, cutoff, float64(p)/float64(phases))
	}
	r.mixed = make([]float32, 2*r.half)
	r.Reset()
	return r, nil
}

// design is the filter for a new sample that lies at, 0..1, behind an old one.
func design(half int, cutoff, at float64) []float32 {
	h := make([]float64, 2*half)
	var sum float64
	for k := range h {
		t := float64(k-half+1) - at
		h[k] = sinc(cutoff*t) * kaiser(t/float64(half))
		sum += h[k]
	}
	out := make([]float32, len(h))
	for k, v := range h {
		// Every phase passes a constant unchanged.
		out[k] = float32(v / sum)
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel0(kaiserBeta*math.Sqrt(1-x*x)) / bessel0(kaiserBeta)
}

// bessel0 is the modified Bessel function of the first kind, order 0, by its
// power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Delay is how many input frames must follow a moment before its output comes.
func (r *Resampler) Delay() int { return r.half }

// Reset forgets the stream: the next input is a new beginning.
func (r *Resampler) Reset() {
	// Silence before the first sample, so that the filter is centred on it.
	r.history = append(r.history[:0], make([]float32, (r.half-1)*r.channels)...)
	r.pos, r.phase, r.in, r.out = 0, 0, 0, 0
}

// Process takes whole frames of input and appends the output that they complete
// to dst. An incomplete last frame of src is ignored. It allocates only to grow
// dst, and its own history to the largest input.
func (r *Resampler) Process(dst, src []float32) []float32 {
	n := len(src) / r.channels
	r.in += int64(n)
	r.history = append(r.history, src[:n*r.channels]...)
	dst = r.produce(dst, math.MaxInt64)
	// Keep what the next output still reaches.
	kept := copy(r.history, r.history[min(r.pos*r.channels, len(r.history)):])
	r.pos -= (len(r.history) - kept) / r.channels
	r.history = r.history[:kept]
	return dst
}

// Flush appends the rest of the output to dst, as if silence followed, and
// resets. In all there are ceil(input * to / from) output frames.
func (r *Resampler) Flush(dst []float32) []float32 {
	total := (r.in*int64(r.to) + int64(r.from) - 1) / int64(r.from)
	r.history = append(r.history, make([]float32, 2*r.half*r.channels)...)
	dst = r.produce(dst, total)
	r.Reset()
	return dst
}

// produce appends output while the history reaches far enough, up to total.
func (r *Resampler) produce(dst []float32, total int64) []float32 {
	taps := 2 * r.half
	for have := len(r.history) / r.channels; r.pos+taps <= have && r.out < total; r.out++ {
		dst = convolve(dst, r.history[r.pos*r.channels:], r.filter(), r.channels)
		r.phase += r.from
		r.pos += r.phase / r.to
		r.phase %= r.to
	}
	return dst
}

// filter is the one for the current phase.
func (r *Resampler) filter() []float32 {
	if r.exact {
		return r.bank[r.phase]
	}
	at := float64(r.phase) * maxPhases / float64(r.to)
	i := int(at)
	f := float32(at - float64(i))
	a, b := r.bank[i], r.bank[i+1][:len(r.bank[i])]
	for k := range a {
		r.mixed[k] = a[k] + f*(b[k]-a[k])
	}
	return r.mixed
}

// convolve appends one frame.
func convolve(dst, src, filter []float32, channels int) []float32 {
	if channels == 1 {
		return append(dst, dot(src, filter))
	}
	for c := range channels {
		var sum float32
		for k, h := range filter {
			sum += h * src[k*channels+c]
		}
		dst = append(dst, sum)
	}
	return dst
}

// dot is the inner product with the filter. Four sums do
// not wait for each other.
func dot(src, filter []float32) float32 {
	var a, b, c, d float32
	src = src[:len(filter)]
	for len(filter) >= 4 && len(src) >= 4 {
		a += filter[0] * src[0]
		b += filter[1] * src[1]
		c += filter[2] * src[2]
		d += filter[3] * src[3]
		src, filter = src[4:], filter[4:]
	}
	for k, h := range filter {
		a += h * src[k]
	}
	return a + b + c + d
}
