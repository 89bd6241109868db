package pcm_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/eiengine/eiengine/frames/pcm"
)

// tone is a sine of full scale.
func tone(hz float64, rate, channels, n int) []float32 {
	out := make([]float32, n*channels)
	for i := range n {
		for c := range channels {
			// Each channel half as loud as the one before.
			out[i*channels+c] = float32(math.Sin(2*math.Pi*hz*float64(i)/float64(rate)) / float64(int(1)<<c))
		}
	}
	return out
}

func resample(t *testing.T, in []float32, from, to, channels, chunk int) []float32 {
	t.Helper()
	r, err := pcm.NewResampler[float32](from, to, channels, pcm.DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	for len(in) > 0 {
		n := min(chunk*channels, len(in))
		out = r.Process(out, in[:n])
		in = in[n:]
	}
	return r.Flush(out)
}

var rates = [][2]int{{44100, 16000}, {48000, 16000}, {16000, 48000}, {8000, 44100}, {44100, 48000}, {16000, 16001}, {48000, 47999}}

// A tone keeps its frequency, phase and level: it equals the same tone made at
// the other rate.
func TestResampledToneIsTheSameTone(t *testing.T) {
	for _, r := range rates {
		from, to := r[0], r[1]
		in := tone(1000, from, 1, from/4)
		got, want := resample(t, in, from, to, 1, 441), tone(1000, to, 1, to)
		if n := (from/4*to + from - 1) / from; len(got) != n {
			t.Errorf("%d to %d: %d samples, want %d", from, to, len(got), n)
		}
		edge := to / 50 // the tone starts and stops suddenly
		var worst float64
		for i := edge; i < len(got)-edge; i++ {
			worst = max(worst, math.Abs(float64(got[i]-want[i])))
		}
		if worst > 3e-4 {
			t.Errorf("%d to %d: off by %.2g (%.0f dB)", from, to, worst, pcm.Decibels(worst))
		}
	}
}

// Cutting the stream elsewhere changes nothing.
func TestResampleInChunks(t *testing.T) {
	in := tone(700, 44100, 2, 5000)
	want := resample(t, in, 44100, 16000, 2, 5000)
	for _, chunk := range []int{1, 7, 1024} {
		got := resample(t, in, 44100, 16000, 2, chunk)
		if len(got) != len(want) {
			t.Fatalf("chunks of %d: %d samples, want %d", chunk, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("chunks of %d: sample %d is %v, want %v", chunk, i, got[i], want[i])
			}
		}
	}
}

func TestResampleKeepsChannelsApart(t *testing.T) {
	out := resample(t, tone(500, 48000, 3, 9600), 48000, 16000, 3, 480)
	for c := range 3 {
		var one []float32
		for i := c + 300; i < len(out)-300; i += 3 {
			one = append(one, out[i])
		}
		if got, want := pcm.RMS(one), math.Sqrt2/2/float64(int(1)<<c); math.Abs(got-want) > 0.005 {
			t.Errorf("channel %d has level %.3f, want %.3f", c, got, want)
		}
	}
}

// A tone above the new Nyquist frequency must not come back as another.
func TestResampleSuppressesAliases(t *testing.T) {
	for hz := 8100.0; hz < 22000; hz += 700 {
		out := resample(t, tone(hz, 44100, 1, 22050), 44100, 16000, 1, 1000)
		if got := pcm.Decibels(pcm.RMS(out[400 : len(out)-400])); got > -70 {
			t.Errorf("%.0f Hz at 44.1 kHz is still there at 16 kHz with %.0f dB", hz, got)
		}
	}
	// Nor must the way up make images of a tone.
	out := resample(t, tone(3000, 8000, 1, 4000), 8000, 48000, 1, 1000)
	for i, v := range tone(3000, 48000, 1, len(out)) {
		out[i] -= v
	}
	if got := pcm.Decibels(pcm.RMS(out[1000 : len(out)-1000])); got > -70 {
		t.Errorf("images of a tone have %.0f dB", got)
	}
}

func TestResamplePassband(t *testing.T) {
	for _, hz := range []float64{50, 1000, 4000, 6500} {
		out := resample(t, tone(hz, 48000, 1, 24000), 48000, 16000, 1, 1000)
		if got := pcm.Decibels(pcm.RMS(out[800 : len(out)-800])); math.Abs(got+3.01) > 0.1 {
			t.Errorf("%.0f Hz has %.2f dB, want -3.01", hz, got)
		}
	}
}

func TestEqualRatesChangeNothing(t *testing.T) {
	in := tone(7900, 16000, 2, 100)
	out := resample(t, in, 16000, 16000, 2, 9)
	if len(out) != len(in) {
		t.Fatalf("%d samples, want %d", len(out), len(in))
	}
	for i := range in {
		if in[i] != out[i] {
			t.Fatalf("sample %d is %v, want %v", i, out[i], in[i])
		}
	}
}

func TestResamplerRefuses(t *testing.T) {
	for _, c := range [][3]int{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {1 << 30, 1, 1}} {
		if _, err := pcm.NewResampler[float32](c[0], c[1], c[2], pcm.DefaultFilter); err == nil {
			t.Errorf("%v was accepted", c)
		}
	}
}

func TestResamplerRefusesFilters(t *testing.T) {
	for _, f := range []pcm.Filter{{Method: -1}, {Method: pcm.Kaiser + 1}, {Quality: -1}, {Quality: 11}} {
		if _, err := pcm.NewResampler[float32](48000, 16000, 1, f); err == nil {
			t.Errorf("%+v was accepted", f)
		}
	}
}

// Short filters keep a constant, and a slow tone, as they are.
func TestResampleByShortFilters(t *testing.T) {
	for m, tolerance := range map[pcm.Method]float64{pcm.Nearest: 0.05, pcm.Linear: 0.003, pcm.Cubic: 0.005, pcm.BlackmanNuttall: 0.001} {
		for _, table := range []pcm.Table{pcm.TableFull, pcm.TableInterpolated} {
			for _, rate := range rates[:5] {
				f := pcm.Filter{Method: m, Quality: 4, Table: table}
				r, err := pcm.NewResampler[float32](rate[0], rate[1], 1, f)
				if err != nil {
					t.Fatal(err)
				}
				got := r.Flush(r.Process(nil, tone(50, rate[0], 1, rate[0]/4)))
				want := tone(50, rate[1], 1, len(got))
				for i := len(got) / 10; i < len(got)*9/10; i++ {
					if math.Abs(float64(got[i]-want[i])) > tolerance {
						t.Fatalf("method %d, table %d, %v: sample %d is %v, want %v", m, table, rate, i, got[i], want[i])
					}
				}
			}
		}
	}
}

func TestResampleAllocatesNothing(t *testing.T) {
	r, err := pcm.NewResampler[float32](44100, 16000, 1, pcm.DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	in, out := tone(440, 44100, 1, 441), make([]float32, 0, 1000)
	for range 10 {
		out = r.Process(out[:0], in)
	}
	if n := testing.AllocsPerRun(100, func() { out = r.Process(out[:0], in) }); n != 0 {
		t.Errorf("%v allocations a call, want 0", n)
	}
}

func BenchmarkResample(b *testing.B) {
	for _, rate := range [][2]int{{48000, 16000}, {44100, 16000}, {44100, 48000}, {16000, 48000}, {44101, 48000}} {
		for _, channels := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d to %d, %d channels", rate[0], rate[1], channels), func(b *testing.B) {
				r, err := pcm.NewResampler[float32](rate[0], rate[1], channels, pcm.DefaultFilter)
				if err != nil {
					b.Fatal(err)
				}
				in := tone(440, rate[0], channels, 1024)
				var out []float32
				for b.Loop() {
					out = r.Process(out[:0], in)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/sample")
			})
		}
	}
}

func BenchmarkNewResampler(b *testing.B) {
	for _, rate := range [][2]int{{48000, 16000}, {44100, 16000}, {48000, 44100}, {44101, 48000}} {
		b.Run(fmt.Sprintf("%d to %d", rate[0], rate[1]), func(b *testing.B) {
			for b.Loop() {
				if _, err := pcm.NewResampler[float32](rate[0], rate[1], 1, pcm.DefaultFilter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
