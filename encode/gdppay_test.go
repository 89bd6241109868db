package encode

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// packets are the heads and payloads of a recording.
func packets(t *testing.T, data []byte) (heads []gdp.Packet, bodies [][]byte) {
	t.Helper()
	for len(data) > 0 {
		var p gdp.Packet
		if err := gdp.ParseHeader(data, &p); err != nil {
			t.Fatalf("packet %d: %v", len(heads), err)
		}
		body := data[gdp.HeaderSize : gdp.HeaderSize+int(p.Size)]
		if p.SumOf&gdp.SumPayload != 0 && p.Size > 0 && gdp.Sum(body) != p.Sum {
			t.Errorf("packet %d: a wrong checksum", len(heads))
		}
		heads, bodies = append(heads, p), append(bodies, body)
		data = data[gdp.HeaderSize+int(p.Size):]
	}
	return heads, bodies
}

// packed runs a line and gives the packets that gdppay makes of it.
func packed(t *testing.T, line string) (heads []gdp.Packet, bodies [][]byte) {
	t.Helper()
	got := collect(t, line)
	return packets(t, bytes.Join(got.data, nil))
}

func collect(t *testing.T, line string) *collector {
	t.Helper()
	p := graphtest.Launch(t, line+" ! testsink name=out")
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	return p.Element("out").(*collector)
}

func TestGdppayWritesWhatGStreamerDoes(t *testing.T) {
	heads, bodies := packed(t, "testpictures num-buffers=2 ! gdppay name=pay crc-payload=true")
	var types []gdp.Type
	for _, h := range heads {
		types = append(types, h.Type)
		if h.SumOf != gdp.SumHeader|gdp.SumPayload {
			t.Errorf("checksums %b", h.SumOf)
		}
	}
	if want := []gdp.Type{gdp.StreamStart, gdp.Caps, gdp.SegmentType, gdp.Buffer, gdp.Buffer}; fmt.Sprint(types) != fmt.Sprint(want) {
		t.Fatalf("packets %v, want %v", types, want)
	}
	for i, want := range []string{`stream-id=(string)"pay"`, "video/x-raw, format=(string)RGB, width=(int)33, height=(int)17, framerate=(fraction)10/1\x00", "segment"} {
		if !strings.Contains(string(bodies[i]), want) {
			t.Errorf("packet %d is %q, want %q", i, bodies[i], want)
		}
	}
	second := heads[4]
	if second.PTS != 100e6 || second.Duration != 100e6 || second.Offset != 1 || second.OffsetEnd != 2 || second.DTS != frames.NoTime || second.Size != 17*100 {
		t.Errorf("%+v", second)
	}
	heads, _ = packed(t, "testpictures num-buffers=1 ! gdppay crc-header=false")
	if heads[3].SumOf != 0 {
		t.Errorf("checksums %b, none were asked for", heads[3].SumOf)
	}
}

// untyped gives bytes that nobody has described.
type untyped struct{ texts }

func (s *untyped) LateFormat() {}

func (s *untyped) Read(c *eiengine.Ctx) error {
	if err := c.SetFormat(0, frames.Untyped); err != nil {
		return err
	}
	return s.texts.Read(c)
}

// changing gives frames of two formats, the first with rows that lie apart.
type changing struct {
	eiengine.Settings[eiengine.NoProps]
	n int
}

func (s *changing) LateFormat() {}

func (s *changing) Read(c *eiengine.Ctx) error {
	width := 2 + 4*s.n
	format, err := frames.VideoFormat(frames.VideoInfo{Format: frames.GRAY8, Width: width, Height: 2})
	if err != nil {
		return err
	}
	if s.n++; s.n > 2 {
		return eiengine.ErrEOS
	}
	if err := c.SetFormat(0, format); err != nil {
		return err
	}
	if err := c.SendEvent(eiengine.SegmentEvent{Start: time.Duration(s.n), Stop: frames.NoTime, Base: 7}); err != nil {
		return err
	}
	f, err := c.NewBuffer(format, 64)
	if err != nil {
		return err
	}
	for i := range f.Bytes() {
		f.Bytes()[i] = byte(i)
	}
	f.SetLayout(frames.Layout{Offset: [3]int{8}, Stride: [3]int{16}, Size: 64})
	return c.Push(0, f)
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "testuntyped", Class: "Test", Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New: func() eiengine.Element { return new(untyped) },
	})
	eiengine.Register(eiengine.Factory{
		Name: "testchanging", Class: "Test", Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.MustCaps("video/x-raw"))},
		New: func() eiengine.Element { return new(changing) },
	})
}

// TestGdppayTellsNewFormats, and where a program sought to. It also sees that pictures are recorded as their format lays
// them out, whatever the memory that they were in.
func TestGdppayTellsNewFormats(t *testing.T) {
	heads, bodies := packed(t, "testchanging ! gdppay")
	if len(heads) != 7 || heads[4].Type != gdp.Caps || heads[5].Type != gdp.SegmentType || !strings.Contains(string(bodies[4]), "width=(int)6") {
		t.Fatalf("%+v %q", heads, bodies)
	}
	if want := []byte{8, 9, 0, 0, 24, 25, 0, 0}; !bytes.Equal(bodies[3], want) {
		t.Errorf("the first picture is % d, want % d", bodies[3], want)
	}
	for at, start := range map[int]time.Duration{2: 1, 5: 2} {
		if got, want := gdp.ParseSegment(string(bodies[at])), (gdp.Segment{Start: start, Stop: frames.NoTime, Base: 7}); got != want {
			t.Errorf("packet %d is the segment %+v, want %+v", at, got, want)
		}
	}
	if want := []byte{8, 9, 10, 11, 12, 13, 0, 0, 24, 25, 26, 27, 28, 29, 0, 0}; !bytes.Equal(bodies[6], want) {
		t.Errorf("the second picture is % d, want % d", bodies[6], want)
	}
}

func TestGdppayWantsAFormat(t *testing.T) {
	p := graphtest.Launch(t, "testuntyped ! gdppay ! testsink")
	if err := p.Run(graphtest.Context(t)); err == nil || !strings.Contains(err.Error(), "put typefind before it") {
		t.Errorf("%v", err)
	}
}
