package pixel_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// solid is a picture of one colour given in the format's own codes.
func solid(f frames.PixelFormat, w, h int, c frames.Colorimetry, codes ...byte) frames.Picture {
	p := frames.NewPicture(f, w, h)
	p.Color = c
	for y := range h {
		for x := range w {
			for i := range channels(f) {
				*at(&p, x, y, i) = codes[i]
			}
		}
	}
	return p
}

func near(a, b byte) bool { return a-b <= 1 || b-a <= 1 }

// The codes of well-known colours, as a reader of the standards would compute
// them, at SD (BT.601) and HD (BT.709) heights.
func TestKnownColours(t *testing.T) {
	for _, c := range []struct {
		name     string
		rgb      [3]byte
		sd, hd   [3]byte // limited range
		sdFull   [3]byte
		graySD   byte
		sdOfGray byte
	}{
		{"white", [3]byte{255, 255, 255}, [3]byte{235, 128, 128}, [3]byte{235, 128, 128}, [3]byte{255, 128, 128}, 255, 235},
		{"black", [3]byte{0, 0, 0}, [3]byte{16, 128, 128}, [3]byte{16, 128, 128}, [3]byte{0, 128, 128}, 0, 16},
		{"red", [3]byte{255, 0, 0}, [3]byte{81, 90, 240}, [3]byte{63, 102, 240}, [3]byte{76, 85, 255}, 76, 81},
		{"green", [3]byte{0, 255, 0}, [3]byte{145, 54, 34}, [3]byte{173, 42, 26}, [3]byte{150, 44, 21}, 150, 145},
		{"blue", [3]byte{0, 0, 255}, [3]byte{41, 240, 110}, [3]byte{32, 240, 118}, [3]byte{29, 255, 107}, 29, 41},
		{"0x336699", [3]byte{51, 102, 153}, [3]byte{95, 158, 102}, [3]byte{97, 156, 104}, [3]byte{93, 162, 98}, 93, 96},
	} {
		for _, v := range []struct {
			what  string
			h     int
			color frames.Colorimetry
			want  [3]byte
		}{
			{"240 rows", 240, frames.Colorimetry{}, c.sd},
			{"720 rows", 720, frames.Colorimetry{}, c.hd},
			{"BT.709 said", 240, frames.Colorimetry{Matrix: frames.BT709}, c.hd},
			{"full range", 240, frames.Colorimetry{Range: frames.FullRange}, c.sdFull},
		} {
			rgb := solid(frames.RGB, 4, v.h, frames.Colorimetry{}, c.rgb[:]...)
			for _, f := range frames.PixelFormats() {
				if !f.IsYUV() {
					continue
				}
				yuv := frames.NewPicture(f, 4, v.h)
				yuv.Color = v.color
				if err := pixel.Convert(&yuv, &rgb); err != nil {
					t.Fatal(err)
				}
				for i, want := range v.want {
					if got := *at(&yuv, 1, 1, i); !near(got, want) {
						t.Errorf("%s, %s: RGB to %v: %c is %d, want %d", c.name, v.what, f, "YUV"[i], got, want)
					}
				}
				exact := solid(f, 4, v.h, v.color, v.want[:]...)
				back := frames.NewPicture(frames.RGB, 4, v.h)
				if err := pixel.Convert(&back, &exact); err != nil {
					t.Fatal(err)
				}
				for i, want := range c.rgb {
					// The codes above are rounded, which is worth up to 2 in RGB.
					if got := *at(&back, 1, 1, i); math.Abs(float64(got)-float64(want)) > 2 {
						t.Errorf("%s, %s: %v to RGB: %c is %d, want %d", c.name, v.what, f, "RGB"[i], got, want)
					}
				}
			}
		}
		gray := frames.NewPicture(frames.GRAY8, 4, 4)
		rgb := solid(frames.BGRx, 4, 4, frames.Colorimetry{}, c.rgb[0], c.rgb[1], c.rgb[2], 0)
		if err := pixel.Convert(&gray, &rgb); err != nil {
			t.Fatal(err)
		}
		if got := *at(&gray, 0, 0, 0); !near(got, c.graySD) {
			t.Errorf("%s: gray is %d, want %d", c.name, got, c.graySD)
		}
		luma := frames.NewPicture(frames.NV12, 4, 4)
		if err := pixel.Convert(&luma, &gray); err != nil {
			t.Fatal(err)
		}
		if got := *at(&luma, 0, 0, 0); !near(got, c.sdOfGray) {
			t.Errorf("%s: luma of gray is %d, want %d", c.name, got, c.sdOfGray)
		}
	}
}

