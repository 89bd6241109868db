package convert

import (
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videoflip", LongName: "Video flipper", Class: "Filter/Effect/Video",
		Description: "Turns and mirrors pictures",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawVideo()), eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoFlip) },
	})
}

type videoFlipProps struct {
	Method    flipMethod     `prop:"method,live" default:"none" doc:"How to turn and mirror, by its old names; video-direction goes before; automatic is none, since no element here tells how a camera was held"`
	Direction videoDirection `prop:"video-direction,live" default:"identity" doc:"How to turn and mirror; auto and custom are identity, since no element here tells how a camera was held"`
	QoS       bool           `prop:"qos" default:"true" doc:"Drop frames that would come too late at a sink with qos=true"`
}

// orientations are in the order of both enumerations. Turns are a mirror behind a
// swap of the axes: clockwise the columns become rows, the lowest first.
var orientations = [...]pixel.Orientation{
	{},
	{Transpose: true, MirrorX: true},
	{MirrorX: true, MirrorY: true},
	{Transpose: true, MirrorY: true},
	{MirrorX: true},
	{MirrorY: true},
	{Transpose: true},
	{Transpose: true, MirrorX: true, MirrorY: true},
	{}, // automatic
	{}, // custom
}

// way is what the two properties say together.
func (p *videoFlipProps) way() pixel.Orientation {
	if p.Direction != 0 {
		return orientations[p.Direction]
	}
	return orientations[p.Method]
}

type flipMethod int

// EnumValues implements eiengine.Enum.
func (flipMethod) EnumValues() []eiengine.EnumValue {
	return nicks("none", "clockwise", "rotate-180", "counterclockwise", "horizontal-flip", "vertical-flip",
		"upper-left-diagonal", "upper-right-diagonal", "automatic")
}

type videoDirection int

// EnumValues implements eiengine.Enum.
func (videoDirection) EnumValues() []eiengine.EnumValue {
	return nicks("identity", "90r", "180", "90l", "horiz", "vert", "ul-lr", "ur-ll", "auto", "custom")
}

// videoFlip lays pictures another way.
type videoFlip struct {
	eiengine.Settings[videoFlipProps]
	in, out  *frames.Format
	way      pixel.Orientation
	orienter pixel.Orienter
}

// Transform implements eiengine.Transformer: a turned picture has its sides
// swapped, and its pixels their shape.
func (v *videoFlip) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	if caps.IsAny() || !v.Load().way().Transpose {
		return caps
	}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		w, okW := s.Get("width")
		h, okH := s.Get("height")
		s = s.Without("width").Without("height")
		if okW {
			s = s.With("height", w)
		}
		if okH {
			s = s.With("width", h)
		}
		if par, ok := s.Get("pixel-aspect-ratio"); ok {
			s = turnPixels(s, par)
		}
		out = append(out, s)
	}
	return frames.NewCaps(out...)
}

// turnPixels gives pixels the inverse shape; what is not one shape is left open.
func turnPixels(s frames.Structure, par frames.Value) frames.Structure {
	f, ok := par.(frames.Fraction)
	if !ok || f.Num <= 0 {
		return s.Without("pixel-aspect-ratio")
	}
	return s.With("pixel-aspect-ratio", frames.Fraction{Num: f.Den, Den: f.Num})
}

// Configure implements eiengine.Configurer.
func (v *videoFlip) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	v.in, v.out, v.way = in, out, v.Load().way()
	if in.Video.Width != in.Video.Height {
		// A direction that was set after the formats were chosen has to wait:
		// PropertyChanged follows and asks for others.
		if turned := out.Video.Width != in.Video.Width; turned != v.way.Transpose {
			v.way = pixel.Orientation{Transpose: turned}
		}
	}
	return nil
}

// PropertyChanged implements eiengine.PropertyWatcher. If the sides swap, the
// formats are chosen anew.
func (v *videoFlip) PropertyChanged(c *eiengine.Ctx, _ string) error {
	way := v.Load().way()
	if v.in == nil {
		return nil
	}
	if way.Transpose != v.way.Transpose {
		return c.SendEvent(eiengine.ReconfigureEvent{})
	}
	v.way = way
	return nil
}

// SkipsLate implements eiengine.LateSkipper.
func (v *videoFlip) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoFlip) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if v.way == (pixel.Orientation{}) {
		in.Format = v.out
		return c.Push(0, in)
	}
	out, err := c.NewFrame(0)
	if err != nil {
		c.Drop(in)
		return err
	}
	dst, src := out.Picture(), in.Picture()
	if err := v.orienter.Orient(&dst, &src, v.way); err != nil {
		in.Release()
		c.Drop(out)
		return fmt.Errorf("from %s to %s: %w", v.in, v.out, err)
	}
	out.CopyTimes(in)
	out.MapMetas(v.way.Mapping(src.Width, src.Height), dst.Width, dst.Height)
	in.Release()
	return c.Push(0, out)
}
