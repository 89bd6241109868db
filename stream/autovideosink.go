package stream

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/stream/page"
	"github.com/eiengine/eiengine/stream/xwindow"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "autovideosink", LongName: "Auto video sink", Class: "Sink/Video",
		Description: "Shows pictures in a window where DISPLAY names an X server, else on a web page of this machine, whose address is told",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(autoVideoSink) },
	})
}

type autoVideoSinkProps struct {
	Sync           bool        `prop:"sync,live" default:"true" doc:"Show pictures when they are due by the pipeline's clock; otherwise as they come"`
	TSOffset       int64       `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which a picture is shown"`
	FilterCaps     frames.Caps `prop:"filter-caps" default:"video/x-raw" doc:"What may be shown: other formats are not taken"`
	AsyncHandling  bool        `prop:"async-handling" doc:"Accepted without effect: state changes are the pipeline's"`
	MessageForward bool        `prop:"message-forward" doc:"Accepted without effect: every message is on the bus"`
}

// screen is what pictures are shown on.
type screen interface {
	Show(p *frames.Picture) error
	Close() error
}

type autoVideoSink struct {
	eiengine.Settings[autoVideoSinkProps]
	screen screen
}

// anyPicture is raw video of every format, those that screens have first.
func anyPicture() frames.Caps {
	names := []string{"BGRx", "I420", "RGB"}
	for _, f := range frames.PixelFormats() {
		names = append(names, f.String())
	}
	return frames.MustCaps("video/x-raw,format={" + strings.Join(names, ",") + "},width=[1,16384],height=[1,16384]")
}

// Limit implements eiengine.Limiter.
func (s *autoVideoSink) Limit() frames.Caps { return anyPicture().Intersect(s.Load().FilterCaps) }

// Rendering implements eiengine.Renderer.
func (s *autoVideoSink) Rendering() eiengine.Rendering {
	p := s.Load()
	return eiengine.Rendering{
		Sync: p.Sync, Async: true, MaxFrames: -1, Offset: time.Duration(p.TSOffset),
		MaxLateness: 5 * time.Millisecond, QoS: true, ProcessingTime: 15 * time.Millisecond, // GStreamer's, of its video sinks
	}
}

// Configure implements eiengine.Configurer: a screen is opened with the first pictures,
// since a window is as large as they are.
func (s *autoVideoSink) Configure(c *eiengine.Ctx, in, _ *frames.Format) error {
	if !in.IsVideo() {
		return eiengine.Fatal(fmt.Errorf("it gets %v, not pictures: put decodebin before it", in))
	}
	if s.screen != nil {
		return nil
	}
	title := c.Name()
	if os.Getenv("DISPLAY") != "" {
		w, err := xwindow.Open(title, in.Video.Width, in.Video.Height)
		if err == nil {
			s.screen = w
			return nil
		}
		c.Warn(fmt.Errorf("no window: %w", err))
	}
	p, err := page.Open(title)
	if err != nil {
		return err
	}
	s.screen = p
	c.Inform("the live picture is at " + p.URL())
	return nil
}

// Preroll implements eiengine.Preroller: the first picture stands while the pipeline is
// paused.
func (s *autoVideoSink) Preroll(c *eiengine.Ctx, held *frames.Frame) {
	if s.screen == nil || held.Format == nil || !held.Format.IsVideo() {
		return
	}
	picture := held.Picture()
	if err := s.screen.Show(&picture); err != nil {
		c.Log().Debug("the first picture was not shown", "error", err)
	}
}

// Process implements eiengine.Filter.
func (s *autoVideoSink) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	picture := in.Picture()
	err := s.screen.Show(&picture)
	if errors.Is(err, xwindow.ErrClosed) {
		return eiengine.Fatal(err)
	}
	return err
}

// Start implements eiengine.Starter.
func (s *autoVideoSink) Start(*eiengine.Ctx) error { return nil }

// Stop implements eiengine.Starter.
func (s *autoVideoSink) Stop(*eiengine.Ctx) error {
	if s.screen == nil {
		return nil
	}
	err := s.screen.Close()
	s.screen = nil
	return err
}
