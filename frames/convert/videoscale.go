package convert

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videoscale", LongName: "Video scaler", Class: "Filter/Converter/Video/Scaler",
		Description: "Changes the size of video",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawVideo()), eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoScale) },
		Rank:        64,
	})
}

// scaleMethod is how pixels between pixels are made; numbers are GStreamer's.
type scaleMethod int

// EnumValues implements eiengine.Enum.
func (scaleMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "nearest-neighbour", Name: "Nearest Neighbour"},
		{Value: 1, Nick: "bilinear", Name: "Bilinear (2-tap)"},
	}
}

func (m scaleMethod) kernel() pixel.Method {
	if m == 0 {
		return pixel.Nearest
	}
	return pixel.Bilinear
}

// scaleProps are the properties of the two elements that scale.
type scaleProps struct {
	Method     scaleMethod `prop:"method,live" default:"bilinear" doc:"How to make a pixel of those around it"`
	AddBorders bool        `prop:"add-borders,live" default:"true" doc:"Keep the shape of the picture between black borders where size and pixel-aspect-ratio are both given"`
}

// videoScale changes the size.
type videoScale struct {
	eiengine.Settings[scaleProps]
	video
}

// Transform implements eiengine.Transformer.
func (v *videoScale) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return widen(caps, frames.VideoRaw, openSize)
}

// Fixate implements eiengine.Fixater.
func (v *videoScale) Fixate(in *frames.Format, out frames.Caps) frames.Caps {
	return frames.NewCaps(chooseSize(in, out.Structures()[0]))
}

// Configure implements eiengine.Configurer.
func (v *videoScale) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	return v.configureScale(in, out, v.Load())
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (v *videoScale) PropertyChanged(*eiengine.Ctx, string) error { return v.reload(v.Load()) }

// Process implements eiengine.Filter.
func (v *videoScale) Process(c *eiengine.Ctx, in *frames.Frame) error { return v.process(c, in) }

func (v *video) configureScale(in, out *frames.Format, p *scaleProps) error {
	v.method = p.Method.kernel()
	return v.configure(in, out, p.AddBorders)
}

// reload prepares the same way anew after a change of properties.
func (v *video) reload(p *scaleProps) error {
	if v.in == nil {
		return nil
	}
	return v.configureScale(v.in, v.out, p)
}
