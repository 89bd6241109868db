package convert

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videoconvertscale", LongName: "Video colorspace converter and scaler", Class: "Filter/Converter/Video/Scaler/Colorspace",
		Description: "Changes pixel format and size of video in one step",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawVideo()), eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoConvertScale) },
		Rank:        128,
	})
}

// videoConvertScale changes pixel format and size.
type videoConvertScale struct {
	eiengine.Settings[videoProps]
	video
}

// Transform implements eiengine.Transformer.
func (v *videoConvertScale) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return opened(caps, frames.VideoRaw, func(s frames.Structure) frames.Structure { return openFormat(openSize(s)) })
}

// Fixate implements eiengine.Fixater.
func (v *videoConvertScale) Fixate(in *frames.Format, out frames.Caps) frames.Caps {
	return frames.NewCaps(chooseSize(in, sizeOf(in, chooseFormat(in, out))))
}

// Configure implements eiengine.Configurer.
func (v *videoConvertScale) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	return v.configure(in, out, v.Load())
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (v *videoConvertScale) PropertyChanged(*eiengine.Ctx, string) error { return v.reload(v.Load()) }

// SkipsLate implements eiengine.LateSkipper.
func (v *videoConvertScale) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoConvertScale) Process(c *eiengine.Ctx, in *frames.Frame) error { return v.process(c, in) }
