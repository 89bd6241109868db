package testpattern

import (
	"bytes"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
)

func newPainter(t testing.TB, f frames.PixelFormat, w, h int, o Options) *Painter {
	t.Helper()
	p, err := New(frames.VideoInfo{Format: f, Width: w, Height: h}, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every pattern has a meaning at every size and in every format.
func TestSmallPictures(t *testing.T) {
	for pattern := range patterns {
		for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {3, 5}, {7, 50}, {50, 7}, {1, 601}, {3, 601}} {
			for _, f := range frames.PixelFormats() {
				o := Options{Pattern: pattern, Foreground: ^uint32(0), KX2: 20, KT: 1, HorizontalSpeed: 3, Motion: HSweep, Animation: ByWallTime, Flip: true}
				p := newPainter(t, f, size[0], size[1], o)
				dst := frames.NewPicture(f, size[0], size[1])
				for n := range 3 {
					p.Paint(&dst, n, time.Duration(n)*time.Second)
				}
			}
		}
	}
}

// What is drawn once and copied is what would be drawn anew.
func TestStillPartsAreTheSame(t *testing.T) {
	for pattern := range patterns {
		for _, size := range [][2]int{{65, 49}, {64, 48}, {65, 50}} {
			for _, f := range []frames.PixelFormat{frames.I420, frames.NV12, frames.YUY2, frames.RGB} {
				sameAsDrawnAnew(t, pattern, f, size[0], size[1])
			}
		}
	}
}

func sameAsDrawnAnew(t *testing.T, pattern Pattern, f frames.PixelFormat, w, h int) {
	t.Helper()
	o := Options{Pattern: pattern, Foreground: 0xff808000, Background: 0xff000080}
	copied, drawn := newPainter(t, f, w, h, o), newPainter(t, f, w, h, o)
	drawn.still = false
	a, b := frames.NewPicture(f, w, h), frames.NewPicture(f, w, h)
	for n := range 4 {
		copied.Paint(&a, n, 0)
		drawn.Paint(&b, n, 0)
		for plane := range f.Planes() {
			if !bytes.Equal(a.Data[plane], b.Data[plane]) {
				t.Errorf("pattern %d, %v %dx%d, frame %d, plane %d differs", pattern, f, w, h, n, plane)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	if _, err := New(frames.VideoInfo{Format: frames.RGB, Width: 0, Height: 4}, Options{}); err == nil {
		t.Error("a picture without columns was taken")
	}
	if _, err := New(frames.VideoInfo{Format: frames.RGB, Width: 4, Height: 4}, Options{Pattern: patterns}); err == nil {
		t.Error("an unknown pattern was taken")
	}
}

// In steady state a frame costs no allocation.
func TestNoAllocations(t *testing.T) {
	for _, pattern := range []Pattern{SMPTE, Snow, Ball, ZonePlate, SMPTE75} {
		p := newPainter(t, frames.I420, 64, 48, Options{Pattern: pattern, KT: 1})
		dst := frames.NewPicture(frames.I420, 64, 48)
		p.Paint(&dst, 0, 0)
		n := 0
		if a := testing.AllocsPerRun(20, func() { n++; p.Paint(&dst, n, 0) }); a > 0 {
			t.Errorf("pattern %d allocates %v times a frame", pattern, a)
		}
	}
}

func BenchmarkSMPTE640x480(b *testing.B) { benchmark(b, SMPTE) }
func BenchmarkBall640x480(b *testing.B)  { benchmark(b, Ball) }
func BenchmarkSnow640x480(b *testing.B)  { benchmark(b, Snow) }

func benchmark(b *testing.B, pattern Pattern) {
	p := newPainter(b, frames.I420, 640, 480, Options{Pattern: pattern, Foreground: ^uint32(0)})
	dst := frames.NewPicture(frames.I420, 640, 480)
	for i := 0; b.Loop(); i++ {
		p.Paint(&dst, i, 0)
	}
}
