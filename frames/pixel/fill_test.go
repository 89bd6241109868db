package pixel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestFillInEveryFormat(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		p := guarded(rand.New(rand.NewPCG(1, 1)), f, 9, 7, 5)
		before := guarded(rand.New(rand.NewPCG(1, 1)), f, 9, 7, 5)
		r := frames.Rect{X: 2, Y: 2, W: 4, H: 2}
		pixel.Fill(&p, r, pixel.Color{R: 51, G: 102, B: 153, A: 255})
		checkGuards(t, &p)
		rgb := frames.NewPicture(frames.RGB, 9, 7)
		if err := pixel.Convert(&rgb, &p); err != nil {
			t.Fatal(err)
		}
		want := [3]float64{51, 102, 153}
		if f == frames.GRAY8 {
			want = [3]float64{93, 93, 93}
		}
		for y := range 7 {
			for x := range 9 {
				inside := x >= 2 && x < 6 && y >= 2 && y < 4
				for c := range 3 {
					if inside && math.Abs(float64(*at(&rgb, x, y, c))-want[c]) > 3 {
						t.Errorf("%v: at %d,%d channel %d is %d, want %v", f, x, y, c, *at(&rgb, x, y, c), want[c])
					}
				}
				for c := range channels(f) {
					if !inside && *at(&p, x, y, c) != *at(&before, x, y, c) {
						t.Errorf("%v: at %d,%d outside the area changed", f, x, y)
					}
				}
			}
		}
	}
}

func TestFillClips(t *testing.T) {
	for _, r := range []frames.Rect{
		{X: -5, Y: -5, W: 100, H: 100}, {X: math.MinInt, Y: 0, W: math.MaxInt, H: 3}, {X: 3, Y: 3, W: math.MaxInt, H: math.MaxInt},
		{X: 9, Y: 0, W: 1, H: 1}, {X: 0, Y: 0, W: -4, H: 5}, {X: math.MaxInt, Y: math.MaxInt, W: 9, H: 9},
	} {
		for _, f := range frames.PixelFormats() {
			p := guarded(rand.New(rand.NewPCG(1, 1)), f, 9, 7, 5)
			pixel.Fill(&p, r, pixel.Black)
			pixel.FillBorders(&p, r)
			checkGuards(t, &p)
		}
	}
}

func TestFillBorders(t *testing.T) {
	p := solid(frames.RGBA, 8, 6, frames.Colorimetry{}, 9, 9, 9, 9)
	pixel.FillBorders(&p, frames.Rect{X: 2, Y: 1, W: 3, H: 4})
	for y := range 6 {
		for x := range 8 {
			inside := x >= 2 && x < 5 && y >= 1 && y < 5
			want := [2]byte{0, 255}
			if inside {
				want = [2]byte{9, 9}
			}
			if got := [2]byte{*at(&p, x, y, 0), *at(&p, x, y, 3)}; got != want {
				t.Errorf("at %d,%d colour and alpha are %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestPackFeatures(t *testing.T) {
	rgb := guarded(rand.New(rand.NewPCG(3, 1)), frames.RGB, 7, 5, 4)
	gray := guarded(rand.New(rand.NewPCG(3, 1)), frames.GRAY8, 7, 5, 4)
	a, b := make([]float32, 35), make([]float32, 35)
	if err := pixel.PackFeatures(a, &rgb); err != nil {
		t.Fatal(err)
	}
	if err := pixel.PackFeatures(b, &gray); err != nil {
		t.Fatal(err)
	}
	for i := range a {
		x, y := i%7, i/7
		if want := backend.PackPixel(*at(&rgb, x, y, 0), *at(&rgb, x, y, 1), *at(&rgb, x, y, 2)); a[i] != want {
			t.Errorf("RGB pixel %d is %v, want %v", i, a[i], want)
		}
		g := *at(&gray, x, y, 0)
		if want := backend.PackPixel(g, g, g); b[i] != want {
			t.Errorf("gray pixel %d is %v, want %v", i, b[i], want)
		}
	}
	if err := pixel.PackFeatures(a[:34], &rgb); err == nil {
		t.Error("a picture of another size was accepted")
	}
	bgr := frames.NewPicture(frames.BGR, 7, 5)
	if err := pixel.PackFeatures(a, &bgr); err == nil {
		t.Error("BGR was accepted")
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		sw, sh, dw, dh int
		mode           backend.ResizeMode
		crop, place    frames.Rect
	}{
		{640, 480, 96, 96, backend.ResizeSquash, frames.Rect{W: 640, H: 480}, frames.Rect{W: 96, H: 96}},
		{640, 480, 96, 96, backend.ResizeUnset, frames.Rect{W: 640, H: 480}, frames.Rect{W: 96, H: 96}},
		{640, 480, 96, 96, backend.ResizeFitShortest, frames.Rect{X: 80, W: 480, H: 480}, frames.Rect{W: 96, H: 96}},
		{640, 480, 96, 96, backend.ResizeFitLongest, frames.Rect{W: 640, H: 480}, frames.Rect{Y: 12, W: 96, H: 72}},
		{480, 640, 160, 120, backend.ResizeFitShortest, frames.Rect{Y: 140, W: 480, H: 360}, frames.Rect{W: 160, H: 120}},
		// The target is wider than the source, though the source is landscape.
		{640, 480, 320, 160, backend.ResizeFitShortest, frames.Rect{Y: 80, W: 640, H: 320}, frames.Rect{W: 320, H: 160}},
		{1920, 1080, 320, 320, backend.ResizeFitLongest, frames.Rect{W: 1920, H: 1080}, frames.Rect{Y: 70, W: 320, H: 180}},
		{10000, 1, 32, 32, backend.ResizeFitLongest, frames.Rect{W: 10000, H: 1}, frames.Rect{Y: 15, W: 32, H: 1}},
		{96, 96, 96, 96, backend.ResizeFitShortest, frames.Rect{W: 96, H: 96}, frames.Rect{W: 96, H: 96}},
	} {
		crop, place := pixel.Fit(c.sw, c.sh, c.dw, c.dh, c.mode)
		if crop != c.crop || place != c.place {
			t.Errorf("%dx%d into %dx%d by %q: crop %v place %v, want %v and %v",
				c.sw, c.sh, c.dw, c.dh, c.mode, crop, place, c.crop, c.place)
		}
	}
}
