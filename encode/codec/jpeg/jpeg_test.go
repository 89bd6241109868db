package jpeg_test

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"math"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// scene is a smooth coloured picture with a padded stride.
func scene(t testing.TB, f frames.PixelFormat, w, h int) frames.Picture {
	t.Helper()
	rgb := frames.NewPicture(frames.RGB, w, h)
	for y := range h {
		row := rgb.Row(0, y)
		for x := range w {
			row[3*x], row[3*x+1], row[3*x+2] = byte(40+x*150/w), byte(200-y*120/h), byte(60+(x+y)*100/(w+h))
		}
	}
	p := frames.Picture{Format: f, Width: w, Height: h}
	for i := range f.Planes() {
		n, rows := f.PlaneSize(i, w, h)
		p.Stride[i] = n + 7
		p.Data[i] = make([]byte, rows*p.Stride[i])
	}
	if err := pixel.Convert(&p, &rgb); err != nil {
		t.Fatal(err)
	}
	return p
}

// byBoth runs a test with libturbojpeg, where that is installed, and without.
func byBoth(t *testing.T, test func(t *testing.T)) {
	t.Run("library", func(t *testing.T) {
		needLibrary(t)
		test(t)
	})
	t.Run("floor", func(t *testing.T) {
		jpeg.WithoutLibrary(t)
		test(t)
	})
}

func needLibrary(t testing.TB) {
	if _, err := jpeg.Probe(); err != nil {
		t.Skipf("without libturbojpeg (Debian: libturbojpeg0): %v", err)
	}
}

func encode(t testing.TB, p *frames.Picture, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, quality); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// psnr compares two pictures as RGB, in dB.
func psnr(t *testing.T, a, b *frames.Picture) float64 {
	t.Helper()
	var sum, n float64
	p, q := frames.NewPicture(frames.RGB, a.Width, a.Height), frames.NewPicture(frames.RGB, a.Width, a.Height)
	if err := pixel.Convert(&p, a); err != nil {
		t.Fatal(err)
	}
	if err := pixel.Convert(&q, b); err != nil {
		t.Fatal(err)
	}
	for y := range a.Height {
		for i, v := range p.Row(0, y) {
			d := float64(v) - float64(q.Row(0, y)[i])
			sum, n = sum+d*d, n+1
		}
	}
	return 10 * math.Log10(255*255*n/max(sum, 1))
}

func TestRoundTripFromEveryFormat(t *testing.T) { byBoth(t, testRoundTripFromEveryFormat) }

func testRoundTripFromEveryFormat(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, size := range [][2]int{{64, 48}, {33, 17}} {
			p := scene(t, f, size[0], size[1])
			data := encode(t, &p, jpeg.DefaultQuality)
			info, err := jpeg.Config(data)
			if err != nil {
				t.Fatal(err)
			}
			want := frames.I420
			if f == frames.GRAY8 {
				want = frames.GRAY8
			}
			if info.Format != want || info.Width != size[0] || info.Height != size[1] {
				t.Errorf("%v %v came back as %+v", f, size, info)
			}
			for _, to := range []frames.PixelFormat{info.Format, frames.RGB, frames.NV12} {
				got := frames.NewPicture(to, size[0], size[1])
				if to == info.Format {
					got.Color = info.Color
				}
				if err := jpeg.DecodeInto(&got, data); err != nil {
					t.Fatal(err)
				}
				if db := psnr(t, &p, &got); db < 35 {
					t.Errorf("%v by JPEG to %v: %.1f dB, want 35", f, to, db)
				}
			}
		}
	}
}

// A solid colour must keep it: no range or matrix is confused on the way.
func TestColours(t *testing.T) { byBoth(t, testColours) }