// exactPixel is the analytic result at one place of dst.
func exactPixel(dst, src *frames.Picture, x, y, c int) float64 {
	sx, sy := subsampling(dst.Format, c)
	var sum, n float64
	for j := y / sy * sy; j < min(y/sy*sy+sy, dst.Height); j++ {
		for i := x / sx * sx; i < min(x/sx*sx+sx, dst.Width); i++ {
			sum += exactAt(dst, src, i, j, c)
			n++
		}
	}
	return sum / n
}

func weights(m frames.ColorMatrix) (r, g, b float64) {
	if m == frames.BT709 {
		return 0.2126, 0.7152, 0.0722
	}
	return 0.299, 0.587, 0.114
}

func span(r frames.ColorRange) (black, span, chroma float64) {
	if r == frames.LimitedRange {
		return 16, 219, 224
	}
	return 0, 255, 255
}

// exactAt converts the one pixel through unbounded RGB.
func exactAt(dst, src *frames.Picture, x, y, c int) float64 {
	sc, dc := src.Color.Resolve(src.Format, src.Height), dst.Color.Resolve(dst.Format, dst.Height)
	if dst.Format == frames.GRAY8 && dst.Color.Matrix == frames.MatrixDefault {
		dc.Matrix = frames.BT601
		if src.Format.IsYUV() {
			dc.Matrix = sc.Matrix
		}
	}
	get := func(c int) float64 { return float64(*at(src, x, y, c)) }
	black, full, chroma := span(sc.Range)
	var r, g, b float64
	switch {
	case src.Format.IsYUV():
		kr, kg, kb := weights(sc.Matrix)
		luma, u, v := (get(0)-black)/full, (get(1)-128)/chroma, (get(2)-128)/chroma
		r, b = luma+2*(1-kr)*v, luma+2*(1-kb)*u
		g = (luma - kr*r - kb*b) / kg
	case src.Format == frames.GRAY8:
		r = (get(0) - black) / full
		g, b = r, r
	default:
		r, g, b = (get(0)-black)/full, (get(1)-black)/full, (get(2)-black)/full
	}
	black, full, chroma = span(dc.Range)
	kr, kg, kb := weights(dc.Matrix)
	luma := kr*r + kg*g + kb*b
	if dst.Format.IsYUV() || dst.Format == frames.GRAY8 {
		return [...]float64{black + luma*full, 128 + (b-luma)/(2*(1-kb))*chroma, 128 + (r-luma)/(2*(1-kr))*chroma}[c]
	}
	if c == 3 {
		if dst.Format.HasAlpha() && src.Format.HasAlpha() {
			return get(3)
		}
		return 255
	}
	return black + [...]float64{r, g, b}[c]*full
}

// checkConvert compares a conversion of random pixels with exactPixel.
func checkConvert(t *testing.T, from, to frames.PixelFormat, w, h, slack int, sc, dc frames.Colorimetry, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	src, dst := guarded(r, from, w, h, slack), guarded(r, to, w, h, slack/2)
	src.Color, dst.Color = sc, dc
	if err := pixel.Convert(&dst, &src); err != nil {
		t.Fatal(err)
	}
	checkGuards(t, &src)
	checkGuards(t, &dst)
	for y := range h {
		for x := range w {
			for c := range channels(to) {
				if c == 3 && from == to && !to.HasAlpha() {
					continue // padding of a plain copy
				}
				want := min(max(exactPixel(&dst, &src, x, y, c), 0), 255)
				got := float64(*at(&dst, x, y, c))
				if math.Abs(got-want) > 1.01 {
					t.Fatalf("%v %+v to %v %+v, %dx%d: channel %d at %d,%d is %v, want %.2f",
						from, sc, to, dc, w, h, c, x, y, got, want)
				}
			}
		}
	}
}

