package raster_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/overlay/raster"
)

var (
	red   = pixel.Color{R: 255, A: 255}
	white = pixel.Color{R: 255, G: 255, B: 255, A: 255}
)

func face(t testing.TB, px int, bold bool) *raster.Face {
	t.Helper()
	f, err := raster.NewFace(px, bold)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// picture draws with f on a small gray picture and shows it in letters: '.' for
// untouched, '#' for the ink, '+' for between.
func picture(t *testing.T, w, h int, draw func(p *frames.Picture) error) string {
	t.Helper()
	p := frames.NewPicture(frames.GRAY8, w, h)
	if err := draw(&p); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for y := range h {
		for _, v := range p.Row(0, y) {
			switch v {
			case 0:
				b.WriteByte('.')
			case 255:
				b.WriteByte('#')
			default:
				b.WriteByte('+')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }

func TestOutline(t *testing.T) {
	for name, c := range map[string]struct {
		r      frames.Rect
		stroke int
		want   string
	}{
		"thin":     {frames.Rect{X: 1, Y: 1, W: 5, H: 3}, 1, lines("........", ".#####..", ".#...#..", ".#####..", "........")},
		"thick":    {frames.Rect{X: 0, Y: 0, W: 8, H: 5}, 2, lines("########", "########", "##....##", "########", "########")},
		"filled":   {frames.Rect{X: 1, Y: 1, W: 4, H: 3}, 9, lines("........", ".####...", ".####...", ".####...", "........")},
		"off left": {frames.Rect{X: -3, Y: 1, W: 6, H: 9}, 1, lines("........", "###.....", "..#.....", "..#.....", "..#.....")},
		"none":     {frames.Rect{X: 1, Y: 1, W: 4, H: 3}, 0, lines("........", "........", "........", "........", "........")},
		"beyond":   {frames.Rect{X: math.MinInt, Y: math.MinInt, W: math.MaxInt, H: 9}, 3, lines("........", "........", "........", "........", "........")},
		"around":   {frames.Rect{X: -1000, Y: -1000, W: math.MaxInt, H: math.MaxInt}, 3, lines("........", "........", "........", "........", "........")},
		"one row":  {frames.Rect{X: 2, Y: 2, W: 3, H: 1}, 2, lines("........", "........", "..###...", "........", "........")},
	} {
		got := picture(t, 8, 5, func(p *frames.Picture) error { return raster.Outline(p, c.r, c.stroke, white) })
		if got != c.want {
			t.Errorf("%s:\n%swant\n%s", name, got, c.want)
		}
	}
}

// Half-transparent ink is the same everywhere, corners too.
func TestOutlineBlendsOnce(t *testing.T) {
	p := frames.NewPicture(frames.GRAY8, 9, 9)
	half := white
	half.A = 128
	if err := raster.Outline(&p, frames.Rect{X: 1, Y: 1, W: 7, H: 7}, 2, half); err != nil {
		t.Fatal(err)
	}
	for y := range 9 {
		for x, v := range p.Row(0, y) {
			if v != 0 && v != 128 {
				t.Errorf("at %d,%d: %d, want 0 or 128", x, y, v)
			}
		}
	}
}

func TestEveryFormat(t *testing.T) {
	f := face(t, 14, false)
	for _, format := range frames.PixelFormats() {
		p := frames.NewPicture(format, 40, 30)
		err := raster.FillRect(&p, frames.Rect{W: 40, H: 30}, pixel.Color{B: 255, A: 255})
		if !raster.Supports(format) {
			if err == nil || !strings.Contains(err.Error(), format.String()) {
				t.Errorf("%v: error %v, want one that names it", format, err)
			}
			if err := raster.DrawText(&p, 0, 0, "x", f, red); err == nil {
				t.Errorf("%v: text was accepted", format)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		half := red
		half.A = 128
		if err := raster.FillRect(&p, frames.Rect{X: 10, Y: 10, W: 5, H: 5}, half); err != nil {
			t.Fatal(err)
		}
		rgba := frames.NewPicture(frames.RGBA, 40, 30)
		if err := pixel.Convert(&rgba, &p); err != nil {
			t.Fatal(err)
		}
		blue, mixed := []byte{0, 0, 255, 255}, []byte{128, 0, 127, 255}
		if format == frames.GRAY8 {
			blue, mixed = []byte{29, 29, 29, 255}, []byte{53, 53, 53, 255}
		}
		if got := rgba.Row(0, 5)[4*5 : 4*6]; !bytes.Equal(got, blue) {
			t.Errorf("%v: fill is %v, want %v", format, got, blue)
		}
		if got := rgba.Row(0, 12)[4*12 : 4*13]; !bytes.Equal(got, mixed) {
			t.Errorf("%v: blend is %v, want %v", format, got, mixed)
		}
	}
}

// On a transparent picture ink keeps its colour: it is not mixed with what cannot
// be seen.
func TestOverTransparency(t *testing.T) {
	p := frames.NewPicture(frames.RGBA, 4, 4)
	half := red
	half.A = 128
	if err := raster.FillRect(&p, frames.Rect{W: 4, H: 4}, half); err != nil {
		t.Fatal(err)
	}
	if got := p.Row(0, 1)[:4]; !bytes.Equal(got, []byte{255, 0, 0, 128}) {
		t.Errorf("got %v, want red at half", got)
	}
}

func TestTextStaysInItsMeasure(t *testing.T) {
	for _, px := range []int{5, 9, 14, 33} {
		for _, text := range []string{"Ågjpq|_ 95.0%", "日本語", "a\tb\nc", "\xff\xfe broken", "e\u0301\u200d"} {
			f := face(t, px, px > 10)
			w, h := f.Measure(text)
			p := frames.NewPicture(frames.GRAY8, w+20, h+20)
			if err := raster.DrawText(&p, 10, 10, text, f, white); err != nil {
				t.Fatal(err)
			}
			var ink int
			for y := range p.Height {
				for x, v := range p.Row(0, y) {
					if v == 0 {
						continue
					}
					ink++
					// A glyph may stand out a little, as g and j do to the left.
					if y < 10 || y >= 10+h || x < 9 || x > 10+w {
						t.Fatalf("%q at %d px: ink at %d,%d, measured %dx%d at 10,10", text, px, x, y, w, h)
					}
				}
			}
			if ink == 0 {
				t.Errorf("%q at %d px: nothing was drawn", text, px)
			}
		}
	}
}

func TestTextIsClippedNotMoved(t *testing.T) {
	f := face(t, 20, false)
	whole := frames.NewPicture(frames.RGB, 120, 60)
	if err := raster.DrawText(&whole, 20, 20, "Clipping", f, white); err != nil {
		t.Fatal(err)
	}
	for _, r := range []frames.Rect{{X: 30, Y: 26, W: 40, H: 30}, {X: 0, Y: 0, W: 33, H: 31}, {X: 77, Y: 25, W: 43, H: 8}} {
		part := frames.NewPicture(frames.RGB, r.W, r.H)
		if err := raster.DrawText(&part, 20-r.X, 20-r.Y, "Clipping", f, white); err != nil {
			t.Fatal(err)
		}
		crop := whole.Crop(r)
		for y := range r.H {
			if !bytes.Equal(part.Row(0, y), crop.Row(0, y)) {
				t.Fatalf("%v: row %d differs", r, y)
			}
		}
	}
}

func TestSameLabelAllocatesNothing(t *testing.T) {
	f, p := face(t, 14, true), frames.NewPicture(frames.RGB, 200, 40)
	draw := func() {
		if _, err := raster.Label(&p, 3, 3, "person 95.0% ✗", f, 3, white, red); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	if n := testing.AllocsPerRun(50, draw); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func TestRefuses(t *testing.T) {
	for _, px := range []int{0, -3, raster.MaxSize + 1} {
		if _, err := raster.NewFace(px, false); err == nil {
			t.Errorf("a font of %d px was made", px)
		}
	}
	short := frames.NewPicture(frames.RGB, 10, 10)
	short.Data[0] = short.Data[0][:99]
	if err := raster.FillRect(&short, frames.Rect{W: 1, H: 1}, red); err == nil {
		t.Error("a short picture was accepted")
	}
	if err := raster.FillRect(&frames.Picture{Format: frames.RGB}, frames.Rect{W: 1, H: 1}, red); err == nil {
		t.Error("an empty picture was accepted")
	}
}

func FuzzDraw(f *testing.F) {
	f.Add(-5, 3, 20, 30, 2, "label é", uint8(14), uint8(0))
	f.Add(math.MinInt, math.MaxInt, math.MaxInt, math.MinInt, math.MaxInt, "\xff\u0301日", uint8(3), uint8(9))
	f.Fuzz(func(t *testing.T, x, y, w, h, stroke int, text string, px, format uint8) {
		all := frames.PixelFormats()
		p := frames.NewPicture(all[int(format)%len(all)], 37, 23)
		if !raster.Supports(p.Format) {
			return
		}
		font, c := face(t, int(px)%60+1, px&1 == 1), pixel.Color{R: px, G: 9, B: 200, A: format}
		r := frames.Rect{X: x, Y: y, W: w, H: h}
		if err := raster.Outline(&p, r, stroke, c); err != nil {
			t.Fatal(err)
		}
		if err := raster.FillRect(&p, r, c); err != nil {
			t.Fatal(err)
		}
		if err := raster.DrawText(&p, x, y, text, font, c); err != nil {
			t.Fatal(err)
		}
		if _, err := raster.Label(&p, x, y, text, font, stroke, c, red); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkLabel(b *testing.B) {
	f, p := face(b, 14, false), frames.NewPicture(frames.RGB, 640, 480)
	background := red
	background.A = 178
	for b.Loop() {
		if _, err := raster.Label(&p, 30, 30, "person 95.0%", f, 4, white, background); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOutline(b *testing.B) {
	p := frames.NewPicture(frames.RGB, 640, 480)
	for b.Loop() {
		if err := raster.Outline(&p, frames.Rect{X: 100, Y: 100, W: 200, H: 200}, 2, red); err != nil {
			b.Fatal(err)
		}
	}
}