func testColours(t *testing.T) {
	for _, f := range []frames.PixelFormat{frames.RGB, frames.I420} {
		p := frames.NewPicture(f, 32, 32)
		pixel.Fill(&p, frames.Rect{W: 32, H: 32}, pixel.Color{R: 230, G: 40, B: 90})
		got := frames.NewPicture(frames.RGB, 32, 32)
		if err := jpeg.DecodeInto(&got, encode(t, &p, 95)); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{230, 40, 90} {
			if v := int(got.Row(0, 9)[30+i]); v < want-5 || v > want+5 {
				t.Errorf("%v: channel %d is %d, want %d", f, i, v, want)
			}
		}
	}
}

// All kinds of subsampling are read, as cameras and programs write them.
func TestSubsampling(t *testing.T) {
	want := scene(t, frames.RGB, 48, 32)
	i420 := frames.NewPicture(frames.I420, 48, 32)
	i420.Color = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}
	if err := pixel.Convert(&i420, &want); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"4:4:4": "444", "4:2:2": "422", "4:4:0": "440"} {
		img := image.NewYCbCr(image.Rect(0, 0, 48, 32), map[string]image.YCbCrSubsampleRatio{
			"444": image.YCbCrSubsampleRatio444, "422": image.YCbCrSubsampleRatio422, "440": image.YCbCrSubsampleRatio440,
		}[file])
		for y := range 32 {
			for x := range 48 {
				img.Y[img.YOffset(x, y)] = i420.Row(0, y)[x]
				img.Cb[img.COffset(x, y)] = i420.Row(1, y/2)[x/2]
				img.Cr[img.COffset(x, y)] = i420.Row(2, y/2)[x/2]
			}
		}
		got := frames.NewPicture(frames.RGB, 48, 32)
		if err := jpeg.StoreForTest(&got, img); err != nil {
			t.Fatal(err)
		}
		if db := psnr(t, &want, &got); db < 38 {
			t.Errorf("%s: %.1f dB", name, db)
		}
	}
}

// segment is a JPEG segment.
func segment(marker byte, body []byte) []byte {
	n := len(body) + 2
	return append([]byte{0xFF, marker, byte(n >> 8), byte(n)}, body...)
}

func TestApplicationDataAndThumbnails(t *testing.T) { byBoth(t, testApplicationDataAndThumbnails) }

func testApplicationDataAndThumbnails(t *testing.T) {
	p := scene(t, frames.RGB, 40, 30)
	data := encode(t, &p, 85)
	thumb := scene(t, frames.RGB, 8, 8)
	exif := segment(0xE1, append([]byte("Exif\x00\x00"), encode(t, &thumb, 50)...))
	fill := []byte{0xFF, 0xFF}
	with := append(append(append([]byte{0xFF, 0xD8}, exif...), fill...), data[2:]...)
	n, ok, err := jpeg.Frame(append(bytes.Clone(with), data...))
	if n != len(with) || !ok || err != nil {
		t.Fatalf("Frame says %d %v %v, want %d", n, ok, err, len(with))
	}
	got := frames.NewPicture(frames.RGB, 40, 30)
	if err := jpeg.DecodeInto(&got, with); err != nil {
		t.Fatal(err)
	}
	for i := range with {
		if n, ok, err := jpeg.Frame(with[:i]); n != 0 || ok || err != nil {
			t.Fatalf("after %d of %d bytes: %d %v %v", i, len(with), n, ok, err)
		}
	}
}

// Cameras leave out the Huffman tables of motion JPEG.
func TestWithoutHuffmanTables(t *testing.T) { byBoth(t, testWithoutHuffmanTables) }

func testWithoutHuffmanTables(t *testing.T) {
	p := scene(t, frames.I420, 64, 48)
	data := encode(t, &p, 85)
	bare := without(data, 0xC4)
	if _, err := stdjpeg.Decode(bytes.NewReader(bare)); err == nil {
		t.Fatal("the test's picture still has its tables")
	}
	got := frames.NewPicture(frames.I420, 64, 48)
	if err := jpeg.DecodeInto(&got, bare); err != nil {
		t.Fatal(err)
	}
	if db := psnr(t, &p, &got); db < 35 {
		t.Errorf("%.1f dB", db)
	}
}

