package flow

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "fakesrc", LongName: "Fake Source", Class: "Source",
		Description: "Makes frames of any size, empty by default",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(fakesrc) },
	})
}

// sizeType says how large the frames are.
type sizeType int

const (
	sizeEmpty sizeType = iota + 1
	sizeFixed
	sizeRandom
)

// EnumValues implements eiengine.Enum.
func (sizeType) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(sizeEmpty), Nick: "empty", Name: "Send empty buffers"},
		{Value: int(sizeFixed), Nick: "fixed", Name: "Fixed size buffers (sizemax sized)"},
		{Value: int(sizeRandom), Nick: "random", Name: "Random sized buffers (sizemin <= size <= sizemax)"},
	}
}

// fillType says what is in the frames.
type fillType int

const (
	fillNothing fillType = iota + 1
	fillZero
	fillRandom
	fillPattern
	fillPatternSpan
)

// EnumValues implements eiengine.Enum.
func (fillType) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(fillNothing), Nick: "nothing", Name: "Leave data as malloced"},
		{Value: int(fillZero), Nick: "zero", Name: "Fill buffers with zeros"},
		{Value: int(fillRandom), Nick: "random", Name: "Fill buffers with random data"},
		{Value: int(fillPattern), Nick: "pattern", Name: "Fill buffers with pattern 0x00 -> 0xff"},
		{Value: int(fillPatternSpan), Nick: "pattern-span", Name: "Fill buffers with pattern 0x00 -> 0xff that spans buffers"},
	}
}

// dataType says where the bytes of frames come from.
type dataType int

// EnumValues implements eiengine.Enum.
func (dataType) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 1, Nick: "allocate", Name: "Allocate data"},
		{Value: 2, Nick: "subbuffer", Name: "Subbuffer data"},
	}
}

// streamFormat is what a stream is measured in.
type streamFormat int

// EnumValues implements eiengine.Enum.
func (streamFormat) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "undefined", Name: "GST_FORMAT_UNDEFINED"},
		{Value: 1, Nick: "default", Name: "GST_FORMAT_DEFAULT"},
		{Value: 2, Nick: "bytes", Name: "GST_FORMAT_BYTES"},
		{Value: 3, Nick: "time", Name: "GST_FORMAT_TIME"},
		{Value: 4, Nick: "buffers", Name: "GST_FORMAT_BUFFERS"},
		{Value: 5, Nick: "percent", Name: "GST_FORMAT_PERCENT"},
	}
}

type fakesrcProps struct {
	eiengine.SourceProps
	SizeType        sizeType     `prop:"sizetype,live" default:"empty" doc:"How large the frames are"`
	SizeMin         int          `prop:"sizemin,live" default:"0" min:"0" doc:"Bytes of the smallest frame, for sizetype=random"`
	SizeMax         int          `prop:"sizemax,live" default:"4096" min:"0" doc:"Bytes of a frame, for sizetype=random of the largest one"`
	FillType        fillType     `prop:"filltype,live" default:"nothing" doc:"What the frames are filled with"`
	DataRate        int          `prop:"datarate,live" min:"0" doc:"Bytes per second by which frames get their times, 0 for no times"`
	Live            bool         `prop:"is-live" doc:"Behave like a device: no frame while the pipeline is paused"`
	Dump            bool         `prop:"dump,live" doc:"Print the bytes of each frame to standard output"`
	Data            dataType     `prop:"data" default:"allocate" doc:"Accepted without effect: the bytes of every frame come from the engine's pool"`
	ParentSize      int          `prop:"parentsize" default:"40960" min:"0" doc:"Accepted without effect, as is data=subbuffer"`
	Format          streamFormat `prop:"format" default:"bytes" doc:"Accepted without effect: streams are measured in time here"`
	Pattern         string       `prop:"pattern" null:"null" doc:"Accepted without effect, as in GStreamer"`
	Handoffs        bool         `prop:"signal-handoffs,live" doc:"Show each frame to those who are connected to the signal handoff"`
	Sync            bool         `prop:"sync,live" doc:"Give frames no earlier than datarate says"`
	BlockSize       uint         `prop:"blocksize" default:"4096" doc:"Accepted without effect: sizetype, sizemin and sizemax say how large frames are"`
	CanActivatePull bool         `prop:"can-activate-pull" default:"true" doc:"Accepted without effect: sources are never asked for bytes"`
	CanActivatePush bool         `prop:"can-activate-push" default:"true" doc:"Whether it gives frames at all; false fails the pipeline, as in GStreamer"`
	silentProps
	handoffProps
}

