package pcm_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/frames/pcm/pcmtest"
)

// promises are what Kaiser's qualities are designed for: what is lost of the stop band,
// in decibels, and where the pass band ends and the stop band begins, in parts of the
// lower Nyquist frequency, on the way down and up.
var promises = []struct{ attenuation, passesDown, stopsDown, passesUp float64 }{
	{60, 0.130, 1.530, 0.160}, {65, 0.560, 1.140, 0.590}, {70, 0.737, 1.027, 0.765}, {80, 0.793, 1.003, 0.815},
	{85, 0.834, 1.008, 0.853}, {95, 0.845, 0.999, 0.863}, {100, 0.872, 1.008, 0.877}, {105, 0.895, 1.005, 0.895},
	{110, 0.915, 1.005, 0.915}, {115, 0.929, 1.007, 0.929}, {120, 0.9445, 1.0055, 0.9445},
}

func filterOf(quality int) pcm.Filter {
	f := pcm.DefaultFilter
	f.Quality = quality
	return f
}

// heard resamples tones.
func heard[T float32 | float64](t *testing.T, train pcmtest.Train, to int, f pcm.Filter) []pcmtest.Heard {
	t.Helper()
	out := through[T](t, train.Samples(), train.Rate, to, f)
	all := train.Heard(out, to)
	if len(all) != len(train.Hz) {
		t.Fatalf("%d tones of %d came out", len(all), len(train.Hz))
	}
	return all
}

// through resamples one channel.
func through[T float32 | float64](t *testing.T, samples []float64, from, to int, f pcm.Filter) []float64 {
	t.Helper()
	r, err := pcm.NewResampler[T](from, to, 1, f)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]T, len(samples))
	for i, v := range samples {
		in[i] = T(v)
	}
	out := r.Flush(r.Process(nil, in))
	wide := make([]float64, len(out))
	for i, v := range out {
		wide[i] = float64(v)
	}
	return wide
}

// passes checks that tones come through: at their level, in time, with nothing added
// but images, of which there are as many as the lower rate fits into the higher one.
func passes(t *testing.T, name string, all []pcmtest.Heard, ripple, rest float64) {
	t.Helper()
	for _, h := range all {
		if math.Abs(h.Gain-1) > ripple {
			t.Errorf("%s: %.0f Hz comes with %+.6f dB, want 0±%.6f", name, h.Hz, pcmtest.DB(h.Gain), pcmtest.DB(1+ripple))
		}
		if h.Rest > rest {
			t.Errorf("%s: %.0f Hz brings %.1f dB of other things, want at most %.1f", name, h.Hz, pcmtest.DB(h.Rest), pcmtest.DB(rest))
		}
		if angle := 2 * math.Pi * h.Hz * math.Abs(h.Delay); angle > ripple {
			t.Errorf("%s: %.0f Hz is %v s late", name, h.Hz, h.Delay)
		}
	}
}

// rounding is what the 24 bits of float32 may add: to samples, taps and sums.
const rounding = 4.0 / (1 << 24)

func TestResamplerKeepsItsPromises(t *testing.T) {
	for i, rates := range [][2]int{{48000, 16000}, {16000, 48000}, {44100, 16000}, {44100, 48000}} {
		if testing.Short() && i > 1 {
			break
		}
		from, to := rates[0], rates[1]
		low := float64(min(from, to)) / 2
		for q, p := range promises {
			if testing.Short() && q%5 > 0 {
				continue
			}
			name := fmt.Sprintf("%d to %d, quality %d", from, to, q)
			attenuation := p.attenuation
			if q < 2 {
				attenuation -= 6 // GStreamer's number of taps, rounded down, is too few
			}
			delta := math.Pow(10, -attenuation/20)
			pass, images := p.passesDown, 1.0
			if from < to {
				pass, images = p.passesUp, math.Ceil(float64(to)/float64(from))
			}
			tones := pcmtest.Steps(50, pass*low, 12)
			passes(t, name, heard[float32](t, pcmtest.Train{Rate: from, Hz: tones, Amplitude: 0.7}, to, filterOf(q)), delta+rounding, delta*images+rounding)
			if from < to {
				continue
			}
			tones = pcmtest.Steps(p.stopsDown*low, float64(from)/2-50, 12)
			for _, h := range heard[float32](t, pcmtest.Train{Rate: from, Hz: tones, Amplitude: 0.7}, to, filterOf(q)) {
				if h.Rest > delta+rounding {
					t.Errorf("%s: %.0f Hz is still there with %.1f dB, want at most %.1f", name, h.Hz, pcmtest.DB(h.Rest), -attenuation)
				}
			}
		}
	}
}

func interpolated(quality int) pcm.Filter {
	f := filterOf(quality)
	f.Table = pcm.TableInterpolated
	return f
}

// Interpolated tables, for rates without a common divisor, add less than the best
// quality lets through, and float64 has no floor of its own.
func TestResamplerTables(t *testing.T) {
	full, table, line := filterOf(10), interpolated(10), interpolated(10)
	full.Table = pcm.TableFull
	line.Between = pcm.LinearInterpolation
	tones := 8
	if testing.Short() {
		tones = 2
	}
	for _, c := range []struct {
		name     string
		from, to int
		filter   pcm.Filter
		db       float64
	}{
		{"interpolated, quality 4", 48000, 44100, interpolated(4), -85},
		{"full", 48000, 44100, full, -120},
		{"interpolated", 48000, 44100, table, -120},
		{"automatically interpolated", 48000, 44099, filterOf(10), -120},
		{"interpolated, quality 8", 48000, 44100, interpolated(8), -110},
		{"interpolated by lines", 48000, 44100, line, -95},
	} {
		if testing.Short() && c.filter.Quality > 4 {
			continue
		}
		train := pcmtest.Train{Rate: c.from, Hz: pcmtest.Steps(50, 18000, tones), Amplitude: 0.7}
		limit := math.Pow(10, c.db/20)
		passes(t, c.name, heard[float64](t, train, c.to, c.filter), limit, limit)
		passes(t, c.name+", float32", heard[float32](t, train, c.to, c.filter), limit+rounding, limit+rounding)
	}
}

// What a sweep leaves behind is as far down as the quality says, wherever it is.
func TestResamplerSweep(t *testing.T) {
	for _, q := range []int{4, 7, 10} {
		if testing.Short() && q > 4 {
			break
		}
		p := promises[q]
		sweep := pcmtest.Sweep{Rate: 48000, From: 100, To: 23900, Seconds: 4, Amplitude: 0.7}
		out := through[float32](t, sweep.Samples(), 48000, 16000, filterOf(q))
		got := pcmtest.DB(sweep.Aliases(out, 16000, p.passesDown*8000, p.stopsDown*8000))
		if got > -p.attenuation {
			t.Errorf("quality %d: aliases of %.1f dB, want at most %.0f", q, got, -p.attenuation)
		}
		t.Logf("quality %d: aliases of %.1f dB", q, got)
	}
}
