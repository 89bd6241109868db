package builtin

import (
	"context"
	"math"
	"math/cmplx"
	"reflect"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

func openNamed(t testing.TB, name string) backend.Model {
	t.Helper()
	m, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func ask(t testing.TB, m backend.Model) *backend.Result {
	t.Helper()
	r, err := m.Classify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestShapesClassInfo(t *testing.T) {
	info := openNamed(t, "shapes-class").Info()
	if info.Type != backend.Classification || info.Sensor != backend.SensorCamera || info.Resize != backend.ResizeSquash {
		t.Errorf("%+v", info)
	}
	if info.InputFeatures != 96*96 || info.ImageWidth != 96 || info.ImageHeight != 96 || info.ImageChannels != 3 {
		t.Errorf("%+v", info)
	}
	if want := slices.Sorted(slices.Values(append(scene.Labels(), scene.None))); !slices.Equal(info.Labels, want) {
		t.Errorf("labels %v, the scene has %v", info.Labels, want)
	}
	if len(shapesClassWeights) > 1<<20 {
		t.Errorf("the weights have %d bytes, want less than a megabyte", len(shapesClassWeights))
	}
}

func TestShapesClassAnswersWithADistribution(t *testing.T) {
	a, b := openNamed(t, "shapes-class"), openNamed(t, "shapes-class")
	s := scene.New(77, 320, 240, scene.Options{OneByOne: true})
	show(a, s, 0, resize.Area)
	show(b, s, 0, resize.Area)
	first := ask(t, a)
	sum := 0.0
	for i, c := range first.Classification {
		sum += c.Value
		if c.Label != a.Info().Labels[i] || c.Value < 0 || c.Value > 1 {
			t.Errorf("%+v", c)
		}
	}
	if sum < 0.9999 || sum > 1.0001 {
		t.Errorf("the values add up to %v", sum)
	}
	for _, r := range []*backend.Result{ask(t, b), ask(t, a)} {
		if !reflect.DeepEqual(first.Classification, r.Classification) {
			t.Fatalf("%v, then %v", first.Classification, r.Classification)
		}
	}
	if first.Boxes != nil || first.VisualAnomaly != nil {
		t.Errorf("%+v", first)
	}
	if err := a.SetThreshold(context.Background(), 1, nil); err == nil {
		t.Error("a threshold was set that there is not")
	}
}

func TestShapesClassAllocatesOnlyTheResult(t *testing.T) {
	m := openNamed(t, "shapes-class")
	show(m, scene.New(77, 320, 240, scene.Options{OneByOne: true}), 0, resize.Area)
	if got := testing.AllocsPerRun(10, func() { ask(t, m) }); got > 2 {
		t.Fatalf("%v allocations a request", got)
	}
}

// The same pictures are named by the network and by the directions of their edges:
// the network must be what works.
func TestNamesShapes(t *testing.T) {
	m := openNamed(t, "shapes-class")
	labels := m.Info().Labels
	counts, plain := learn.NewConfusion(len(labels)), learn.NewConfusion(len(labels))
	edges := newEdgeDirections(labels)
	for seed := range uint64(25) {
		s := scene.New(9_000_000+seed, 320, 240, scene.Options{OneByOne: true})
		for turn := range 8 {
			n := turn*scene.TurnFrames + 20
			truth := slices.Index(labels, s.Label(n))
			show(m, s, n, resize.Area)
			top, _ := ask(t, m).Top()
			counts[truth][slices.Index(labels, top.Label)]++
			plain[truth][edges.class(m.Input())]++
		}
	}
	t.Logf("accuracy %.3f, F1 %.3f; by the directions of edges %.3f, %.3f", counts.Accuracy(), counts.F1(), plain.Accuracy(), plain.F1())
	if a := counts.Accuracy(); a < 0.95 {
		t.Errorf("accuracy is %.3f, want at least 0.95:\n%s", a, counts.Table(labels))
	}
	if a := plain.Accuracy(); a > 0.8 || a < 0.3 {
		t.Errorf("by the directions of edges the accuracy is %.3f: want something to compare with, and room above it", a)
	}
}

// edgeDirections is what one would write without a network: how the edges of a
// picture are spread over directions, as the strengths of the waves in that, which
// turning leaves as they are. The edges of a square point four ways, those of a
// triangle three, those of a circle all. It takes the class whose mean is nearest,
// in deviations.
type edgeDirections struct{ mean, deviation [][waves]float64 }

const waves = 12

func newEdgeDirections(labels []string) *edgeDirections {
	e := &edgeDirections{make([][waves]float64, len(labels)), make([][waves]float64, len(labels))}
	counts := make([]float64, len(labels))
	small, input := make([]byte, 3*96*96), make([]float32, 96*96)
	rgb := make([]byte, 3*320*240)
	for seed := range uint64(25) {
		s := scene.New(1<<63+seed, 320, 240, scene.Options{OneByOne: true})
		for turn := range 8 {
			n := turn*scene.TurnFrames + 20
			s.Draw(n, rgb, 3*320)
			resize.Area(small, 96, 96, rgb, 320, 240)
			backend.PackRGB(input, small)
			class := slices.Index(labels, s.Label(n))
			counts[class]++
			for i, v := range directions(input) {
				e.mean[class][i] += v
				e.deviation[class][i] += v * v
			}
		}
	}
	for class, n := range counts {
		for i := range waves {
			e.mean[class][i] /= n
			m := e.mean[class][i]
			e.deviation[class][i] = math.Sqrt(e.deviation[class][i]/n-m*m) + 1e-3
		}
	}
	return e
}

// directions are the strengths of the first waves in the histogram of the edges'
// directions, each edge counted by the square of how steep it is.
func directions(input []float32) (out [waves]float64) {
	const side = 96
	gray := func(x, y int) float64 {
		r, g, b := backend.UnpackPixel(input[y*side+x])
		return 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)
	}
	var sums [waves]complex128
	total := 1e-9
	for y := 1; y < side-1; y++ {
		for x := 1; x < side-1; x++ {
			dx, dy := gray(x+1, y)-gray(x-1, y), gray(x, y+1)-gray(x, y-1)
			weight := dx*dx + dy*dy
			total += weight
			angle := math.Atan2(dy, dx)
			for k := range sums {
				sums[k] += cmplx.Rect(weight, float64(k+1)*angle)
			}
		}
	}
	for k, v := range sums {
		out[k] = cmplx.Abs(v) / total
	}
	return out
}

func (e *edgeDirections) class(input []float32) (best int) {
	waves, least := directions(input), math.Inf(1)
	for class := range e.mean {
		d := 0.0
		for i, v := range waves {
			z := (v - e.mean[class][i]) / e.deviation[class][i]
			d += z*z + 2*math.Log(e.deviation[class][i])
		}
		if d < least {
			best, least = class, d
		}
	}
	return best
}

func BenchmarkShapesClass(b *testing.B) {
	m := openNamed(b, "shapes-class")
	show(m, scene.New(77, 320, 240, scene.Options{OneByOne: true}), 0, resize.Area)
	b.ReportAllocs()
	for b.Loop() {
		ask(b, m)
	}
}
