package batch

import (
	"errors"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

var errNoRate = errors.New("its output has no frame rate: name one behind it, such as video/x-raw,framerate=25/1")

// defaultWidth and defaultHeight are the size of an output of which nothing says it.
const defaultWidth, defaultHeight = 320, 240

// negotiate chooses the output's format by those of the inputs, as GStreamer does.
func (s *compositor) negotiate(c *eiengine.Ctx, in *eiengine.Inputs, p *compositorProps) error {
	for i := range s.inputs {
		if f := in.Peek(i); f != nil && s.inputs[i].frame == nil {
			s.inputs[i].format = f.Format
		}
	}
	for i := range s.inputs {
		if f := s.inputs[i].format; f != nil && f.FrameSize() == 0 {
			return eiengine.Fatal(errors.New(s.inputs[i].name + " gets something else than raw video: put decodebin before it"))
		}
	}
	allowed, err := c.Allowed(0)
	if err != nil {
		return eiengine.Fatal(err)
	}
	format, err := frames.NewFormat(frames.NewCaps(s.choose(allowed, p)).Fixate())
	if err != nil {
		return eiengine.Fatal(err)
	}
	if format.Video.FPS.Num <= 0 {
		return eiengine.Fatal(errNoRate)
	}
	s.renegotiate = false
	if format.Equal(s.out) {
		return nil
	}
	s.out = format
	if s.line.begun && s.line.fps != format.Video.FPS {
		s.line.restart(s.line.next().begin, format.Video.FPS)
	}
	s.lasts.Store(int64(format.Video.FPS.Time(1)))
	c.LatencyChanged()
	return c.SetFormat(0, format)
}

// choose fixes pixel format, size and rate: the format of which the inputs have most
// pixels, one with alpha if any input has it; the size that holds all pictures; the
// highest rate, or 25.
func (s *compositor) choose(allowed frames.Caps, p *compositorProps) frames.Structure {
	best := s.bestFormat(allowed)
	caps := allowed
	if best != nil {
		caps = only(allowed, best.Video.Format)
	}
	out := caps.Structures()[0]
	par := frames.Fraction{Num: 1, Den: 1}
	if _, says := out.Get("pixel-aspect-ratio"); says {
		out = out.FixateFraction("pixel-aspect-ratio", par)
		if v, _ := out.Get("pixel-aspect-ratio"); v != nil {
			par, _ = v.(frames.Fraction)
		}
	}
	w, h, fps := s.extent(p, par)
	out = out.FixateInt("width", w).FixateInt("height", h).FixateFraction("framerate", fps)
	if _, says := out.Get("colorimetry"); !says && best != nil {
		out = withColors(out, best)
	}
	return out
}

// only is what caps have of a pixel format.
func only(caps frames.Caps, f frames.PixelFormat) frames.Caps {
	return caps.Intersect(frames.NewCaps(frames.Structure{
		Media: frames.VideoRaw, Fields: []frames.Field{{Name: "format", Value: frames.String(f.String())}},
	}))
}

// bestFormat is the format of the input whose pixel format most pixels of the inputs
// have, of those that downstream takes; nil if it takes none.
func (s *compositor) bestFormat(allowed frames.Caps) *frames.Format {
	alpha := false
	for i := range s.inputs {
		f := s.inputs[i].format
		alpha = alpha || f != nil && f.Video.Format.HasAlpha() && !only(allowed, f.Video.Format).IsEmpty()
	}
	pixels := map[frames.PixelFormat]int{}
	var best *frames.Format
	for i := range s.inputs {
		f := s.inputs[i].format
		if f == nil || alpha && !f.Video.Format.HasAlpha() || only(allowed, f.Video.Format).IsEmpty() {
			continue
		}
		pixels[f.Video.Format] += f.Video.Width * f.Video.Height
		if best == nil || pixels[f.Video.Format] > pixels[best.Video.Format] {
			best = f
		}
	}
	return best
}

// extent is the size that holds all pictures, and the highest rate.
func (s *compositor) extent(p *compositorProps, par frames.Fraction) (w, h int, fps frames.Fraction) {
	for i := range s.inputs {
		input := &s.inputs[i]
		if input.format == nil {
			continue
		}
		v := &input.format.Video
		picture, pad := input.props.Load().area(v, par, p.ZeroIsUnscaled)
		if picture.W > 0 && picture.H > 0 {
			// With bars on both sides; what lies left of the output or above it
			// counts as if it began there.
			w = max(w, picture.W+max(2*picture.X-pad.X, 0))
			h = max(h, picture.H+max(2*picture.Y-pad.Y, 0))
		}
		if v.FPS.Num > 0 && v.FPS.Cmp(fps) > 0 || fps.Den == 0 && v.FPS.Num > 0 {
			fps = v.FPS
		}
	}
	if w == 0 || h == 0 {
		w, h = defaultWidth, defaultHeight
	}
	if fps.Num == 0 {
		fps = frames.Fraction{Num: 25, Den: 1}
	}
	return w, h, fps
}

// withColors says of the output's colours what is said of an input's, or, where the
// default of the output's size would be another, what that is.
func withColors(out frames.Structure, like *frames.Format) frames.Structure {
	from := like.Caps().Structures()[0]
	if site, ok := from.Get("chroma-site"); ok {
		out = out.With("chroma-site", site)
	}
	if text, ok := from.Get("colorimetry"); ok {
		return out.With("colorimetry", text)
	}
	v := like.Video
	height, _ := out.Get("height")
	h, _ := height.(frames.Int)
	was := v.Color.Resolve(v.Format, v.Height)
	if !v.Format.IsYUV() || was == v.Color.Resolve(v.Format, int(h)) {
		return out
	}
	name := "bt709"
	if was.Matrix == frames.BT601 {
		name = "bt601"
	}
	return out.With("colorimetry", frames.String(name))
}
