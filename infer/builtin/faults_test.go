package builtin

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// shrunk is frame n of a square fabric at the size of the model's input.
func shrunk(f *fabric.Fabric, n int) []byte {
	side, _ := f.Size()
	rgb := make([]byte, 3*side*side)
	f.Draw(n, rgb, 3*side)
	small := make([]byte, 3*faultsSide*faultsSide)
	resize.Area(small, faultsSide, faultsSide, rgb, side, side)
	return small
}

func TestFaultsInfo(t *testing.T) {
	info := openNamed(t, "faults").Info()
	if info.Type != backend.Classification || info.Anomaly != backend.AnomalyVisualGMM || !info.Anomaly.Visual() || len(info.Labels) != 0 {
		t.Errorf("%+v", info)
	}
	if info.InputFeatures != 160*160 || info.ImageWidth != 160 || info.ImageHeight != 160 || info.ImageChannels != 3 || info.Resize != backend.ResizeFitShortest {
		t.Errorf("%+v", info)
	}
	if v := info.Thresholds[0].Values["min_anomaly_score"]; v < 5 || v > 50 || info.Thresholds[0].Type != "anomaly_gmm" {
		t.Errorf("threshold %+v", info.Thresholds)
	}
	if len(faultsWeights) > 1<<20 {
		t.Errorf("the mixture has %d bytes, want less than a megabyte", len(faultsWeights))
	}
}

func TestFaultsGridFollowsTheThreshold(t *testing.T) {
	m, ctx := openNamed(t, "faults"), context.Background()
	backend.PackRGB(m.Input(), shrunk(fabric.New(5, 240, 240, fabric.Options{}), 0))
	if err := m.SetThreshold(ctx, 1, map[string]float64{"min_anomaly_score": 0}); err != nil {
		t.Fatal(err)
	}
	all := ask(t, m).VisualAnomaly
	if len(all.Grid) != 20*20 {
		t.Fatalf("%d cells, want all 400", len(all.Grid))
	}
	sum, values := 0.0, []float64{}
	for i, c := range all.Grid {
		if c.Label != "anomaly" || c.X != i%20*8 || c.Y != i/20*8 || c.Width != 8 || c.Height != 8 {
			t.Fatalf("cell %d: %+v", i, c)
		}
		sum += c.Value
		values = append(values, c.Value)
	}
	if math.Abs(all.Mean-sum/400) > 1e-9 || all.Max != slices.Max(values) {
		t.Errorf("mean %v, max %v of %v, %v", all.Mean, all.Max, sum/400, slices.Max(values))
	}
	slices.Sort(values)
	if err := m.SetThreshold(ctx, 1, map[string]float64{"min_anomaly_score": values[390]}); err != nil {
		t.Fatal(err)
	}
	r := ask(t, m)
	if v := r.VisualAnomaly; len(v.Grid) != 10 || v.Max != all.Max || v.Mean != all.Mean {
		t.Errorf("%d cells at or above the tenth highest, max %v, mean %v", len(v.Grid), v.Max, v.Mean)
	}
	if r.Anomaly == nil || *r.Anomaly != 0 || r.Classification != nil {
		t.Errorf("%+v", r)
	}
	if err := m.SetThreshold(ctx, 1, map[string]float64{"min_anomaly_score": 1e9}); err != nil {
		t.Fatal(err)
	}
	if v := ask(t, m).VisualAnomaly; v.Grid == nil || len(v.Grid) != 0 {
		t.Errorf("%#v, want an empty list", v.Grid)
	}
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		if err := m.SetThreshold(ctx, 1, map[string]float64{"min_anomaly_score": bad}); err == nil {
			t.Errorf("a threshold of %v was taken", bad)
		}
	}
}

func TestFaultsSamePictureSameAnswer(t *testing.T) {
	a, b := openNamed(t, "faults"), openNamed(t, "faults")
	small := shrunk(fabric.New(7, 240, 240, fabric.Options{}), 30)
	backend.PackRGB(a.Input(), small)
	backend.PackRGB(b.Input(), small)
	first := ask(t, a)
	for _, r := range []*backend.Result{ask(t, b), ask(t, a)} {
		if !reflect.DeepEqual(first.VisualAnomaly, r.VisualAnomaly) {
			t.Fatal("the same picture has two answers")
		}
	}
}

func TestFaultsOfAnyPicture(t *testing.T) {
	m := openNamed(t, "faults")
	for _, gray := range []uint8{0, 1, 255} {
		for i := range m.Input() {
			m.Input()[i] = backend.PackPixel(gray, gray, gray)
		}
		v := ask(t, m).VisualAnomaly
		if len(v.Grid) == 0 || v.Max-v.Max != 0 || v.Mean-v.Mean != 0 {
			t.Errorf("gray %d is no cloth: %d cells, max %v, mean %v", gray, len(v.Grid), v.Max, v.Mean)
		}
	}
}

