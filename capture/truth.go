package capture

import (
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
)

// Truth is what the frame of a known scene shows. The shapes pattern of
// videotestsrc attaches one to each frame; like all metadata it is immutable.
type Truth struct {
	// Frame is the number of the frame in its scene.
	Frame int
	// Shapes are in pixels of the frame that carries them, those behind first.
	Shapes []scene.Shape
}

// MetaName implements frames.Meta.
func (*Truth) MetaName() string { return "truth" }

// Mapped implements frames.Mappable. Shapes that lie outside of the new picture
// are left out; those cut by its border keep their whole box and their visible
// part, which is of the shape and not of the picture.
func (t *Truth) Mapped(m frames.Mapping, width, height int) frames.Meta {
	out := &Truth{Frame: t.Frame, Shapes: make([]scene.Shape, 0, len(t.Shapes))}
	for _, s := range t.Shapes {
		a := m.Area(frames.Area{X: s.X, Y: s.Y, W: s.W, H: s.H})
		s.X, s.Y, s.W, s.H = a.X, a.Y, a.W, a.H
		if s.X+s.W <= 0 || s.Y+s.H <= 0 || s.X >= float64(width) || s.Y >= float64(height) {
			continue
		}
		out.Shapes = append(out.Shapes, s)
	}
	return out
}
