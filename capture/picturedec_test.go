package capture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	stdjpeg "image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	engpng "github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

const photos = "../testdata/photos/"

// chunks pushes prepared bytes in chunks, so that tests need no files.
type chunks struct {
	eiengine.Settings[eiengine.NoProps]
	format *frames.Format
	list   []chunk
	next   int
}

type chunk struct {
	data []byte
	pts  time.Duration
}

func (s *chunks) LateFormat() {}

func (s *chunks) Read(c *eiengine.Ctx) error {
	if s.next == len(s.list) {
		return io.EOF
	}
	if s.next == 0 {
		if err := c.SetFormat(0, s.format); err != nil {
			return err
		}
	}
	k := s.list[s.next]
	s.next++
	f := frames.NewFrame(s.format, frames.WrapMemory(k.data, nil))
	f.PTS = k.pts
	return c.Push(0, f)
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "chunks", LongName: "Chunks", Class: "Source", Description: "Gives prepared bytes, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(chunks) },
	})
}

// decode sends chunks through a decoder.
func decode(t testing.TB, element, caps string, list ...chunk) ([]collected, []string, error) {
	t.Helper()
	p := launch(t, "chunks name=in ! "+element+" ! collect name=out")
	in := p.Element("in").(*chunks)
	in.list, in.format = list, frames.Untyped
	if caps != "" {
		f, err := frames.NewFormat(frames.MustCaps(caps))
		if err != nil {
			t.Fatal(err)
		}
		in.format = f
	}
	warnings, err := watch(t, p)
	return p.Element("out").(*collect).got, warnings, err
}

// cut divides bytes into chunks of n.
func cut(data []byte, n int) []chunk {
	var out []chunk
	for len(data) > 0 {
		k := min(n, len(data))
		out = append(out, chunk{data[:k], frames.NoTime})
		data = data[k:]
	}
	return out
}

func samePixels(t *testing.T, g *collected, want image.Image, tolerance int) {
	t.Helper()
	b := want.Bounds()
	if g.picture.Width != b.Dx() || g.picture.Height != b.Dy() {
		t.Fatalf("%dx%d, want %v", g.picture.Width, g.picture.Height, b)
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, gr, bl, _ := want.At(b.Min.X+x, b.Min.Y+y).RGBA()
			exact := [3]int{int(r >> 8), int(gr >> 8), int(bl >> 8)}
			n := g.picture.Format.PixelStride()
			px := g.picture.Row(0, y)[n*x : n*x+n]
			for i := range 3 {
				v := int(px[min(i, n-1)])
				if d := v - exact[i]; d < -tolerance || d > tolerance {
					t.Fatalf("pixel %d,%d is %v, want %v", x, y, px, exact)
				}
			}
		}
	}
}

