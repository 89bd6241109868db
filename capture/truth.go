package capture

import (
	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/frames"
)

// Truth is what the frame of a known scene shows. The patterns shapes, one-shape
// and fabric of videotestsrc attach one to each frame; like all metadata it is
// immutable.
type Truth struct {
	// Frame is the number of the frame in its scene.
	Frame int
	// Shapes are in pixels of the frame that carries them, those behind first.
	Shapes []scene.Shape
	// Faults are those of a fabric, in pixels of the frame that carries them.
	Faults []fabric.Fault
}

// MetaName implements frames.Meta.
func (*Truth) MetaName() string { return "truth" }

// Mapped implements frames.Mappable. Shapes and faults that lie outside of the
// new picture are left out; those cut by its border keep their whole box and their
// visible part, which is of the shape and not of the picture.
func (t *Truth) Mapped(m frames.Mapping, width, height int) frames.Meta {
	out := &Truth{Frame: t.Frame, Shapes: make([]scene.Shape, 0, len(t.Shapes))}
	inside := func(a frames.Area) bool {
		return a.X+a.W > 0 && a.Y+a.H > 0 && a.X < float64(width) && a.Y < float64(height)
	}
	for _, s := range t.Shapes {
		if a := m.Area(frames.Area{X: s.X, Y: s.Y, W: s.W, H: s.H}); inside(a) {
			s.X, s.Y, s.W, s.H = a.X, a.Y, a.W, a.H
			out.Shapes = append(out.Shapes, s)
		}
	}
	for _, f := range t.Faults {
		if a := m.Area(frames.Area{X: f.X, Y: f.Y, W: f.W, H: f.H}); inside(a) {
			f.X, f.Y, f.W, f.H = a.X, a.Y, a.W, a.H
			out.Faults = append(out.Faults, f)
		}
	}
	return out
}

// SoundTruth is what a buffer of a known sound holds. The wave sounds of
// audiotestsrc attaches one to each buffer; like all metadata it is immutable.
type SoundTruth struct {
	// First is the number of the buffer's first sample in its soundscape, and
	// Samples how many it has of each channel.
	First, Samples int
	// Events are the sounds of which a part lies in the buffer, in samples of the
	// soundscape.
	Events []soundscape.Event
}

// MetaName implements frames.Meta.
func (*SoundTruth) MetaName() string { return "sound-truth" }
