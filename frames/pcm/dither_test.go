package pcm_test

import (
	"math"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

// A level between two codes stays that level on the mean, and noise is as wide as
// its kind says.
func TestDitherKeepsTheMean(t *testing.T) {
	const level = 0.3 / 32768
	for m, widest := range map[pcm.DitherMethod]float64{pcm.NoDither: 0, pcm.Rectangular: 0.5, pcm.Triangular: 1, pcm.TriangularHF: 1} {
		samples := make([]float64, 100000)
		for i := range samples {
			samples[i] = level
		}
		var d pcm.Dither[float64]
		d.Add(samples, 2, frames.S16LE, m)
		var most float64
		for _, v := range samples {
			most = max(most, math.Abs(v-level)*32768)
		}
		if most > widest || most < 0.95*widest {
			t.Errorf("method %d: noise of up to %.3f steps, want %.1f", m, most, widest)
		}
		codes := make([]byte, 2*len(samples))
		if _, err := pcm.Encode(codes, samples, frames.S16LE); err != nil {
			t.Fatal(err)
		}
		back := make([]float64, len(samples))
		if _, err := pcm.Decode(back, codes, frames.S16LE); err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, v := range back {
			sum += v * 32768
		}
		mean, want := sum/float64(len(back)), 0.3
		if m == pcm.NoDither {
			want = 0
		}
		if math.Abs(mean-want) > 0.01 {
			t.Errorf("method %d: the mean is %.4f steps, want %.1f", m, mean, want)
		}
	}
}

func TestDitherLeavesFloats(t *testing.T) {
	samples := []float64{0.1, 0.2}
	var d pcm.Dither[float64]
	d.Add(samples, 1, frames.F32LE, pcm.Triangular)
	if samples[0] != 0.1 || samples[1] != 0.2 {
		t.Errorf("got %v", samples)
	}
}
