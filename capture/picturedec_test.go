package capture

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	engpng "github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
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
	data  []byte
	pts   time.Duration
	flags frames.Flags
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
	f.PTS, f.Flags = k.pts, k.flags
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
	p := graphtest.Launch(t, "chunks name=in ! "+element+" ! collect name=out")
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
		out = append(out, chunk{data: data[:k], pts: frames.NoTime})
		data = data[k:]
	}
	return out
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
