package pcmtest_test

import (
	"math"
	"testing"

	"github.com/eiengine/eiengine/frames/pcm/pcmtest"
)

// Every third sample is 48 kHz at 16 kHz without a filter.
func third(in []float64) []float64 {
	var out []float64
	for i := 0; i < len(in); i += 3 {
		out = append(out, in[i])
	}
	return out
}

func TestTrain(t *testing.T) {
	train := pcmtest.Train{Rate: 48000, Hz: []float64{100, 3000, 15000}, Amplitude: 0.5}
	late := append(make([]float64, 3), train.Samples()...) // by 1/16000 s
	for _, h := range train.Heard(third(late), 16000) {
		if h.Hz > 8000 {
			if h.Gain != 0 || math.Abs(h.Rest-1) > 0.01 {
				t.Errorf("a tone that came back as another: %+v", h)
			}
			continue
		}
		if math.Abs(h.Gain-1) > 1e-9 || h.Rest > 1e-9 || math.Abs(h.Delay-1.0/16000) > 1e-9 {
			t.Errorf("a tone that nothing happened to but being late: %+v", h)
		}
	}
}

func TestSweep(t *testing.T) {
	sweep := pcmtest.Sweep{Rate: 48000, From: 100, To: 23000, Seconds: 3, Amplitude: 0.5}
	in := sweep.Samples()
	if got := pcmtest.DB(sweep.Aliases(in, 48000, 24000, 24000)); got > -140 {
		t.Errorf("a sweep alone has aliases of %.1f dB", got)
	}
	if got := pcmtest.DB(sweep.Aliases(third(in), 16000, 7000, 9000)); math.Abs(got) > 1 {
		t.Errorf("without a filter the aliases have %.1f dB, want 0", got)
	}
}
