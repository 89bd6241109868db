package builtin

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

// record is the beginning of a soundscape as a microphone of 16 bits gives it.
func record(seed uint64, seconds int) (*soundscape.Soundscape, []float32) {
	s := soundscape.New(seed, mfe.Rate)
	samples := make([]float32, seconds*mfe.Rate)
	s.Read(samples)
	for i, v := range samples {
		samples[i] = float32(math.Trunc(float64(v) * math.MaxInt16))
	}
	return s, samples
}

func TestSoundsInfo(t *testing.T) {
	info := openNamed(t, "sounds").Info()
	if info.Type != backend.Classification || !info.IsAudio() || info.IsImage() || !info.Continuous {
		t.Errorf("%+v", info)
	}
	if info.InputFeatures != 16000 || info.SliceSize != 4000 || info.Frequency != 16000 || info.AxisCount != 1 || info.Window().Seconds() != 1 {
		t.Errorf("%+v", info)
	}
	if !slices.Equal(info.Labels, soundscape.Labels()) {
		t.Errorf("labels %v, the soundscape has %v", info.Labels, soundscape.Labels())
	}
	if len(soundsWeights) > 1<<20 {
		t.Errorf("the weights have %d bytes, want less than a megabyte", len(soundsWeights))
	}
}

// slide feeds one slice.
func slide(t testing.TB, m backend.Model, slice []float32) *backend.Result {
	t.Helper()
	copy(m.Input(), slice)
	r, err := m.ClassifyContinuous(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The answer to each slice must be, to the last bit, that to the window which
// ends with it; before there is a whole window it is zeros, as a .eim gives.
func TestContinuousIsTheWindow(t *testing.T) {
	sliding, whole := openNamed(t, "sounds"), openNamed(t, "sounds")
	_, samples := record(12, 6)
	for end := 4000; end <= len(samples); end += 4000 {
		r := slide(t, sliding, samples[end-4000:end])
		if end < 16000 {
			for i, s := range r.Classification {
				if s.Value != 0 || s.Label != sliding.Info().Labels[i] {
					t.Fatalf("before the first window: %+v", s)
				}
			}
			continue
		}
		copy(whole.Input(), samples[end-16000:end])
		if want := ask(t, whole); !reflect.DeepEqual(r.Classification, want.Classification) {
			t.Fatalf("the slice up to %d: %v, the window %v", end, r.Classification, want.Classification)
		}
		// A whole window in between leaves the signal as it is.
		copy(sliding.Input(), samples[:16000])
		ask(t, sliding)
	}
}

func TestSoundsClosedAndCancelled(t *testing.T) {
	m := openNamed(t, "sounds")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.ClassifyContinuous(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	m.Close()
	if _, err := m.ClassifyContinuous(context.Background()); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if _, err := m.Classify(context.Background()); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestSoundsAllocateOnlyTheResult(t *testing.T) {
	m := openNamed(t, "sounds")
	_, samples := record(3, 1)
	copy(m.Input(), samples)
	if got := testing.AllocsPerRun(10, func() { ask(t, m) }); got > 2 {
		t.Errorf("%v allocations a window", got)
	}
	if got := testing.AllocsPerRun(10, func() { slide(t, m, samples[:4000]) }); got > 2 {
		t.Errorf("%v allocations a slice", got)
	}
}

func TestSilenceIsNoSound(t *testing.T) {
	if top, _ := ask(t, openNamed(t, "sounds")).Top(); top.Label != soundscape.Noise {
		t.Errorf("silence is %+v", top)
	}
}

// The same sound is judged by the network and by its spectrum alone: the network
// must be what works.
func TestHearsSounds(t *testing.T) {
	m := openNamed(t, "sounds")
	labels := m.Info().Labels
	counts, plain := learn.NewConfusion(len(labels)), learn.NewConfusion(len(labels))
	nearest := newSpectra(labels)
	for seed := range uint64(16) {
		s, samples := record(9_000_000+seed, 15)
		for end := 4000; end <= len(samples); end += 4000 {
			r := slide(t, m, samples[end-4000:end])
			label, clear := s.Label(end-16000, end)
			if end < 16000 || !clear {
				continue
			}
			truth := slices.Index(labels, label)
			top, _ := r.Top()
			counts[truth][slices.Index(labels, top.Label)]++
			plain[truth][nearest.class(samples[end-16000:end])]++
		}
		m.Close()
		m = openNamed(t, "sounds") // another signal
	}
	t.Logf("accuracy %.3f, F1 %.3f; by the spectrum %.3f, %.3f", counts.Accuracy(), counts.F1(), plain.Accuracy(), plain.F1())
	if a := counts.Accuracy(); a < 0.96 {
		t.Errorf("accuracy is %.3f, want at least 0.96:\n%s", a, counts.Table(labels))
	}
	if a := plain.Accuracy(); a > 0.85 || a < 0.3 {
		t.Errorf("by the spectrum the accuracy is %.3f: want something to compare with, and room above it", a)
	}
}

// spectra is what one would write without a network: it takes the mean and the
// deviation of each filter over the window, less the mean of all, and looks which
// class's that is most likely, as if all were independent.
type spectra struct {
	extract         *mfe.Extractor
	planes          []float32
	mean, deviation [][2 * mfe.Filters]float64
}

func newSpectra(labels []string) *spectra {
	b := &spectra{
		extract: mfe.NewExtractor(), planes: make([]float32, mfe.Filters*windowFrames),
		mean: make([][2 * mfe.Filters]float64, len(labels)), deviation: make([][2 * mfe.Filters]float64, len(labels)),
	}
	counts := make([]float64, len(labels))
	for seed := range uint64(25) {
		s, samples := record(1<<63+seed, 15)
		for from := 0; from+16000 <= len(samples); from += 8000 {
			label, clear := s.Label(from, from+16000)
			if !clear {
				continue
			}
			class := slices.Index(labels, label)
			counts[class]++
			for i, v := range b.spectrum(samples[from : from+16000]) {
				b.mean[class][i] += v
				b.deviation[class][i] += v * v
			}
		}
	}
	for class, n := range counts {
		for i := range b.mean[class] {
			b.mean[class][i] /= n
			m := b.mean[class][i]
			b.deviation[class][i] = math.Sqrt(b.deviation[class][i]/n-m*m) + 1e-3
		}
	}
	return b
}

func (b *spectra) spectrum(samples []float32) (out [2 * mfe.Filters]float64) {
	b.extract.Fill(b.planes, windowFrames, 0, samples)
	all := 0.0
	for i := range mfe.Filters {
		sum, squares := 0.0, 0.0
		for _, v := range b.planes[i*windowFrames : (i+1)*windowFrames] {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		mean := sum / windowFrames
		out[i], out[mfe.Filters+i] = mean, math.Sqrt(max(squares/windowFrames-mean*mean, 0))
		all += mean / mfe.Filters
	}
	for i := range mfe.Filters {
		out[i] -= all
	}
	return out
}

func (b *spectra) class(samples []float32) (best int) {
	spectrum, least := b.spectrum(samples), math.Inf(1)
	for class := range b.mean {
		d := 0.0
		for i, v := range spectrum {
			z := (v - b.mean[class][i]) / b.deviation[class][i]
			d += z*z + 2*math.Log(b.deviation[class][i])
		}
		if d < least {
			best, least = class, d
		}
	}
	return best
}

func BenchmarkSoundsSlice(b *testing.B) {
	m := openNamed(b, "sounds")
	_, samples := record(3, 1)
	b.ReportAllocs()
	for b.Loop() {
		slide(b, m, samples[:4000])
	}
}
