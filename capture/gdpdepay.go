package capture

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
)

// gdpMedia is the media type of streams of packets.
const gdpMedia = "application/x-gdp"

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "gdpdepay", LongName: "GDP Depayloader", Class: "GDP/Depayloader",
		Description: "Gives the stream that gdppay made packets of: the same frames, times and flags",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(byteStream(gdpMedia)), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(gdpDepay) },
	})
}

type gdpDepayProps struct {
	TSOffset int64 `prop:"ts-offset,live" doc:"Nanoseconds added to the time of each frame; none begins before 0"`
}

// maxGDPText bounds the text of caps and of events that are read.
const maxGDPText = 1 << 16

// gdpDepay reads packets out of bytes that come in pieces of any size.
type gdpDepay struct {
	eiengine.Settings[gdpDepayProps]
	head   []byte // of the packet that is read, up to gdp.HeaderSize bytes
	packet gdp.Packet
	left   int           // bytes of the payload to come
	frame  *frames.Frame // takes the payload of a buffer
	text   []byte        // takes that of caps and segments
	sum    gdp.Checksum
	taken  int64 // bytes of the input
	more   bool  // it is not the first one
	at     int64 // where the packet begins

	caps   []byte // text of the format
	format *frames.Format
	rounds rounds
}

// LateFormat implements eiengine.LateFormat.
func (*gdpDepay) LateFormat() {}

// Start implements eiengine.Starter.
func (d *gdpDepay) Start(*eiengine.Ctx) error {
	d.head, d.left, d.taken, d.caps, d.format = d.head[:0], 0, 0, d.caps[:0], nil
	d.more, d.rounds = false, rounds{segment: gdp.Whole}
	return nil
}

// Stop implements eiengine.Starter.
func (d *gdpDepay) Stop(c *eiengine.Ctx) error {
	d.Flush(c)
	return nil
}

// Flush implements eiengine.Flusher.
func (d *gdpDepay) Flush(c *eiengine.Ctx) {
	if d.frame != nil {
		c.Drop(d.frame)
		d.frame = nil
	}
	d.head, d.left = d.head[:0], 0
}