func TestBadData(t *testing.T) { byBoth(t, testBadData) }

func testBadData(t *testing.T) {
	p := scene(t, frames.RGB, 40, 30)
	good := encode(t, &p, 85)
	huge := bytes.Clone(good)
	at := bytes.Index(huge, []byte{0xFF, 0xC0})
	copy(huge[at+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":   {nil, "no data"},
		"text":    {[]byte("hello, this is text"), "not a JPEG"},
		"cut":     {good[:len(good)-20], "cut off"},
		"header":  {good[:20], "cut off"},
		"huge":    {huge, "limit of 67108864"},
		"no scan": {[]byte{0xFF, 0xD8, 0xFF, 0xD9}, "header"},
	} {
		dst := frames.NewPicture(frames.RGB, 40, 30)
		err := jpeg.DecodeInto(&dst, c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
	if err := jpeg.Encode(&bytes.Buffer{}, &p, 101); err == nil {
		t.Error("quality 101 was accepted")
	}
	p.Data[0] = p.Data[0][:50]
	if err := jpeg.Encode(&bytes.Buffer{}, &p, 85); err == nil {
		t.Error("a short picture was accepted")
	}
	for _, f := range []frames.PixelFormat{frames.I420, frames.GRAY8} {
		empty := frames.Picture{Format: f, Color: frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}}
		if err := jpeg.Encode(&bytes.Buffer{}, &empty, 85); err == nil {
			t.Errorf("an empty %v picture was accepted", f)
		}
	}
}

func TestQualityMatters(t *testing.T) { byBoth(t, testQualityMatters) }

func testQualityMatters(t *testing.T) {
	p := scene(t, frames.RGB, 64, 48)
	if a, b := len(encode(t, &p, 0)), len(encode(t, &p, 100)); a >= b {
		t.Errorf("quality 0 takes %d bytes, 100 takes %d", a, b)
	}
}

// Both ways decode anything without harm, and the same data again to the same picture.
func FuzzDecode(f *testing.F) {
	p := scene(f, frames.RGB, 16, 8)
	f.Add(encode(f, &p, 85))
	for kind := range kinds {
		f.Add(picture(f, kind))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, ok, err := jpeg.Frame(data)
		if n < 0 || n > len(data) || ok && (err != nil || n == 0) {
			t.Fatal(n, ok, err)
		}
		info, err := jpeg.Config(data)
		if err != nil || info.Width*info.Height > 1<<16 {
			return
		}
		for _, to := range []frames.PixelFormat{info.Format, frames.RGB} {
			dst, again := scene(t, to, info.Width, info.Height), scene(t, to, info.Width, info.Height)
			dst.Color, again.Color = info.Color, info.Color
			err := jpeg.DecodeInto(&dst, data)
			if err2 := jpeg.DecodeInto(&again, data); (err == nil) != (err2 == nil) {
				t.Fatalf("first %v, then %v", err, err2)
			}
			if err == nil && !bytes.Equal(dst.Data[0], again.Data[0]) {
				t.Fatal("two pictures of the same data")
			}
		}
		jpeg.WithoutLibrary(t)
		dst := frames.NewPicture(info.Format, info.Width, info.Height)
		_ = jpeg.DecodeInto(&dst, data)
	})
}

func BenchmarkEncode(b *testing.B) {
	for _, f := range []frames.PixelFormat{frames.I420, frames.RGB} {
		b.Run(f.String(), func(b *testing.B) {
			p := scene(b, f, 640, 480)
			var e jpeg.Encoder
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := e.Encode(&out, &p, 85); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(640*480), "ns/pixel")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	p := scene(b, frames.I420, 640, 480)
	data := encode(b, &p, 85)
	p.Color = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}
	for b.Loop() {
		if err := jpeg.DecodeInto(&p, data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(640*480), "ns/pixel")
}
