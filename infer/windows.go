package infer

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/eiengine/eiengine/frames/pcm"
)

// windows cuts a stream of S16LE samples into stretches for a model: values as
// integers from -32768 to 32767, which is what models are trained on, at the
// model's rate.
type windows struct {
	resampler *pcm.Resampler // nil if the rates are equal
	rate      int            // of the stream
	wanted    int            // of the model

	floats []float32 // samples of one frame
	fifo   []float32 // samples at the model's rate, not yet taken
}

// setRate says at what rate the stream comes.
func (w *windows) setRate(rate int) error {
	if rate == w.rate {
		return nil
	}
	var r *pcm.Resampler
	if rate != w.wanted {
		var err error
		if r, err = pcm.NewResampler(rate, w.wanted, 1); err != nil {
			return fmt.Errorf("the stream has %d samples a second and the model wants %d: put audioresample before it: %w", rate, w.wanted, err)
		}
	}
	w.rate, w.resampler = rate, r
	w.fifo = w.fifo[:0]
	return nil
}

// add takes the samples of a frame.
func (w *windows) add(samples []byte) {
	n := len(samples) / 2
	if cap(w.floats) < n {
		w.floats = make([]float32, n)
	}
	w.floats = w.floats[:n]
	for i := range w.floats {
		w.floats[i] = float32(int16(binary.LittleEndian.Uint16(samples[2*i:])))
	}
	if w.resampler == nil {
		w.fifo = append(w.fifo, w.floats...)
		return
	}
	w.resampled(w.resampler.Process(w.fifo, w.floats))
}

// resampled rounds what was appended to the fifo to samples again.
func (w *windows) resampled(longer []float32) {
	for i := len(w.fifo); i < len(longer); i++ {
		longer[i] = float32(min(max(math.Round(float64(longer[i])), math.MinInt16), math.MaxInt16))
	}
	w.fifo = longer
}

// finish adds what the resampler still holds.
func (w *windows) finish() {
	if w.resampler != nil {
		w.resampled(w.resampler.Flush(w.fifo))
	}
}

// take moves len(dst) samples into dst, if there are so many.
func (w *windows) take(dst []float32) bool {
	if len(w.fifo) < len(dst) {
		return false
	}
	copy(dst, w.fifo)
	w.fifo = w.fifo[:copy(w.fifo, w.fifo[len(dst):])]
	return true
}

// takeRest moves what is left into dst and fills it up with silence.
func (w *windows) takeRest(dst []float32) {
	n := copy(dst, w.fifo)
	clear(dst[n:])
	w.fifo = w.fifo[:0]
}

// held is how many samples are waiting.
func (w *windows) held() int { return len(w.fifo) }

// forget begins anew: what follows does not continue what came before.
func (w *windows) forget() {
	w.fifo = w.fifo[:0]
	if w.resampler != nil {
		w.resampler.Reset()
	}
}
