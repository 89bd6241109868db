package capture

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/testpattern"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videotestsrc", LongName: "Video test source", Class: "Source/Video",
		Description: "Draws test pictures, among them moving scenes whose content is known",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoTestSrc) },
	})
}

// rawVideo is every raw video of the engine.
func rawVideo() frames.Caps {
	var formats frames.List
	for _, f := range frames.PixelFormats() {
		formats = append(formats, frames.String(f.String()))
	}
	side := frames.IntRange{Min: 1, Max: 1 << 15}
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: formats}, {Name: "width", Value: side}, {Name: "height", Value: side},
		{Name: "framerate", Value: frames.FractionRange{Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: math.MaxInt32, Den: 1}}},
	}})
}

type videoTestSrcProps struct {
	eiengine.SourceProps
	BlockSize       uint          `prop:"blocksize" default:"4096" doc:"Accepted without effect: a frame is a picture"`
	Pattern         testPattern   `prop:"pattern,live" default:"smpte" doc:"What to draw"`
	IsLive          bool          `prop:"is-live" doc:"Give each frame at its time, as a camera would"`
	ForegroundColor uint          `prop:"foreground-color,live" default:"4294967295" doc:"Colour of what is drawn, as 0xAARRGGBB"`
	BackgroundColor uint          `prop:"background-color,live" default:"4278190080" doc:"Colour behind what is drawn, as 0xAARRGGBB"`
	HorizontalSpeed int           `prop:"horizontal-speed,live" min:"-2147483648" max:"2147483647" doc:"Pixels that the picture moves to the left from frame to frame; negative: to the right"`
	AnimationMode   testAnimation `prop:"animation-mode,live" default:"frames" doc:"What moves the ball of pattern=ball"`
	Motion          testMotion    `prop:"motion,live" default:"wavy" doc:"Path of the ball of pattern=ball"`
	Flip            bool          `prop:"flip,live" doc:"Exchange the colours of pattern=ball every second, or every 50 frames"`
	K0              int           `prop:"k0,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate everywhere, 256 being a period"`
	KX              int           `prop:"kx,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for each pixel to the right"`
	KY              int           `prop:"ky,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for each row"`
	KT              int           `prop:"kt,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for each frame; pinwheel and spokes turn by a thousandth of it in radians"`
	KXT             int           `prop:"kxt,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for column times frame"`
	KYT             int           `prop:"kyt,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for row times frame"`
	KXY             int           `prop:"kxy,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for column times row, from the centre, over half the width"`
	KX2             int           `prop:"kx2,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for the square of the column, from the centre, over the width"`
	KY2             int           `prop:"ky2,live" min:"-2147483648" max:"2147483647" doc:"Phase of a zone plate for the square of the row, from the centre, over the height"`
	KT2             int           `prop:"kt2,live" min:"-2147483648" max:"2147483647" doc:"Twice the phase of a zone plate for the square of the frame"`
	XOffset         int           `prop:"xoffset,live" min:"-2147483648" max:"2147483647" doc:"Pixels that the centre of a zone plate lies to the right of the middle"`
	YOffset         int           `prop:"yoffset,live" min:"-2147483648" max:"2147483647" doc:"Rows that the centre of a zone plate lies below the middle"`
	TimestampOffset int64         `prop:"timestamp-offset" min:"0" doc:"Nanoseconds added to the times of frames"`
	Seed            uint64        `prop:"seed,live" doc:"Which scene the patterns shapes, one-shape and fabric show; the same number gives the same scene on every machine"`
}

func (p *videoTestSrcProps) options() testpattern.Options {
	return testpattern.Options{
		Pattern: testpattern.Pattern(p.Pattern), Foreground: uint32(p.ForegroundColor), Background: uint32(p.BackgroundColor),
		HorizontalSpeed: p.HorizontalSpeed, K0: p.K0, KX: p.KX, KY: p.KY, KT: p.KT, KXT: p.KXT, KYT: p.KYT, KXY: p.KXY,
		KX2: p.KX2, KY2: p.KY2, KT2: p.KT2, XOffset: p.XOffset, YOffset: p.YOffset,
		Animation: testpattern.Animation(p.AnimationMode), Motion: testpattern.Motion(p.Motion), Flip: p.Flip,
	}
}

// videoTestSrc draws numbered frames whose times follow from the frame rate.
type videoTestSrc struct {
	eiengine.Settings[videoTestSrcProps]
	extent
	format  *frames.Format
	painter *painter
	next    int           // number of the next frame
	stop    time.Duration // where a seek wants the end, 0 for nowhere

	// A rate that changes on the way counts from where it began.
	since     int
	sinceTime time.Duration
}