func TestDecodePhotographs(t *testing.T) {
	g := mustRun(t, "filesrc location="+photos+"camera.png ! decodebin")
	want, err := png.Decode(bytes.NewReader(read(t, photos+"camera.png")))
	if err != nil {
		t.Fatal(err)
	}
	if len(g) != 1 || g[0].pts != 0 {
		t.Fatalf("%d pictures", len(g))
	}
	samePixels(t, &g[0], want, 0)

	g = mustRun(t, "filesrc location="+photos+"astronaut.jpg blocksize=777 ! jpegdec")
	img, err := stdjpeg.Decode(bytes.NewReader(read(t, photos+"astronaut.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	ycc := img.(*image.YCbCr)
	p := g[0].picture
	if g[0].format.Video.Format != frames.I420 || g[0].format.Video.Color.Range != frames.FullRange {
		t.Fatalf("format %s", g[0].format)
	}
	for y := range p.Height {
		if !bytes.Equal(p.Row(0, y), ycc.Y[y*ycc.YStride:][:p.Width]) {
			t.Fatalf("luma of row %d differs from image/jpeg", y)
		}
	}
}

func smallPNG(t testing.TB, v uint8) []byte {
	t.Helper()
	p := frames.NewPicture(frames.RGB, 9, 5)
	for i := range p.Data[0] {
		p.Data[0][i] = v
	}
	var b bytes.Buffer
	if err := engpng.Encode(&b, &p, 6); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func smallJPEG(t testing.TB, v uint8) []byte {
	t.Helper()
	p := frames.NewPicture(frames.GRAY8, 16, 8)
	for i := range p.Data[0] {
		p.Data[0][i] = v
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, &p, 90); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecodeConcatenated(t *testing.T) {
	for _, codec := range []struct {
		name string
		make func(testing.TB, uint8) []byte
	}{{"png", smallPNG}, {"jpeg", smallJPEG}} {
		var all []byte
		for i := range 5 {
			all = append(all, codec.make(t, uint8(20+40*i))...)
			all = append(all, make([]byte, i)...) // cameras pad
		}
		for _, size := range []int{1, 2, 7, 64, len(all)} {
			for _, element := range []string{codec.name + "dec", "decodebin"} {
				g, warnings, err := decode(t, element, "image/"+codec.name+",framerate=25/1", cut(all, size)...)
				if err != nil || len(warnings) > 0 || len(g) != 5 {
					t.Fatalf("%s in chunks of %d: %d pictures, %v %v", codec.name, size, len(g), warnings, err)
				}
				for i := range g {
					if d := int(g[i].data[0]) - (20 + 40*i); d < -1 || d > 1 || g[i].pts != time.Duration(i)*40*time.Millisecond || g[i].seq != uint64(i) {
						t.Errorf("picture %d: value %d pts %v seq %d", i, g[i].data[0], g[i].pts, g[i].seq)
					}
					if g[i].format.Video.FPS != (frames.Fraction{Num: 25, Den: 1}) {
						t.Errorf("format %s", g[i].format)
					}
				}
			}
		}
	}
}

// Whole pictures keep their times; sizes may change on the way.
func TestDecodeTimesAndSizes(t *testing.T) {
	big := frames.NewPicture(frames.RGBA, 32, 16)
	var b bytes.Buffer
	if err := engpng.Encode(&b, &big, 1); err != nil {
		t.Fatal(err)
	}
	a := smallPNG(t, 9)
	g, warnings, err := decode(t, "pngdec", "image/png", chunk{a, 5 * time.Second}, chunk{b.Bytes(), 6 * time.Second}, chunk{a[:20], 7 * time.Second}, chunk{a[20:], 8 * time.Second})
	if err != nil || len(warnings) > 0 || len(g) != 3 {
		t.Fatalf("%d pictures, %v, %v", len(g), warnings, err)
	}
	for i := range g {
		if g[i].pts != time.Duration(5+i)*time.Second {
			t.Errorf("picture %d has pts %v", i, g[i].pts)
		}
	}
	if v := g[1].format.Video; v.Format != frames.RGBA || v.Width != 32 || g[2].format.Video.Width != 9 {
		t.Errorf("formats %s, %s", g[1].format, g[2].format)
	}
	g, _, err = decode(t, "pngdec", "", chunk{append(bytes.Clone(a), a...), frames.NoTime})
	if err != nil || len(g) != 2 || g[0].pts != 0 || g[1].pts != frames.NoTime {
		t.Errorf("without times: %d pictures, %v", len(g), err)
	}
}

func TestDecodeDamaged(t *testing.T) {
	a, b := smallPNG(t, 1), smallPNG(t, 2)
	broken := bytes.Clone(a)
	broken[len(broken)-20] ^= 0xff // inside of IDAT
	ok := func(data []byte) chunk { return chunk{data, frames.NoTime} }

	g, warnings, err := decode(t, "pngdec", "", ok(a), ok(broken), ok(b))
	if err != nil || len(g) != 2 || len(warnings) != 1 || !strings.Contains(warnings[0], "picture 2 was left out") {
		t.Errorf("one broken of three: %d pictures, %q, %v", len(g), warnings, err)
	}
	g, warnings, err = decode(t, "pngdec", "", ok(a), ok([]byte("garbage in between")), ok(b))
	if err != nil || len(g) != 2 || len(warnings) != 1 {
		t.Errorf("garbage in between: %d pictures, %q, %v", len(g), warnings, err)
	}
	g, warnings, err = decode(t, "pngdec", "", ok(a), ok(b[:30]))
	if err != nil || len(g) != 1 || len(warnings) != 1 || !strings.Contains(warnings[0], "truncated") {
		t.Errorf("the last one truncated: %d pictures, %q, %v", len(g), warnings, err)
	}
	_, _, err = decode(t, "pngdec", "", ok(broken))
	if err == nil || !strings.Contains(err.Error(), "none of 1 PNG pictures could be decoded") {
		t.Errorf("only a broken one: %v", err)
	}
	var e *eiengine.ElementError
	if !errors.As(err, &e) {
		t.Errorf("the element is not named: %#v", err)
	}
}

func TestDecodeBadInput(t *testing.T) {
	pngFile, jpegFile := read(t, photos+"camera.png"), read(t, photos+"rocket.jpg")
	for _, tt := range []struct {
		name    string
		data    []byte
		element string
		want    []string
	}{
		{"cut.png", pngFile[:50000], "pngdec", []string{"truncated", "50000 bytes", "save it again"}},
		{"cut.png", pngFile[:50000], "decodebin", []string{"truncated", "50000 bytes"}},
		{"cut.png", pngFile[:len(pngFile)-1], "decodebin", []string{"truncated"}},
		{"cut.jpg", jpegFile[:60000], "jpegdec", []string{"truncated", "60000 bytes", "save it again"}},
		{"cut.jpg", jpegFile[:60000], "decodebin", []string{"truncated"}},
		{"empty.png", nil, "pngdec", []string{"empty", "0 bytes"}},
		{"empty.png", nil, "decodebin", []string{"empty", "0 bytes"}},
		{"is.jpg", jpegFile, "pngdec", []string{"not PNG", "image/jpeg", "decodebin"}},
		{"is.png", pngFile, "jpegdec", []string{"not JPEG", "image/png"}},
		{"prog", []byte("\x7fELF\x02\x01\x01\x00 and so on"), "decodebin", []string{"could not determine type of stream", "7f 45 4c 46", "an ELF program"}},
		{"x.h264", []byte("\x00\x00\x00\x01\x67\x42\x00\x1e\xab"), "decodebin", []string{"no decoder for video/x-h264"}},
		{"x.mp4", []byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"), "decodebin", []string{"no decoder for video/quicktime"}},
		{"note.txt", []byte("hello, this is a text\n"), "decodebin", []string{"could not determine type", "text"}},
		{"zero", make([]byte, 5000), "decodebin", []string{"could not determine type", "zeros"}},
	} {
		begin := time.Now()
		failing(t, fmt.Sprintf("filesrc location=%s ! %s", write(t, tt.name, tt.data), tt.element), tt.want...)
		if d := time.Since(begin); d > time.Second {
			t.Errorf("%s ! %s took %v to fail", tt.name, tt.element, d)
		}
	}
}

// A picture that can never fit into memory fails at once, and says so.
func TestDecodeBeyondBudget(t *testing.T) {
	eng := eiengine.New(eiengine.Options{MemoryBudget: 64 << 10})
	p, err := eng.Launch("filesrc location=" + photos + "camera.png ! decodebin ! fakesink")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Run(testContext(t))
	if err == nil || !strings.Contains(err.Error(), "raise the budget") {
		t.Errorf("got %v", err)
	}
	t.Log(err)
	if err := eng.Close(); err != nil {
		t.Error(err)
	}
}

func TestDecodebinPassesRawVideo(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=3 pattern=red ! decodebin")
	if len(g) != 3 || !g[0].format.IsVideo() {
		t.Fatalf("%d frames", len(g))
	}
	p := launch(t, "videotestsrc num-buffers=1 ! decodebin name=d  d.src_0 ! collect name=out")
	if err := p.Run(testContext(t)); err != nil {
		t.Error(err)
	}
}

// A pipeline can be run again: what decodebin became is forgotten.
func TestDecodeAgain(t *testing.T) {
	p := launch(t, "filesrc location="+photos+"coffee.jpg ! decodebin ! collect name=out")
	for i := range 3 {
		if err := p.Run(testContext(t)); err != nil {
			t.Fatal(err)
		}
		if n := len(p.Element("out").(*collect).got); n != i+1 {
			t.Fatalf("run %d: %d pictures", i, n)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	a := smallPNG(f, 3)
	f.Add(a, 7)
	f.Add(append(bytes.Clone(a), smallJPEG(f, 3)...), 50)
	f.Add([]byte("\x89PNG\r\n\x1a\n"), 1)
	sound, _ := wavOf(f, frames.AudioInfo{Format: frames.S16LE, Rate: 8000, Channels: 1}, 20)
	f.Add(sound, 9)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		if size < 1 || len(data) > 4096 {
			return
		}
		for _, element := range []string{"pngdec", "jpegdec", "wavparse", "decodebin"} {
			_, _, err := decode(t, element, "", cut(data, size)...)
			if err != nil && strings.Contains(err.Error(), "panic") {
				t.Fatal(err)
			}
		}
	})
}
