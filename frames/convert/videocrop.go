package convert

import (
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videocrop", LongName: "Crop", Class: "Filter/Effect/Video",
		Description: "Cuts off the edges of pictures",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawVideo()), eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoCrop) },
	})
}

type videoCropProps struct {
	Left   int  `prop:"left,live" default:"0" min:"-1" max:"2147483647" doc:"Columns to cut off at the left, -1 for what the size that follows makes necessary"`
	Right  int  `prop:"right,live" default:"0" min:"-1" max:"2147483647" doc:"Columns to cut off at the right, -1 for what the size that follows makes necessary"`
	Top    int  `prop:"top,live" default:"0" min:"-1" max:"2147483647" doc:"Rows to cut off at the top, -1 for what the size that follows makes necessary"`
	Bottom int  `prop:"bottom,live" default:"0" min:"-1" max:"2147483647" doc:"Rows to cut off at the bottom, -1 for what the size that follows makes necessary"`
	QoS    bool `prop:"qos" default:"true" doc:"Drop frames that would come too late at a sink with qos=true"`
}

// videoCrop gives a part of each picture. Where chroma has fewer samples than
// luma, the part begins at a whole sample of chroma, as in GStreamer.
type videoCrop struct {
	eiengine.Settings[videoCropProps]
	in, out *frames.Format
	part    frames.Rect
	conv    pixel.Converter
}

// Transform implements eiengine.Transformer.
func (v *videoCrop) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	if caps.IsAny() {
		return caps
	}
	p := v.Load()
	var out []frames.Structure
	for _, s := range caps.Structures() {
		if s.Media != frames.VideoRaw {
			continue
		}
		w, okW := cutRange(s, "width", p.Left, p.Right, toward)
		h, okH := cutRange(s, "height", p.Top, p.Bottom, toward)
		if okW && okH {
			out = append(out, s.With("width", w).With("height", h))
		}
	}
	return frames.NewCaps(out...)
}

// cutRange is what a side may be on the other side of the element: exactly so
// much smaller or larger, or, with an automatic cut, at least.
func cutRange(s frames.Structure, field string, a, b int, toward eiengine.Direction) (frames.Value, bool) {
	cut := max(a, 0) + max(b, 0)
	if toward == eiengine.Src {
		cut = -cut
	}
	side, _ := s.Get(field)
	if list, ok := side.(frames.List); ok {
		return cutList(s, field, list, a, b, toward)
	}
	lo, hi := 1, maxSide
	switch v := side.(type) {
	case frames.Int:
		lo, hi = int(v), int(v)
	case frames.IntRange:
		lo, hi = v.Min, v.Max
	}
	lo, hi = lo+cut, hi+cut
	if a < 0 || b < 0 {
		if toward == eiengine.Src {
			lo = 1
		} else {
			hi = maxSide
		}
	}
	lo, hi = max(lo, 1), min(hi, maxSide)
	if lo > hi {
		return nil, false
	}
	if lo == hi {
		return frames.Int(lo), true
	}
	return frames.IntRange{Min: lo, Max: hi}, true
}

// cutList is cutRange for each value of a list.
func cutList(s frames.Structure, field string, list frames.List, a, b int, toward eiengine.Direction) (frames.Value, bool) {
	var out frames.List
	for _, v := range list {
		if c, ok := cutRange(s.With(field, v), field, a, b, toward); ok {
			out = append(out, c)
		}
	}
	switch len(out) {
	case 0:
		return nil, false
	case 1:
		return out[0], true
	}
	return out, true
}

// Configure implements eiengine.Configurer.
func (v *videoCrop) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	v.in, v.out = in, out
	p, a, b := v.Load(), in.Video, out.Video
	v.part = frames.Rect{
		X: cutBefore(p.Left, p.Right, a.Width-b.Width), Y: cutBefore(p.Top, p.Bottom, a.Height-b.Height),
		W: b.Width, H: b.Height,
	}
	subX, subY := a.Format.Subsampling()
	v.part.X -= v.part.X % subX
	v.part.Y -= v.part.Y % subY
	if b.Width > a.Width || b.Height > a.Height {
		return eiengine.Fatal(fmt.Errorf("cannot cut %dx%d out of %dx%d: left, right, top and bottom must leave something",
			b.Width, b.Height, a.Width, a.Height))
	}
	return nil
}

// cutBefore is how much of a total is cut at the left or top; what is automatic
// on both sides is shared. It is never more than the total: sizes that were set after
// the formats were chosen have to wait, since PropertyChanged follows and asks for
// others.
func cutBefore(before, after, total int) int {
	switch {
	case before < 0 && after < 0:
		return total / 2
	case before < 0:
		return max(total-after, 0)
	}
	return min(before, total)
}

// PropertyChanged implements eiengine.PropertyWatcher: the formats are chosen anew.
func (v *videoCrop) PropertyChanged(c *eiengine.Ctx, _ string) error {
	if v.in == nil {
		return nil
	}
	return c.SendEvent(eiengine.ReconfigureEvent{})
}

// SkipsLate implements eiengine.LateSkipper.
func (v *videoCrop) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoCrop) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if v.part == (frames.Rect{W: v.in.Video.Width, H: v.in.Video.Height}) {
		in.Format = v.out
		return c.Push(0, in)
	}
	out, err := c.NewFrame(0)
	if err != nil {
		c.Drop(in)
		return err
	}
	dst, src := out.Picture(), in.Picture()
	// Default colours depend on the height: settle them before cutting.
	src.Color = src.Color.Resolve(src.Format, src.Height)
	src = src.Crop(v.part)
	if err := v.conv.Convert(&dst, &src); err != nil {
		in.Release()
		c.Drop(out)
		return fmt.Errorf("from %s to %s: %w", v.in, v.out, err)
	}
	out.CopyTimes(in)
	out.MapMetas(frames.Mapping{ScaleX: 1, ScaleY: 1, OffsetX: -float64(v.part.X), OffsetY: -float64(v.part.Y)}, dst.Width, dst.Height)
	in.Release()
	return c.Push(0, out)
}
