package png_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	stdpng "image/png"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

// scene is a picture with smooth and noisy parts and a padded stride.
func scene(f frames.PixelFormat, w, h int) frames.Picture {
	r := rand.New(rand.NewPCG(1, 1))
	n := f.PixelStride()
	p := frames.Picture{Format: f, Width: w, Height: h}
	p.Stride[0] = w*n + 5
	p.Data[0] = make([]byte, p.Stride[0]*h)
	for y := range h {
		row := p.Row(0, y)
		for i := range row {
			row[i] = byte(i/n + y*2 + i%n*40)
			if y > h/2 {
				row[i] += byte(r.Uint32() & 7)
			}
		}
	}
	return p
}

func encode(t testing.TB, p *frames.Picture, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p, level); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for _, f := range []frames.PixelFormat{frames.RGB, frames.RGBA, frames.GRAY8} {
		for _, size := range [][2]int{{1, 1}, {2, 2}, {7, 5}, {321, 40}, {1, 300}, {12000, 3}} {
			for _, level := range []int{0, 1, 6, 7, 9} {
				p := scene(f, size[0], size[1])
				data := encode(t, &p, level)
				info, err := png.Config(data)
				if err != nil {
					t.Fatal(err)
				}
				if info.Format != f || info.Width != size[0] || info.Height != size[1] {
					t.Errorf("%v %v came back as %+v", f, size, info)
				}
				if n, ok, err := png.Frame(append(data, "more"...)); n != len(data) || !ok || err != nil {
					t.Errorf("Frame says %d %v %v, want %d", n, ok, err, len(data))
				}
				got := frames.NewPicture(f, size[0], size[1])
				if err := png.DecodeInto(&got, data); err != nil {
					t.Fatal(err)
				}
				for y := range size[1] {
					if !bytes.Equal(got.Row(0, y), p.Row(0, y)) {
						t.Fatalf("%v %v level %d: row %d differs", f, size, level, y)
					}
				}
			}
		}
	}
}

// An encoder that is used again gives the same bytes.
func TestEncoderIsReusable(t *testing.T) {
	var e png.Encoder
	for _, c := range []struct {
		f           frames.PixelFormat
		w, h, level int
	}{{frames.RGB, 40, 30, 6}, {frames.GRAY8, 120, 30, 6}, {frames.RGBA, 30, 7, 1}, {frames.RGB, 40, 30, 6}} {
		p := scene(c.f, c.w, c.h)
		var b bytes.Buffer
		if err := e.Encode(&b, &p, c.level); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), encode(t, &p, c.level)) {
			t.Errorf("%v: another result than a new encoder", c)
		}
	}
}