// Process implements eiengine.Filter.
func (d *gdpDepay) Process(c *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	if in.Flags&frames.Discont != 0 && d.taken > 0 {
		if err := d.again(c); err != nil {
			return err
		}
	}
	for data := in.Bytes(); len(data) > 0; {
		n, err := d.take(c, data, in.Mono)
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// again ends a recording where the input begins another, or the same one in a loop.
func (d *gdpDepay) again(c *eiengine.Ctx) error {
	if d.rounds.count == 0 {
		return eiengine.Fatal(fmt.Errorf("the recording ends at byte %d, and no frame is in it: record it again", d.taken))
	}
	if len(d.head) > 0 {
		c.Warn(d.truncated())
	}
	d.Flush(c)
	d.taken, d.more = 0, true
	d.rounds.begin()
	return nil
}

// take takes bytes of one packet and reports how many.
func (d *gdpDepay) take(c *eiengine.Ctx, data []byte, mono time.Duration) (n int, err error) {
	if missing := gdp.HeaderSize - len(d.head); missing > 0 {
		n = min(missing, len(data))
		d.head = append(d.head, data[:n]...)
		d.taken += int64(n)
		if n < missing {
			return n, nil
		}
		if err := d.begin(c); err != nil {
			return n, err
		}
	} else {
		n = min(d.left, len(data))
		d.keep(data[:n])
		d.left -= n
		d.taken += int64(n)
	}
	if d.left > 0 {
		return n, nil
	}
	d.head = d.head[:0]
	return n, d.end(c, mono)
}

// begin understands a head and makes room for the payload.
func (d *gdpDepay) begin(c *eiengine.Ctx) error {
	p := &d.packet
	d.at = d.taken - gdp.HeaderSize
	if err := gdp.ParseHeader(d.head, p); err != nil {
		remedy := "record it again; what came before was played"
		if d.at == 0 {
			remedy = describeHead(d.head) + "; give gdpdepay what gdppay has written"
		}
		return d.damaged(fmt.Errorf("%w: %s", err, remedy))
	}
	d.left, d.sum, d.text = int(p.Size), 0, d.text[:0]
	switch {
	case p.Type == gdp.Buffer:
		return d.beginBuffer(c)
	case p.Type == gdp.Caps && p.Size > maxGDPText:
		return d.damaged(fmt.Errorf("caps of %d bytes, more than the %d that they may have", p.Size, maxGDPText))
	case p.Type == gdp.StreamStart:
		d.rounds.begin()
	}
	return nil
}

func (d *gdpDepay) beginBuffer(c *eiengine.Ctx) error {
	size := int(d.packet.Size)
	switch {
	case d.format == nil:
		return d.damaged(errors.New("a buffer before any caps, so that nobody knows what it holds: record the stream from its beginning"))
	case size > maxBlock:
		return d.damaged(fmt.Errorf("a buffer of %d bytes, more than the %d that one frame may have", size, maxBlock))
	}
	if d.misfit(size) != nil {
		return nil // passed over, and told at its end
	}
	var err error
	d.frame, err = c.NewBuffer(d.format, size)
	return err
}

// misfit says why a buffer of so many bytes cannot be one of the format.
func (d *gdpDepay) misfit(size int) error {
	switch want := d.format.FrameSize(); {
	case size < want:
		return fmt.Errorf("a buffer of %d bytes, a picture of %s has %d", size, d.format, want)
	case d.format.IsAudio() && size%d.format.Audio.FrameBytes() != 0:
		return fmt.Errorf("a buffer of %d bytes is no whole number of samples of %s", size, d.format)
	}
	return nil
}

// keep puts a part of the payload where it belongs; that of other packets is passed
// over.
func (d *gdpDepay) keep(data []byte) {
	if d.packet.SumOf&gdp.SumPayload != 0 {
		d.sum = d.sum.Add(data)
	}
	switch t := d.packet.Type; {
	case d.frame != nil:
		copy(d.frame.Bytes()[int(d.packet.Size)-d.left:], data)
	case t == gdp.Caps, t == gdp.SegmentType:
		d.text = append(d.text, data[:min(len(data), maxGDPText-len(d.text))]...)
	}
}

// end deals with a packet that is there as a whole.
func (d *gdpDepay) end(c *eiengine.Ctx, mono time.Duration) error {
	p := &d.packet
	f := d.frame
	d.frame = nil
	if p.SumOf&gdp.SumPayload != 0 && p.Size > 0 && d.sum.Value() != p.Sum {
		if f == nil {
			return d.damaged(errors.New("the checksum of a packet is wrong: record it again; what came before was played"))
		}
		c.Drop(f)
		d.leftOut(c, errors.New("a buffer is damaged, its checksum is wrong"))
		return nil
	}
	switch {
	case f != nil:
		return d.push(c, f, mono)
	case p.Type == gdp.Buffer:
		d.leftOut(c, d.misfit(int(p.Size)))
	case p.Type == gdp.Caps:
		return d.setFormat(c)
	case p.Type == gdp.SegmentType:
		d.rounds.segment = gdp.ParseSegment(string(d.text))
	}
	return nil
}

// leftOut tells of a buffer that is not played; the stream goes on behind it.
func (d *gdpDepay) leftOut(c *eiengine.Ctx, err error) {
	if err != nil {
		c.Warn(fmt.Errorf("left out a frame at byte %d of the recording: %w", d.at, err))
	}
}

// setFormat announces the format that the text of caps tells.
func (d *gdpDepay) setFormat(c *eiengine.Ctx) error {
	if d.format != nil && string(d.caps) == string(d.text) {
		return nil // the stream begins again, as it does in a loop
	}
	text := d.text
	if n := len(text); n > 0 && text[n-1] == 0 {
		text = text[:n-1]
	}
	caps, err := frames.ParseCaps(string(text))
	if err != nil {
		return d.damaged(err)
	}
	format, err := frames.NewFormat(caps)
	if err != nil {
		return d.damaged(fmt.Errorf("cannot use what was recorded: %w", err))
	}
	d.format, d.caps = format, append(d.caps[:0], d.text...)
	return c.SetFormat(0, format)
}

func (d *gdpDepay) push(c *eiengine.Ctx, f *frames.Frame, mono time.Duration) error {
	if size := d.format.FrameSize(); size > 0 {
		f.Truncate(size)
	}
	p := &d.packet
	pts := p.PTS
	if pts < 0 {
		pts = p.DTS // all that recordings of encoded streams may have
	}
	if !d.rounds.place(f, pts, p) {
		c.Drop(f)
		return nil
	}
	if f.PTS >= 0 {
		f.PTS = max(f.PTS+time.Duration(d.Load().TSOffset), 0)
	}
	f.Mono, f.Flags = mono, p.Flags
	return c.Push(0, f)
}

// Drain implements eiengine.Drainer.
func (d *gdpDepay) Drain(c *eiengine.Ctx) error {
	switch {
	case d.taken == 0:
		return eiengine.Fatal(errors.New("the input is empty, 0 bytes: a recording of gdppay was expected; check that the file was written"))
	case len(d.head) > 0 && d.more: // num-buffers or a stop, in a loop
		d.Flush(c)
	case len(d.head) > 0:
		defer d.Flush(c)
		if d.rounds.count == 0 {
			return eiengine.Fatal(fmt.Errorf("the recording is truncated at byte %d, and no frame is in it: record it again", d.taken))
		}
		return d.truncated()
	}
	return nil
}

func (d *gdpDepay) truncated() error {
	return fmt.Errorf("the recording is truncated: it ends within a packet, at byte %d; what is whole was played", d.taken)
}

// damaged ends the stream: nobody knows where the next packet begins.
func (d *gdpDepay) damaged(err error) error {
	return eiengine.Fatal(fmt.Errorf("cannot read the recording at byte %d: %w", d.at, err))
}

// recordedCaps looks for the first caps in the beginning of a recording; known is false
// if it ends before.
func recordedCaps(head []byte) (caps frames.Caps, known bool, err error) {
	var p gdp.Packet
	for len(head) >= gdp.HeaderSize {
		if err := gdp.ParseHeader(head, &p); err != nil {
			return caps, false, fmt.Errorf("cannot read the recording: %w", err)
		}
		body := head[gdp.HeaderSize:]
		if uint64(p.Size) > uint64(len(body)) {
			break
		}
		if p.Type == gdp.Caps {
			caps, err = frames.ParseCaps(strings.TrimRight(string(body[:p.Size]), "\x00"))
			return caps, err == nil, err
		}
		head = body[p.Size:]
	}
	return caps, false, nil
}
