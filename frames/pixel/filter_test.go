package pixel_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

var filters = []pixel.Method{
	pixel.Linear, pixel.Lanczos, pixel.Sinc, pixel.Sinc4, pixel.Hermite, pixel.Spline, pixel.CatmullRom, pixel.Mitchell,
}

// Every filter keeps an even area, in every format, whatever the sizes.
func TestFiltersKeepEvenAreas(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, m := range filters {
			for _, s := range [][4]int{{1, 1, 3, 3}, {9, 7, 1, 1}, {16, 12, 8, 6}, {5, 3, 12, 9}, {13, 11, 7, 20}} {
				r := rand.New(rand.NewPCG(1, 2))
				src, dst := guarded(r, f, s[0], s[1], 4), guarded(r, f, s[2], s[3], 6)
				for y := range s[1] {
					for x := range s[0] {
						for c := range channels(f) {
							*at(&src, x, y, c) = byte(60 + 50*c)
						}
					}
				}
				if err := pixel.Scale(&dst, &src, m); err != nil {
					t.Fatal(err)
				}
				checkGuards(t, &dst)
				for c := range channels(f) {
					if got := *at(&dst, s[2]-1, s[3]-1, c); int(got) != 60+50*c {
						t.Fatalf("%v %v %v: channel %d became %d", f, m, s, c, got)
					}
				}
			}
		}
	}
}

// Lanczos against its formula, up and down, with the edges repeated.
func TestLanczosIsItsFormula(t *testing.T) {
	in := []byte{10, 20, 200, 250, 40, 90, 90, 130, 7, 255, 0, 60}
	window := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		if math.Abs(x) >= 2 {
			return 0
		}
		return 2 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/2) / (math.Pi * math.Pi * x * x)
	}
	for _, to := range []int{5, 12, 31} {
		src, dst := frames.NewPicture(frames.GRAY8, len(in), 1), frames.NewPicture(frames.GRAY8, to, 1)
		copy(src.Row(0, 0), in)
		if err := pixel.Scale(&dst, &src, pixel.Lanczos); err != nil {
			t.Fatal(err)
		}
		scale := max(1, float64(len(in))/float64(to))
		for i, got := range dst.Row(0, 0) {
			centre := (float64(i)+0.5)*float64(len(in))/float64(to) - 0.5
			var sum, weights float64
			for p := -20; p < 40; p++ {
				w := window((float64(p) - centre) / scale)
				weights += w
				sum += w * float64(in[min(max(p, 0), len(in)-1)])
			}
			if want := min(max(sum/weights, 0), 255); math.Abs(float64(got)-want) > 1 {
				t.Errorf("to %d: sample %d is %d, want %.2f", to, i, got, want)
			}
		}
	}
}

// The rows of a large picture come out the same from several goroutines.
func TestThreadsChangeNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, f := range []frames.PixelFormat{frames.RGB, frames.I420, frames.NV12, frames.YUY2} {
		src := frames.NewPicture(f, 1201, 901)
		for _, plane := range src.Data {
			for i := range plane {
				plane[i] = byte(r.Uint32())
			}
		}
		for _, m := range []pixel.Method{pixel.Nearest, pixel.Bilinear, pixel.Area, pixel.Lanczos} {
			one, many := frames.NewPicture(f, 1333, 701), frames.NewPicture(f, 1333, 701)
			for _, s := range []struct {
				threads int
				dst     *frames.Picture
			}{{1, &one}, {3, &many}} {
				scaler := pixel.Scaler{Threads: s.threads}
				if err := scaler.Scale(s.dst, &src, m); err != nil {
					t.Fatal(err)
				}
			}
			samePlanes(t, &one, &many)
		}
		for _, to := range []frames.PixelFormat{frames.BGRx, frames.NV21, frames.GRAY8} {
			one, many := frames.NewPicture(to, 1201, 901), frames.NewPicture(to, 1201, 901)
			var a pixel.Converter
			b := pixel.Converter{Threads: 3}
			if err := a.Convert(&one, &src); err != nil {
				t.Fatal(err)
			}
			if err := b.Convert(&many, &src); err != nil {
				t.Fatal(err)
			}
			samePlanes(t, &one, &many)
		}
	}
}

// Goroutines are started without an allocation, in conversion and in scaling.
func TestThreadsAllocateNothing(t *testing.T) {
	src, rgb, small := frames.NewPicture(frames.NV12, 1280, 720), frames.NewPicture(frames.RGB, 1280, 720), frames.NewPicture(frames.NV12, 800, 600)
	scaler, converter := pixel.Scaler{Threads: 2}, pixel.Converter{Threads: 2}
	for m := pixel.Nearest; m <= pixel.Mitchell; m++ {
		if n := testing.AllocsPerRun(10, func() {
			if err := scaler.Scale(&small, &src, m); err != nil {
				t.Fatal(err)
			}
			if err := converter.Convert(&rgb, &src); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations a frame with two goroutines", m, n)
		}
	}
}

func samePlanes(t *testing.T, a, b *frames.Picture) {
	t.Helper()
	for i := range a.Data {
		if !bytes.Equal(a.Data[i], b.Data[i]) {
			t.Fatalf("%v: plane %d differs", a.Format, i)
		}
	}
}

func TestAlpha(t *testing.T) {
	p := frames.NewPicture(frames.ARGB, 2, 2)
	pixel.SetAlpha(&p, 200)
	pixel.MultiplyAlpha(&p, 0.5)
	if row := p.Row(0, 1); row[0] != 100 || row[1] != 0 || row[4] != 100 {
		t.Errorf("a row is % d", row)
	}
	opaque := frames.NewPicture(frames.RGBx, 1, 1)
	pixel.SetAlpha(&opaque, 9)
	if opaque.Data[0][3] != 0 {
		t.Error("padding was taken for alpha")
	}
}
