package convert

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "videoconvert", LongName: "Video colorspace converter", Class: "Filter/Converter/Video/Colorspace",
		Description: "Converts video from one pixel format or colorimetry to another",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawVideo()), eiengine.SrcPad(rawVideo())},
		New:         func() eiengine.Element { return new(videoConvert) },
		Rank:        64,
	})
}

// videoConvert changes the pixel format.
type videoConvert struct {
	eiengine.Settings[videoProps]
	video
}

// Transform implements eiengine.Transformer.
func (v *videoConvert) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return opened(caps, frames.VideoRaw, openFormat)
}

// Fixate implements eiengine.Fixater.
func (v *videoConvert) Fixate(in *frames.Format, out frames.Caps) frames.Caps {
	return chooseFormat(in, out)
}

// Configure implements eiengine.Configurer.
func (v *videoConvert) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	return v.configure(in, out, v.Load())
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (v *videoConvert) PropertyChanged(*eiengine.Ctx, string) error { return v.reload(v.Load()) }

// SkipsLate implements eiengine.LateSkipper.
func (v *videoConvert) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoConvert) Process(c *eiengine.Ctx, in *frames.Frame) error { return v.process(c, in) }