// SourceSettings implements eiengine.SourceSettings.
func (s *videoTestSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// IsLive implements eiengine.Live.
func (s *videoTestSrc) IsLive() bool { return s.Load().IsLive }

// Start implements eiengine.Starter.
func (s *videoTestSrc) Start(*eiengine.Ctx) error {
	s.format, s.painter, s.next, s.stop, s.since, s.sinceTime = nil, nil, 0, 0, 0, 0
	s.forget()
	return nil
}

// Stop implements eiengine.Starter.
func (s *videoTestSrc) Stop(*eiengine.Ctx) error {
	s.painter = nil
	return nil
}

// Fixate implements eiengine.Fixater: 320x240 at 30 frames a second, in RGB, which
// is what models and overlays work on, if nobody wishes anything else, and in a
// format with alpha for a colour that is transparent.
func (s *videoTestSrc) Fixate(_ *frames.Format, out frames.Caps) frames.Caps {
	list := out.Structures()
	if len(list) == 0 {
		return out
	}
	first := list[0]
	formats, _ := first.Get("format")
	switch all, _ := formats.(frames.List); {
	case s.Load().ForegroundColor>>24 < 255:
		first = first.FixateString("format", "ARGB", "BGRA", "ABGR", "RGBA")
	case len(all) == len(frames.PixelFormats()):
		first = first.FixateString("format", frames.RGB.String())
	}
	return frames.NewCaps(first.FixateInt("width", 320).FixateInt("height", 240).
		FixateFraction("framerate", frames.Fraction{Num: 30, Den: 1}).
		FixateFraction("pixel-aspect-ratio", frames.Fraction{Num: 1, Den: 1}))
}

// Configure implements eiengine.Configurer.
func (s *videoTestSrc) Configure(c *eiengine.Ctx, _, out *frames.Format) error {
	if budget := c.Engine().Pool().Stats().Budget; int64(out.FrameSize()) > budget {
		return fmt.Errorf("a frame of %s has %d bytes, but the memory budget is %d: ask for a smaller one or raise the budget", out, out.FrameSize(), budget)
	}
	if s.format != nil && s.format.Video.FPS != out.Video.FPS {
		s.since, s.sinceTime = s.next, s.time(s.next)
	}
	s.format, s.painter = out, nil
	length := frames.NoTime
	if n := s.Load().NumBuffers; n >= 0 && out.Video.FPS.Num > 0 {
		length = s.time(n) + time.Duration(s.Load().TimestampOffset)
	}
	s.known(length)
	return s.prepare()
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *videoTestSrc) PropertyChanged(*eiengine.Ctx, string) error {
	if s.format == nil {
		return nil
	}
	return s.prepare()
}

func (s *videoTestSrc) prepare() error {
	p := s.Load()
	painter, err := newPainter(s.painter, p, s.format)
	if err == nil {
		s.painter = painter
	}
	return err
}

// time is when frame n begins.
func (s *videoTestSrc) time(n int) time.Duration {
	return s.sinceTime + s.format.Video.FPS.Time(int64(n-s.since))
}

// Seek implements eiengine.Seeker.
func (s *videoTestSrc) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	offset := time.Duration(s.Load().TimestampOffset)
	was = s.time(s.next) + offset
	s.since, s.sinceTime = 0, 0
	s.next, s.stop = int(s.format.Video.FPS.Count(to.Position-offset)), to.Stop
	if to.KeyUnit {
		to.Position = s.time(s.next) + offset
	}
	return was, nil
}

// Read implements eiengine.Source.
func (s *videoTestSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	still := s.format.Video.FPS.Num == 0
	if still && s.next > 0 {
		return io.EOF // a rate of zero is one picture
	}
	pts := s.time(s.next)
	if !p.IsLive && p.NumBuffers >= 0 && s.next >= p.NumBuffers || s.stop > 0 && pts+time.Duration(p.TimestampOffset) >= s.stop {
		return io.EOF
	}
	if p.IsLive {
		if err := c.WaitUntil(pts); err != nil {
			return err
		}
	}
	n := s.next
	f, err := c.NewFrame(0)
	if errors.Is(err, frames.ErrBudget) {
		s.next++
		return nil // dropped and counted, as a camera does
	}
	if err != nil {
		return err
	}
	s.next++
	f.Mono = c.Now()
	picture := f.Picture()
	f.PTS, f.Seq = pts+time.Duration(p.TimestampOffset), uint64(n)
	if err := s.painter.paint(&picture, n, f.PTS); err != nil {
		f.Release()
		return eiengine.Fatal(err)
	}
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	if !still {
		f.Duration = s.time(n+1) - pts
	}
	if s.painter.known != nil {
		f.Attach(s.painter.known.truth(n))
	}
	return c.Push(0, f)
}
