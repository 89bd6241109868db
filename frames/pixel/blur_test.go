package pixel

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// blurred is what a sample of an area should be: the mean of those around it.
func blurred(row func(y int) []byte, step, x, y, x0, x1, y0, y1, across, down int) float64 {
	sum, n := 0.0, 0.0
	for v := max(y-down, y0); v <= min(y+down, y1-1); v++ {
		for u := max(x-across, x0); u <= min(x+across, x1-1); u++ {
			sum += float64(row(v)[u*step])
			n++
		}
	}
	return sum / n
}

// TestBlur: every sample is the mean of those around it, to within 1, and nothing
// outside of the area changes.
func TestBlur(t *testing.T) {
	d := newDice(3)
	for _, f := range frames.PixelFormats() {
		for _, radius := range []int{1, 2, 5, 40, 1 << 40} {
			w, h := 1+d.IntN(40), 1+d.IntN(40)
			p := d.picture(f, w, h)
			was, got := twice(p)
			r := frames.Rect{X: d.IntN(w) - 3, Y: d.IntN(h) - 3, W: 1 + d.IntN(w), H: 1 + d.IntN(h)}
			if err := Blur(&got, r, radius); err != nil {
				t.Fatal(err)
			}
			in, ok := clip(r, w, h)
			comps := []component{}
			if f.IsYUV() {
				all := yuvComponents[f]
				comps = all[:]
			} else {
				for i := range f.PixelStride() {
					comps = append(comps, component{step: f.PixelStride(), offset: i})
				}
			}
			for _, c := range comps {
				x0, x1, y0, y1 := covered(in, c.subX, c.subY)
				if !ok {
					x1, y1 = 0, 0
				}
				across, down := max(min(radius, 1000)>>c.subX, 1), max(min(radius, 1000)>>c.subY, 1)
				before := func(y int) []byte { return c.row(&was, y<<c.subY) }
				for y := range (h + 1<<c.subY - 1) >> c.subY {
					for x := range (w + 1<<c.subX - 1) >> c.subX {
						value := float64(c.row(&got, y<<c.subY)[x*c.step])
						want := float64(before(y)[x*c.step])
						if x >= x0 && x < x1 && y >= y0 && y < y1 {
							want = blurred(before, c.step, x, y, x0, x1, y0, y1, across, down)
						}
						if value < want-1 || value > want+1 {
							t.Fatalf("%v %dx%d, %v by %d: sample %d,%d is %v, want %v", f, w, h, in, radius, x, y, value, want)
						}
					}
				}
			}
		}
	}
}

func TestBlurAllocatesNothing(t *testing.T) {
	p := frames.NewPicture(frames.NV12, 64, 48)
	var b Blurrer
	if n := testing.AllocsPerRun(20, func() { _ = b.Blur(&p, frames.Rect{X: 3, Y: 5, W: 40, H: 30}, 9) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestBlurRefusesShortPlanes(t *testing.T) {
	p := frames.NewPicture(frames.RGB, 8, 8)
	p.Data[0] = p.Data[0][:20]
	if Blur(&p, frames.Rect{W: 8, H: 8}, 3) == nil {
		t.Error("took a picture whose plane is too short")
	}
}

// BenchmarkBlur is a face, blurred beyond recognition.
func BenchmarkBlur(b *testing.B) {
	for _, f := range []frames.PixelFormat{frames.I420, frames.RGB} {
		b.Run(f.String(), func(b *testing.B) {
			p := frames.NewPicture(f, 1280, 720)
			var blur Blurrer
			for b.Loop() {
				_ = blur.Blur(&p, frames.Rect{X: 100, Y: 100, W: 400, H: 400}, 30)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/160000, "ns/px")
		})
	}
}

// TestMeans: the means of areas of any size are rounded as they should be.
func TestMeans(t *testing.T) {
	for n := uint64(1); n < 1<<30; n = n*3/2 + 1 {
		by := divideBy(n)
		for v := range uint64(256) {
			for _, sum := range []uint64{v * n, min(v*n+(n-1)/2, 255*n), v*n - min(v*n, n/2)} {
				if got, want := by.mean(sum), byte((sum+n/2)/n); got != want && n < 1<<15 || int(got)-int(want) > 1 || int(want)-int(got) > 1 {
					t.Fatalf("%d by %d is %d, want %d", sum, n, got, want)
				}
			}
		}
	}
}
