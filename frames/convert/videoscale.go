package convert

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
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

// scaleProps are the properties of videoscale.
type scaleProps struct {
	videoProps
	GammaDecode bool `prop:"gamma-decode" default:"false" doc:"Has no effect in this engine: no format here names a transfer function"`
}

// videoScale changes the size.
type videoScale struct {
	eiengine.Settings[scaleProps]
	video
}

// Transform implements eiengine.Transformer.
func (v *videoScale) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return opened(caps, frames.VideoRaw, openSize)
}

// Fixate implements eiengine.Fixater.
func (v *videoScale) Fixate(in *frames.Format, out frames.Caps) frames.Caps {
	return frames.NewCaps(chooseSize(in, sizeOf(in, out)))
}

// Configure implements eiengine.Configurer.
func (v *videoScale) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	return v.configure(in, out, &v.Load().videoProps)
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (v *videoScale) PropertyChanged(*eiengine.Ctx, string) error {
	return v.reload(&v.Load().videoProps)
}

// SkipsLate implements eiengine.LateSkipper.
func (v *videoScale) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoScale) Process(c *eiengine.Ctx, in *frames.Frame) error { return v.process(c, in) }
