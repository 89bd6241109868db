package mfe

import "math"

// The form of the features, for sound of 16 kHz: frames of 25 ms every 10 ms.
const (
	Rate        = 16000
	FrameLength = 400
	Stride      = 160
	Filters     = 40

	points  = 512 // of the transform; what the frame leaves is zero
	lowest  = 60.0
	highest = 7600.0
	floor   = -90.0 // dB
)

// Frames is the number of whole frames in that many samples.
func Frames(samples int) int {
	if samples < FrameLength {
		return 0
	}
	return (samples-FrameLength)/Stride + 1
}

// Extractor computes features. It owns the memory that this needs, so that
// computing does not allocate. It may be used from one goroutine at a time.
type Extractor struct {
	window   [FrameLength]float64
	spectrum *spectrum
	padded   [points]float64
	power    [points/2 + 1]float64
	filters  [Filters]filter
}

// filter is one triangle: weights of the powers from first on.
type filter struct {
	first   int
	weights []float64
}

// NewExtractor prepares the filters.
func NewExtractor() *Extractor {
	e := &Extractor{spectrum: newSpectrum(points)}
	sum := 0.0
	for i := range e.window {
		e.window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/FrameLength)
		sum += e.window[i]
	}
	for i := range e.window {
		e.window[i] *= 2 / sum // a sine of full scale then has a power of 1
	}
	step := (mel(highest) - mel(lowest)) / (Filters + 1)
	for i := range e.filters {
		centre := mel(lowest) + float64(i+1)*step
		e.filters[i] = newFilter(centre, step)
	}
	return e
}

func mel(f float64) float64 { return 1127 * math.Log(1+f/700) }

func newFilter(centre, width float64) filter {
	var f filter
	for k := range points/2 + 1 {
		w := 1 - math.Abs(mel(float64(k)*Rate/points)-centre)/width
		if w <= 0 {
			continue
		}
		if f.weights == nil {
			f.first = k
		}
		f.weights = append(f.weights, w)
	}
	return f
}

// Fill computes the features of all whole frames of samples, whose full scale is
// 32768, into dst: one plane of [Filters] rows, low pitches first, of width
// columns, of which the frames fill those from column on. dst must have room.
func (e *Extractor) Fill(dst []float32, width, column int, samples []float32) {
	for i := range Frames(len(samples)) {
		e.frame(samples[i*Stride : i*Stride+FrameLength])
		for row := range e.filters {
			dst[row*width+column+i] = e.filters[row].value(&e.power)
		}
	}
}

func (e *Extractor) frame(samples []float32) {
	for i, v := range samples {
		e.padded[i] = float64(v) / 32768 * e.window[i]
	}
	e.spectrum.power(e.power[:], e.padded[:])
}

func (f *filter) value(power *[points/2 + 1]float64) float32 {
	sum := 1e-12
	for i, w := range f.weights {
		sum += w * power[f.first+i]
	}
	db := min(max(10*math.Log10(sum), floor), 0)
	return float32(db/(-floor/2) + 1)
}