var colorimetries = []frames.Colorimetry{
	{},
	{Matrix: frames.BT601, Range: frames.LimitedRange},
	{Matrix: frames.BT601, Range: frames.FullRange},
	{Matrix: frames.BT709, Range: frames.LimitedRange},
	{Matrix: frames.BT709, Range: frames.FullRange},
}

// Every pair of formats, at even and odd sizes.
func TestConvertEveryPair(t *testing.T) {
	for _, from := range frames.PixelFormats() {
		for _, to := range frames.PixelFormats() {
			for i, size := range [][2]int{{1, 1}, {2, 2}, {7, 5}, {16, 4}} {
				sc, dc := colorimetries[i], colorimetries[(i*3+1)%5]
				checkConvert(t, from, to, size[0], size[1], 3*i, frames.Colorimetry{}, frames.Colorimetry{}, 1)
				checkConvert(t, from, to, size[0], size[1], 3*i, sc, dc, 2)
			}
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(uint8(0), uint8(7), uint8(3), uint8(3), uint8(1), uint8(0), uint8(4), uint64(9))
	f.Fuzz(func(t *testing.T, from, to, w, h, slack, sc, dc uint8, seed uint64) {
		all := frames.PixelFormats()
		checkConvert(t, all[int(from)%len(all)], all[int(to)%len(all)], int(w)%70+1, int(h)%9+1, int(slack)%40,
			colorimetries[sc%5], colorimetries[dc%5], seed)
	})
}

// A gray ramp must come back from every format without a tint.
func TestGrayStaysGray(t *testing.T) {
	ramp := frames.NewPicture(frames.RGB, 256, 2)
	for y := range 2 {
		for x := range 256 {
			for c := range 3 {
				*at(&ramp, x, y, c) = byte(x)
			}
		}
	}
	for _, f := range frames.PixelFormats() {
		mid, back := frames.NewPicture(f, 256, 2), frames.NewPicture(frames.RGB, 256, 2)
		if err := pixel.Convert(&mid, &ramp); err != nil {
			t.Fatal(err)
		}
		if err := pixel.Convert(&back, &mid); err != nil {
			t.Fatal(err)
		}
		for x := range 256 {
			r, g, b := *at(&back, x, 0, 0), *at(&back, x, 0, 1), *at(&back, x, 0, 2)
			if r != g || g != b {
				t.Errorf("%v: gray %d came back as %d,%d,%d", f, x, r, g, b)
			}
			if !near(r, byte(x)) {
				t.Errorf("%v: gray %d came back as %d", f, x, r)
			}
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	good := frames.NewPicture(frames.RGB, 8, 8)
	short := good
	short.Data[0] = short.Data[0][:100]
	narrow := good
	narrow.Stride[0] = 23
	other := frames.NewPicture(frames.RGB, 8, 9)
	for name, c := range map[string]struct {
		p    frames.Picture
		want string
	}{
		"short":   {short, "plane 0 has 100 bytes"},
		"stride":  {narrow, "stride 23 of plane 0"},
		"size":    {other, "scale first"},
		"empty":   {frames.Picture{Format: frames.RGB}, "0x0"},
		"unknown": {frames.Picture{Format: 200, Width: 8, Height: 8}, "unknown pixel format"},
	} {
		err := pixel.Convert(&c.p, &good)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}

func TestConvertAllocatesNothing(t *testing.T) {
	var c pixel.Converter
	for _, from := range frames.PixelFormats() {
		for _, to := range frames.PixelFormats() {
			src, dst := frames.NewPicture(from, 70, 8), frames.NewPicture(to, 70, 8)
			if n := testing.AllocsPerRun(3, func() {
				if err := c.Convert(&dst, &src); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%v to %v: %v allocations a call, want 0", from, to, n)
			}
		}
	}
}
