package pixel

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// A frame of the model's size goes in pixel by pixel, whatever the mode.
func TestFeedOfTheModelsSizeIsExact(t *testing.T) {
	for _, mode := range []backend.ResizeMode{backend.ResizeSquash, backend.ResizeFitShortest, backend.ResizeFitLongest} {
		p := frames.NewPicture(frames.RGB, 7, 5)
		for y := range 5 {
			for i, row := 0, p.Row(0, y); i < len(row); i++ {
				row[i] = byte(31*y + 5*i)
			}
		}
		f := NewFeed(7, 5)
		in := make([]float32, 35)
		m, err := f.Fill(in, &p, mode)
		if err != nil || !m.IsIdentity() {
			t.Fatalf("%s: mapping %v, %v", mode, m, err)
		}
		for i, v := range in {
			row := p.Row(0, i/7)[3*(i%7):]
			if want := backend.PackPixel(row[0], row[1], row[2]); v != want {
				t.Fatalf("%s: value %d is %v, want %v", mode, i, v, want)
			}
		}
	}
}

// Whatever format the frame has, the model sees the same colours.
func TestFeedOfEveryFormat(t *testing.T) {
	rgb := frames.NewPicture(frames.RGB, 1280, 720) // BT.709 by its height
	Fill(&rgb, frames.Rect{W: 1280, H: 720}, Color{R: 200, G: 60, B: 30, A: 255})
	for _, format := range frames.PixelFormats() {
		p := frames.NewPicture(format, 1280, 720)
		if err := Convert(&p, &rgb); err != nil {
			t.Fatal(err)
		}
		f := NewFeed(96, 96)
		in := make([]float32, 96*96)
		if _, err := f.Fill(in, &p, backend.ResizeFitShortest); err != nil {
			t.Fatalf("%v: %v", format, err)
		}
		r, g, b := backend.UnpackPixel(in[96*48+48])
		wr, wg, wb := 200, 60, 30
		if format == frames.GRAY8 {
			wr, wg, wb = 98, 98, 98
		}
		if abs(int(r)-wr) > 3 || abs(int(g)-wg) > 3 || abs(int(b)-wb) > 3 {
			t.Errorf("%v: the model sees %d %d %d, want %d %d %d", format, r, g, b, wr, wg, wb)
		}
	}
}

func TestFeedFollowsSizeAndMode(t *testing.T) {
	f := NewFeed(20, 20)
	in := make([]float32, 400)
	for _, c := range []struct {
		w, h int
		mode backend.ResizeMode
		want frames.Rect
	}{
		{40, 20, backend.ResizeSquash, frames.Rect{W: 40, H: 20}},
		{40, 20, backend.ResizeFitShortest, frames.Rect{X: 10, W: 20, H: 20}},
		{20, 40, backend.ResizeFitLongest, frames.Rect{X: -10, W: 40, H: 40}},
		{1, 1, backend.ResizeFitShortest, frames.Rect{W: 1, H: 1}},
	} {
		p := frames.NewPicture(frames.NV12, c.w, c.h)
		m, err := f.Fill(in, &p, c.mode)
		if got := m.Rect(frames.Rect{W: 20, H: 20}); err != nil || got != c.want {
			t.Errorf("%dx%d %s: the input covers %v of the frame, want %v (%v)", c.w, c.h, c.mode, got, c.want, err)
		}
	}
}

// One bright pixel in a large frame is seen by the model, unless it is told to scale
// another way.
func TestFeedScalesByAreaUnlessToldOtherwise(t *testing.T) {
	p := frames.NewPicture(frames.GRAY8, 64, 64)
	p.Row(0, 0)[0] = 255
	in := make([]float32, 64)
	f := NewFeed(8, 8)
	for _, want := range []float32{backend.PackPixel(4, 4, 4), 0} {
		if _, err := f.Fill(in, &p, backend.ResizeSquash); err != nil || in[0] != want {
			t.Errorf("the first value is %v, want %v (%v)", in[0], want, err)
		}
		f.SetMethod(Nearest)
	}
}

func TestFeedDoesNotAllocate(t *testing.T) {
	for _, format := range []frames.PixelFormat{frames.RGB, frames.NV12, frames.BGRx} {
		f := NewFeed(96, 96)
		in := make([]float32, 96*96)
		p := frames.NewPicture(format, 640, 480)
		if n := testing.AllocsPerRun(20, func() {
			if _, err := f.Fill(in, &p, backend.ResizeFitShortest); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations a frame", format, n)
		}
	}
}

func abs(v int) int { return max(v, -v) }