// A photograph comes back from image/png, and is smaller than it is without filters.
func TestPhotograph(t *testing.T) {
	p := photograph(t)
	var plain bytes.Buffer
	z := zlib.NewWriter(&plain)
	for y := range p.Height {
		if _, err := z.Write(p.Row(0, y)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, level := range []int{1, 6, 7, 9} {
		data := encode(t, &p, level)
		if len(data) > plain.Len() {
			t.Errorf("level %d: %d bytes, without filters %d", level, len(data), plain.Len())
		}
		img, err := stdpng.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("level %d: %v", level, err)
		}
		pixels := img.(*image.RGBA)
		for y := range p.Height {
			for x, v := range p.Row(0, y) {
				if got := pixels.Pix[y*pixels.Stride+x/3*4+x%3]; got != v {
					t.Fatalf("level %d: byte %d of row %d is %d, want %d", level, x, y, got, v)
				}
			}
		}
	}
}

func TestEncoderAllocatesNothing(t *testing.T) {
	p := scene(frames.RGB, 200, 100)
	for _, level := range []int{0, 6, 9} {
		var e png.Encoder
		if n := testing.AllocsPerRun(5, func() {
			if err := e.Encode(io.Discard, &p, level); err != nil {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("level %d: %v allocations a picture", level, n)
		}
	}
}

// Every kind of image that image/png can write is read.
func TestDecodeKinds(t *testing.T) {
	r := image.Rect(0, 0, 5, 4)
	fill := func(m interface {
		image.Image
		Set(x, y int, c color.Color)
	}) image.Image {
		for y := range 4 {
			for x := range 5 {
				m.Set(x, y, color.NRGBA{200, 100, 50, 255})
			}
		}
		return m
	}
	palette := color.Palette{color.NRGBA{200, 100, 50, 255}, color.White}
	glass := color.Palette{color.NRGBA{200, 100, 50, 255}, color.Transparent}
	nrgba := image.NewNRGBA(r)
	fill(nrgba)
	nrgba.Set(4, 3, color.NRGBA{1, 2, 3, 4})
	nrgba64 := image.NewNRGBA64(r)
	fill(nrgba64)
	nrgba64.Set(4, 3, color.NRGBA{1, 2, 3, 4})
	for name, c := range map[string]struct {
		m    image.Image
		want frames.PixelFormat
		gray bool
	}{
		"gray":       {fill(image.NewGray(r)), frames.GRAY8, true},
		"gray 16":    {fill(image.NewGray16(r)), frames.GRAY8, true},
		"rgb":        {fill(image.NewRGBA(r)), frames.RGB, false},
		"rgb 16":     {fill(image.NewRGBA64(r)), frames.RGB, false},
		"rgba":       {nrgba, frames.RGBA, false},
		"rgba 16":    {nrgba64, frames.RGBA, false},
		"palette":    {fill(image.NewPaletted(r, palette)), frames.RGB, false},
		"with holes": {fill(image.NewPaletted(r, glass)), frames.RGBA, false},
	} {
		var b bytes.Buffer
		if err := stdpng.Encode(&b, c.m); err != nil {
			t.Fatal(err)
		}
		info, err := png.Config(b.Bytes())
		if err != nil || info.Format != c.want {
			t.Errorf("%s: format %v, %v, want %v", name, info.Format, err, c.want)
		}
		p := frames.NewPicture(frames.RGB, 5, 4)
		if err := png.DecodeInto(&p, b.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []byte{200, 100, 50}
		if c.gray {
			want = []byte{124, 124, 124}
		}
		if got := p.Row(0, 2)[3:6]; !bytes.Equal(got, want) {
			t.Errorf("%s: pixel is %v, want %v", name, got, want)
		}
	}
}

func TestBadData(t *testing.T) {
	p := scene(frames.RGB, 30, 20)
	good := encode(t, &p, 6)
	huge := bytes.Clone(good)
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0})
	broken := bytes.Clone(good)
	broken[60] ^= 0xff
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":   {nil, "no data"},
		"text":    {[]byte("hello, this is text"), "not a PNG"},
		"cut":     {good[:len(good)-20], "cut off"},
		"header":  {good[:20], "EOF"},
		"size":    {fixHeader(huge), "limit of 67108864"},
		"damaged": {broken, "corrupt"},
	} {
		dst := frames.NewPicture(frames.RGB, 30, 20)
		err := png.DecodeInto(&dst, c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
	small := frames.NewPicture(frames.RGB, 3, 2)
	if err := png.DecodeInto(&small, good); err == nil || !strings.Contains(err.Error(), "30x20") {
		t.Errorf("another size: %v", err)
	}
	yuv := frames.NewPicture(frames.I420, 4, 4)
	if err := png.Encode(&bytes.Buffer{}, &yuv, 6); err == nil || !strings.Contains(err.Error(), "I420") {
		t.Errorf("I420: %v", err)
	}
	if err := png.Encode(&bytes.Buffer{}, &p, 10); err == nil {
		t.Error("level 10 was accepted")
	}
	p.Data[0] = p.Data[0][:50]
	if err := png.Encode(&bytes.Buffer{}, &p, 6); err == nil {
		t.Error("a short picture was accepted")
	}
}

// fixHeader makes the checksum of IHDR right again.
func fixHeader(data []byte) []byte {
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestFrameNeedsMore(t *testing.T) {
	p := scene(frames.GRAY8, 30, 20)
	data := encode(t, &p, 6)
	for i := range data {
		if n, ok, err := png.Frame(data[:i]); n != 0 || ok || err != nil {
			t.Fatalf("after %d of %d bytes: %d %v %v", i, len(data), n, ok, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	p := scene(frames.RGB, 8, 8)
	f.Add(encode(f, &p, 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, ok, err := png.Frame(data)
		if n < 0 || n > len(data) || ok && (err != nil || n == 0) {
			t.Fatal(n, ok, err)
		}
		info, err := png.Config(data)
		if err != nil || info.Width*info.Height > 1<<16 {
			return
		}
		dst := frames.NewPicture(info.Format, info.Width, info.Height)
		_ = png.DecodeInto(&dst, data)
	})
}

// photograph is one of testdata, in RGB.
func photograph(t testing.TB) frames.Picture {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/photos/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	info, err := jpeg.Config(data)
	if err != nil {
		t.Fatal(err)
	}
	p := frames.NewPicture(frames.RGB, info.Width, info.Height)
	if err := jpeg.DecodeInto(&p, data); err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkEncode(b *testing.B) {
	p := photograph(b)
	pixels := float64(p.Width * p.Height)
	for _, level := range []int{1, 6, 9} {
		b.Run(string(rune('0'+level)), func(b *testing.B) {
			var e png.Encoder
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := e.Encode(&out, &p, level); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pixels, "ns/pixel")
			b.ReportMetric(float64(out.Len())*8/pixels, "bits/pixel")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	p := photograph(b)
	data := encode(b, &p, 6)
	for b.Loop() {
		if err := png.DecodeInto(&p, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.Width*p.Height), "ns/pixel")
}
