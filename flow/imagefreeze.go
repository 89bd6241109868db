package flow

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	video := frames.NewCaps(frames.Structure{Media: frames.VideoRaw})
	eiengine.Register(eiengine.Factory{
		Name: "imagefreeze", LongName: "Still frame stream generator", Class: "Filter/Video",
		Description: "Shows the first picture that comes again and again, without end or num-buffers times",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(video), eiengine.SrcPad(video)},
		New:         func() eiengine.Element { return new(imageFreeze) },
	})
}

type imageFreezeProps struct {
	AllowReplace bool `prop:"allow-replace,live" doc:"Show the latest picture; otherwise those after the first are dropped"`
	IsLive       bool `prop:"is-live" doc:"Give each frame at its time, as a camera would"`
	NumBuffers   int  `prop:"num-buffers" default:"-1" min:"-1" max:"2147483647" doc:"Frames to give before the end of the stream, -1 for no limit"`
}

// imageFreeze repeats a picture at the rate that downstream asks for. The frames
// share its bytes.
type imageFreeze struct {
	eiengine.Settings[imageFreezeProps]
	still *frames.Frame
	in    *frames.Format
	n     int           // frames given
	stop  time.Duration // where a seek wants the end, 0 for nowhere

	length atomic.Int64 // nanoseconds, for those who look on; -1 if unknown
}

// Policy implements eiengine.Aggregator: it has a goroutine of its own, for it
// goes on when its input has ended.
func (*imageFreeze) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{} }

// Repeats implements eiengine.Repeater.
func (s *imageFreeze) Repeats() bool { return s.still != nil }

// Transform implements eiengine.Transformer: the rate is free on both sides.
func (*imageFreeze) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	if caps.IsAny() {
		return caps
	}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		out = append(out, s.With("framerate", frames.FractionRange{
			Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: math.MaxInt32, Den: 1},
		}))
	}
	return frames.NewCaps(out...)
}

// Fixate implements eiengine.Fixater: 25 frames a second.
func (*imageFreeze) Fixate(_ *frames.Format, out frames.Caps) frames.Caps {
	list := out.Structures()
	if len(list) == 0 {
		return out
	}
	return frames.NewCaps(list[0].FixateFraction("framerate", frames.Fraction{Num: 25, Den: 1}))
}

// Configure implements eiengine.Configurer.
func (s *imageFreeze) Configure(c *eiengine.Ctx, in, out *frames.Format) error {
	s.length.Store(int64(frames.NoTime))
	if n := s.Load().NumBuffers; n >= 0 && out.Video.FPS.Num > 0 {
		s.length.Store(int64(out.Video.FPS.Time(int64(n))))
	}
	if s.still != nil && !in.Equal(s.in) {
		if !s.Load().AllowReplace {
			return fmt.Errorf("the input changes from %s to %s, but the first picture is to stay: set allow-replace=true, or let one picture in only", s.in, in)
		}
		s.Flush(c) // a picture of the new format follows
	}
	s.in = in
	return nil
}

// Start implements eiengine.Starter.
func (s *imageFreeze) Start(*eiengine.Ctx) error {
	s.n, s.stop = 0, 0
	s.length.Store(int64(frames.NoTime))
	return nil
}

// Duration implements eiengine.Duration.
func (s *imageFreeze) Duration() (d time.Duration, known bool) {
	d = time.Duration(s.length.Load())
	return d, d >= 0
}

// SeekRange implements eiengine.Seeker: it shows the picture from any time on.
func (s *imageFreeze) SeekRange() (eiengine.SeekRange, error) {
	if s.Load().IsLive {
		return eiengine.SeekRange{}, errors.New("it is live: set is-live=false to seek")
	}
	return eiengine.SeekRange{Stop: time.Duration(s.length.Load())}, nil
}

// Seek implements eiengine.Seeker.
func (s *imageFreeze) Seek(c *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	fps := c.OutFormat(0).Video.FPS
	was = fps.Time(int64(s.n))
	s.n, s.stop = int(fps.Count(to.Position)), to.Stop
	if to.KeyUnit {
		to.Position = fps.Time(int64(s.n))
	}
	return was, nil
}

// Stop implements eiengine.Starter.
func (s *imageFreeze) Stop(c *eiengine.Ctx) error {
	s.Flush(c)
	return nil
}

// Flush implements eiengine.Flusher.
func (s *imageFreeze) Flush(*eiengine.Ctx) {
	if s.still != nil {
		s.still.Release()
		s.still = nil
	}
}

// Aggregate implements eiengine.Aggregator: it gives one frame.
func (s *imageFreeze) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	p := s.Load()
	if f := in.Take(0); f != nil {
		s.take(c, f, p.AllowReplace)
	}
	format := c.OutFormat(0)
	fps := format.Video.FPS
	if p.NumBuffers >= 0 && s.n >= p.NumBuffers || fps.Num == 0 && s.n > 0 {
		return eiengine.ErrEOS // a rate of zero is one picture
	}
	if s.stop > 0 && fps.Time(int64(s.n)) >= s.stop {
		return eiengine.ErrEOS
	}
	out := s.still.Share()
	out.Format, out.Seq = format, uint64(s.n)
	out.PTS, out.Duration = 0, frames.NoTime
	if fps.Num > 0 {
		out.PTS = fps.Time(int64(s.n))
		out.Duration = fps.Time(int64(s.n)+1) - out.PTS
	}
	if p.IsLive && s.n > 0 { // the first one prerolls
		if err := c.WaitUntil(out.PTS); err != nil {
			out.Release()
			return err
		}
	}
	out.Mono = c.Now()
	s.n++
	return c.Push(0, out)
}

// take keeps a picture, if it is the first one or may replace it.
func (s *imageFreeze) take(c *eiengine.Ctx, f *frames.Frame, replace bool) {
	if s.still != nil && !replace {
		c.Drop(f)
		return
	}
	s.Flush(c)
	s.still = f
}
