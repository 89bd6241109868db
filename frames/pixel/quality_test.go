package pixel_test

import (
	"image"
	_ "image/jpeg"
	"math"
	"os"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// A photograph, scaled up and down by every method in every format, beside a resampler
// in float64 that is written after the formulas of the filters alone.

// photograph is a part of a picture of a cat, w x h pixels of it.
func photograph(t *testing.T, f frames.PixelFormat, w, h int) frames.Picture {
	t.Helper()
	file, err := os.Open("../../testdata/photos/chelsea.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	rgb := frames.NewPicture(frames.RGB, w, h)
	left, top := (img.Bounds().Dx()-w)/2, (img.Bounds().Dy()-h)/2
	for y := range h {
		row := rgb.Row(0, y)
		for x := range w {
			r, g, b, _ := img.At(left+x, top+y).RGBA()
			row[3*x], row[3*x+1], row[3*x+2] = byte(r>>8), byte(g>>8), byte(b>>8)
		}
	}
	p := frames.NewPicture(f, w, h)
	if err := pixel.Convert(&p, &rgb); err != nil {
		t.Fatal(err)
	}
	return p
}

// filterOf is the weight at a distance, in samples of the smaller of the two pictures.
var filterOf = map[pixel.Method]func(x float64) float64{
	pixel.Linear:     func(x float64) float64 { return max(0, 1-math.Abs(x)) },
	pixel.Lanczos:    func(x float64) float64 { return within(2, x) * sinc(x) * sinc(x/2) },
	pixel.Sinc:       func(x float64) float64 { return within(2, x) * sinc(x) },
	pixel.Sinc4:      func(x float64) float64 { return within(2, x) * sinc(x) },
	pixel.Hermite:    func(x float64) float64 { return bicubic(0, 0, x) },
	pixel.Spline:     func(x float64) float64 { return bicubic(1, 0, x) },
	pixel.CatmullRom: func(x float64) float64 { return bicubic(0, 0.5, x) },
	pixel.Mitchell:   func(x float64) float64 { return bicubic(1./3, 1./3, x) },
}

func within(radius, x float64) float64 {
	if math.Abs(x) >= radius {
		return 0
	}
	return 1
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// bicubic is that of Mitchell and Netravali (1988).
func bicubic(b, c, x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return ((12-9*b-6*c)*x*x*x + (-18+12*b+6*c)*x*x + 6 - 2*b) / 6
	case x < 2:
		return ((-b-6*c)*x*x*x + (6*b+30*c)*x*x + (-12*b-48*c)*x + 8*b + 24*c) / 6
	}
	return 0
}

// taps are those of the samples of a row or column for a new one.
func taps(m pixel.Method, i, from, to int) map[int]float64 {
	filter := filterOf[m]
	if filter == nil {
		return kernel(m, i, from, to)
	}
	scale := max(1, float64(from)/float64(to))
	if m == pixel.Sinc4 {
		scale = 1 // it has four samples, however much smaller the picture becomes
	}
	centre, out, sum := (float64(i)+0.5)*float64(from)/float64(to)-0.5, map[int]float64{}, 0.0
	for p := int(math.Floor(centre - 2*scale)); p <= int(math.Ceil(centre+2*scale)); p++ {
		w := filter((float64(p) - centre) / scale)
		out[min(max(p, 0), from-1)] += w
		sum += w
	}
	for p := range out {
		out[p] /= sum
	}
	return out
}

// resample is a grid of samples in another size, columns first, then rows.
func resample(m pixel.Method, in [][]float64, w, h int) [][]float64 {
	across := make([][]float64, len(in))
	for y := range across {
		across[y] = make([]float64, w)
	}
	for x := range w {
		for p, weight := range taps(m, x, len(in[0]), w) {
			for y := range in {
				across[y][x] += weight * in[y][p]
			}
		}
	}
	out := make([][]float64, h)
	for y := range out {
		out[y] = make([]float64, w)
		for p, weight := range taps(m, y, len(in), h) {
			for x, v := range across[p] {
				out[y][x] += weight * v
			}
		}
	}
	return out
}

// grid is a channel in its own resolution.
func grid(p *frames.Picture, c int) [][]float64 {
	sx, sy := subsampling(p.Format, c)
	out := make([][]float64, (p.Height+sy-1)/sy)
	for y := range out {
		out[y] = make([]float64, (p.Width+sx-1)/sx)
		for x := range out[y] {
			out[y][x] = float64(*at(p, x*sx, y*sy, c))
		}
	}
	return out
}

// decibels is how near a scaled picture is to what float64 makes of the source.
func decibels(m pixel.Method, got, src *frames.Picture) float64 {
	var sum, n float64
	for c := range channels(got.Format) {
		g := grid(got, c)
		want := resample(m, grid(src, c), len(g[0]), len(g))
		for y := range g {
			for x, v := range g[y] {
				d := v - min(max(want[y][x], 0), 255)
				sum, n = sum+d*d, n+1
			}
		}
	}
	return 10 * math.Log10(255*255*n/sum)
}

func checkQuality(t *testing.T, f frames.PixelFormat, w, h, dw, dh int) {
	t.Helper()
	src, dst := photograph(t, f, w, h), frames.NewPicture(f, dw, dh)
	for m := pixel.Nearest; m <= pixel.Mitchell; m++ {
		if err := pixel.Scale(&dst, &src, m); err != nil {
			t.Fatal(err)
		}
		// Rounding to bytes alone has 58.9 dB.
		if db := decibels(m, &dst, &src); db < 57 {
			t.Errorf("%v %v %dx%d to %dx%d: %.1f dB beside float64", f, m, w, h, dw, dh, db)
		} else {
			t.Logf("%v %v %dx%d to %dx%d: %.1f dB", f, m, w, h, dw, dh, db)
		}
	}
}

func TestQualityOfPhotographs(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, to := range [][2]int{{49, 31}, {211, 173}} {
			checkQuality(t, f, 120, 80, to[0], to[1])
		}
	}
	if testing.Short() {
		return
	}
	for _, f := range []frames.PixelFormat{frames.RGB, frames.I420} {
		for _, to := range [][2]int{{96, 96}, {225, 150}, {600, 400}} {
			checkQuality(t, f, 450, 300, to[0], to[1])
		}
	}
}
