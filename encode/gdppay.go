package encode

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
)

var gdpCaps = frames.MustCaps("application/x-gdp")

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "gdppay", LongName: "GDP Payloader", Class: "GDP/Payloader",
		Description: "Makes a row of packets of any stream, with its format, times and flags, for files and connections",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(gdpCaps)},
		New:         func() eiengine.Element { return new(gdpPay) },
	})
}

type gdpPayProps struct {
	CRCHeader  bool `prop:"crc-header,live" default:"true" doc:"Have a checksum in the head of each packet"`
	CRCPayload bool `prop:"crc-payload,live" doc:"Have a checksum of what the packet holds, too"`
}

func (p *gdpPayProps) sums() (s gdp.Sums) {
	if p.CRCHeader {
		s |= gdp.SumHeader
	}
	if p.CRCPayload {
		s |= gdp.SumPayload
	}
	return s
}

// gdpPay pushes the head of a packet as a frame of its own, then the frame itself, so
// that pictures need not be copied.
type gdpPay struct {
	eiengine.Settings[gdpPayProps]
	in, out *frames.Format
	segment gdp.Segment
	begun   bool
	pending []byte // packets of text that go before the next buffer
	head    []byte
}

// Transform implements eiengine.Transformer.
func (*gdpPay) Transform(_ frames.Caps, toward eiengine.Direction) frames.Caps {
	if toward == eiengine.Sink {
		return frames.AnyCaps()
	}
	return gdpCaps
}

// Start implements eiengine.Starter.
func (g *gdpPay) Start(*eiengine.Ctx) error {
	g.in, g.out, g.segment, g.begun, g.pending = nil, nil, gdp.Whole, false, nil
	return nil
}

// Stop implements eiengine.Starter.
func (g *gdpPay) Stop(*eiengine.Ctx) error { return nil }

// Configure implements eiengine.Configurer.
func (g *gdpPay) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return errors.New("gdppay gets bytes of unknown type, and a recording says what it holds: put typefind before it")
	}
	g.in, g.out = in, out
	if g.begun {
		g.pending = gdp.AppendText(g.pending, gdp.Caps, capsText(in), g.Load().sums())
	}
	return nil
}

// capsText is how a format is told. Frames are bytes in memory of the system here,
// wherever they came from.
func capsText(f *frames.Format) string { return f.Caps().WithoutFeatures().String() }

// HandleEvent implements eiengine.EventHandler.
func (g *gdpPay) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (bool, error) {
	s, ok := e.(eiengine.SegmentEvent)
	if !ok {
		return false, nil
	}
	g.segment = gdp.Segment(s)
	if g.begun {
		g.pending = gdp.AppendText(g.pending, gdp.SegmentType, g.segment.String(), g.Load().sums())
	}
	return false, nil
}

// Process implements eiengine.Filter.
func (g *gdpPay) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if !g.begun {
		g.begin(c)
	}
	if len(g.pending) > 0 {
		if err := g.push(c, g.pending, nil); err != nil {
			in.Release()
			return err
		}
		g.pending = g.pending[:0]
	}
	body, err := g.body(c, in)
	if err != nil {
		return err
	}
	if err := g.push(c, g.packet(body), body); err != nil {
		body.Release()
		return err
	}
	body.Format = g.out
	return c.Push(0, body)
}

// begin is what a stream begins with. The names of streams are told apart by those of
// the elements, so that a recording is the same each time.
func (g *gdpPay) begin(c *eiengine.Ctx) {
	sums := g.Load().sums()
	g.begun = true
	g.pending = gdp.AppendText(nil, gdp.StreamStart,
		fmt.Sprintf("GstEventStreamStart, stream-id=(string)%q, flags=(GstStreamFlags)GST_STREAM_FLAG_NONE, group-id=(uint)1;", c.Name()), sums)
	g.pending = gdp.AppendText(g.pending, gdp.Caps, capsText(g.in), sums)
	g.pending = gdp.AppendText(g.pending, gdp.SegmentType, g.segment.String(), sums)
}

// body is the frame without strides of its own, which the protocol has no place for. It
// consumes in, also on error.
func (g *gdpPay) body(c *eiengine.Ctx, in *frames.Frame) (*frames.Frame, error) {
	size := in.Format.FrameSize()
	if size == 0 {
		return in, nil
	}
	want := in.Format.Video.DefaultLayout()
	if l := in.Layout(); l.Offset == want.Offset && l.Stride == want.Stride && in.Size() >= size {
		in.Truncate(size)
		return in, nil
	}
	out, err := c.NewBuffer(in.Format, size)
	if err == nil {
		buf := out.Bytes()
		in.Contiguous(&buf)
		out.CopyTimes(in)
	}
	in.Release()
	return out, err
}

// packet is the head of the packet of a frame, valid until the next call.
func (g *gdpPay) packet(f *frames.Frame) []byte {
	p := gdp.Packet{
		Type: gdp.Buffer, Size: uint32(f.Size()), PTS: f.PTS, DTS: frames.NoTime, Duration: f.Duration,
		Offset: f.Seq, OffsetEnd: f.Seq + 1, Flags: f.Flags, SumOf: g.Load().sums(),
	}
	if p.SumOf&gdp.SumPayload != 0 {
		p.Sum = gdp.Sum(f.Bytes())
	}
	g.head = gdp.AppendHeader(g.head[:0], &p)
	return g.head
}

// push pushes bytes with the times of a frame, or as a head of the stream.
func (g *gdpPay) push(c *eiengine.Ctx, data []byte, of *frames.Frame) error {
	f, err := c.NewBuffer(g.out, len(data))
	if err != nil {
		return err
	}
	copy(f.Bytes(), data)
	f.Flags = frames.Header
	if of != nil {
		f.CopyTimes(of)
	}
	return c.Push(0, f)
}