func TestFaultsAllocateOnlyTheResult(t *testing.T) {
	m := openNamed(t, "faults")
	backend.PackRGB(m.Input(), shrunk(fabric.New(5, 240, 240, fabric.Options{}), 0))
	if got := testing.AllocsPerRun(5, func() { ask(t, m) }); got > 2 {
		t.Fatalf("%v allocations a request", got)
	}
}

// The same cloth, with and without its faults, is judged by the model and by the
// brightness and contrast of its cells: the filters and the mixture must be what
// works.
func TestFindsFaults(t *testing.T) {
	m := openNamed(t, "faults")
	plain := newPlainCells()
	var bad, good, plainBad, plainGood []float64
	alarms := 0
	for seed := range uint64(26) {
		faulty := fabric.New(9_000_000+seed, 240, 240, fabric.Options{})
		flawless := fabric.New(9_000_000+seed, 240, 240, fabric.Options{Flawless: true})
		for n := 0; n < 480; n += 60 {
			if truth := faulty.Truth(n); len(truth) != 1 || truth[0].Visible < 0.99 {
				continue
			}
			a, b := shrunk(faulty, n), shrunk(flawless, n)
			backend.PackRGB(m.Input(), a)
			bad = append(bad, ask(t, m).VisualAnomaly.Max)
			backend.PackRGB(m.Input(), b)
			r := ask(t, m).VisualAnomaly
			good = append(good, r.Max)
			if len(r.Grid) > 0 {
				alarms++
			}
			plainBad, plainGood = append(plainBad, plain.score(a)), append(plainGood, plain.score(b))
		}
	}
	area, plainArea := learn.AUROC(bad, good), learn.AUROC(plainBad, plainGood)
	t.Logf("AUROC %.3f of %d pairs, by brightness and contrast %.3f; %d false alarms", area, len(bad), plainArea, alarms)
	if area < 0.95 {
		t.Errorf("AUROC is %.3f, want at least 0.95", area)
	}
	if plainArea > 0.85 || plainArea < 0.5 {
		t.Errorf("by brightness and contrast the AUROC is %.3f: want something to compare with, and room above it", plainArea)
	}
	if alarms > len(good)/20 {
		t.Errorf("%d of %d good pictures alarm", alarms, len(good))
	}
}

// plainCells is what one would write without filters and a mixture: the brightness
// and contrast of each cell, over the picture's, and how many deviations they are
// from those of good cloth.
type plainCells struct{ mean, deviation [2]float64 }

func newPlainCells() *plainCells {
	p := &plainCells{}
	var sum, squares [2]float64
	n := 0.0
	for seed := range uint64(20) {
		f := fabric.New(1<<63+seed, 240, 240, fabric.Options{Flawless: true})
		for _, c := range cellsOf(shrunk(f, 100)) {
			for i, v := range c {
				sum[i] += v
				squares[i] += v * v
			}
			n++
		}
	}
	for i := range sum {
		p.mean[i] = sum[i] / n
		p.deviation[i] = math.Sqrt(squares[i]/n - p.mean[i]*p.mean[i])
	}
	return p
}

func (p *plainCells) score(rgb []byte) (highest float64) {
	for _, c := range cellsOf(rgb) {
		for i, v := range c {
			highest = max(highest, math.Abs(v-p.mean[i])/p.deviation[i])
		}
	}
	return highest
}

// cellsOf are brightness and contrast of squares of 16 pixels, over the picture's
// brightness.
func cellsOf(rgb []byte) (cells [][2]float64) {
	const side = 16
	total := 0.0
	for _, v := range rgb {
		total += float64(v)
	}
	total /= float64(len(rgb))
	for top := 0; top+side <= faultsSide; top += side {
		for left := 0; left+side <= faultsSide; left += side {
			sum, squares := 0.0, 0.0
			for y := top; y < top+side; y++ {
				for _, v := range rgb[3*(y*faultsSide+left) : 3*(y*faultsSide+left+side)] {
					sum += float64(v)
					squares += float64(v) * float64(v)
				}
			}
			n := float64(3 * side * side)
			mean := sum / n
			cells = append(cells, [2]float64{mean / total, math.Sqrt(squares/n-mean*mean) / total})
		}
	}
	return cells
}

func BenchmarkFaults(b *testing.B) {
	m := openNamed(b, "faults")
	backend.PackRGB(m.Input(), shrunk(fabric.New(5, 240, 240, fabric.Options{}), 0))
	b.ReportAllocs()
	for b.Loop() {
		ask(b, m)
	}
}