type fakesrc struct {
	eiengine.Settings[fakesrcProps]
	lastMessage
	seq   uint64
	bytes uint64 // given so far
	next  byte   // of the pattern that spans frames
}

// SourceSettings implements eiengine.SourceSettings.
func (s *fakesrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// IsLive implements eiengine.Live.
func (s *fakesrc) IsLive() bool { return s.Load().Live }

// Start implements eiengine.Starter.
func (s *fakesrc) Start(*eiengine.Ctx) error {
	p := s.Load()
	if !p.CanActivatePush {
		return errors.New("can-activate-push=false leaves no way to give frames: set it to true")
	}
	if p.SizeType == sizeRandom && p.SizeMin > p.SizeMax {
		return fmt.Errorf("sizemin=%d is larger than sizemax=%d: no frame has such a size", p.SizeMin, p.SizeMax)
	}
	s.seq, s.bytes, s.next = 0, 0, 0
	return nil
}

// Stop implements eiengine.Starter.
func (s *fakesrc) Stop(*eiengine.Ctx) error { return nil }

// Configure implements eiengine.Configurer. Downstream may ask for raw video;
// what is called so must have the bytes of it.
func (s *fakesrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	p := s.Load()
	if need := out.FrameSize(); need > 0 && (p.SizeType != sizeFixed || p.SizeMax < need) {
		return fmt.Errorf("a frame of %v has %d bytes: set sizetype=fixed sizemax=%d, or use videotestsrc", out, need, need)
	}
	return nil
}

// Read implements eiengine.Source.
func (s *fakesrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	if at := byteTime(s.bytes, p.DataRate); p.Sync && at > 0 {
		if err := c.WaitUntil(at); err != nil {
			return err
		}
	}
	f, err := c.NewBuffer(c.OutFormat(0), p.size())
	if err != nil {
		return err
	}
	s.fill(p.FillType, f.Memory().Bytes())
	f.Seq, f.Mono = s.seq, c.Now()
	s.seq++
	if p.DataRate > 0 {
		f.PTS = byteTime(s.bytes, p.DataRate)
		s.bytes += uint64(f.Size())
		f.Duration = byteTime(s.bytes, p.DataRate) - f.PTS
	}
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	if !p.Silent {
		s.tell(c, describe("create", c.Name(), "src", f))
	}
	if p.Dump {
		if err := dump(os.Stdout, f.Bytes()); err != nil {
			c.Warn(err)
		}
	}
	p.handOff(p.Handoffs, f)
	return c.Push(0, f)
}

// size is that of the next frame, in bytes.
func (p *fakesrcProps) size() int {
	switch p.SizeType {
	case sizeFixed:
		return p.SizeMax
	case sizeRandom:
		return p.SizeMin + rand.IntN(max(1, p.SizeMax-p.SizeMin+1))
	}
	return 0
}

func (s *fakesrc) fill(how fillType, data []byte) {
	switch how {
	case fillZero:
		clear(data)
	case fillRandom:
		fillNoise(data)
	case fillPattern:
		count(data, 0)
	case fillPatternSpan:
		s.next = count(data, s.next)
	}
}

// count fills data with first, first+1 and so on, and returns what comes next.
func count(data []byte, first byte) (next byte) {
	for i := range data {
		data[i] = first
		first++
	}
	return first
}

func fillNoise(data []byte) {
	for len(data) >= 8 {
		binary.LittleEndian.PutUint64(data, rand.Uint64())
		data = data[8:]
	}
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
}
