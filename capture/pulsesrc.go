package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "pulsesrc", LongName: "PulseAudio Audio Source", Class: "Source/Audio", Rank: 266,
		Description: "Records from a PulseAudio or PipeWire server, by ALSA's plugin for it",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(pcm.AnyCaps())},
		New:         func() eiengine.Element { return new(pulseSrc) },
	})
}

type pulseSrcProps struct {
	soundSourceProps
	Device string `prop:"device" null:"null" doc:"The server's name of the source, such as alsa_input.usb-cam.mono-fallback or a sink's monitor; none for its default (pactl list short sources)"`
}

type pulseSrc struct {
	eiengine.Settings[pulseSrcProps]
	soundSource
}

// SourceSettings implements eiengine.SourceSettings.
func (s *pulseSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// Open implements eiengine.Opener.
func (s *pulseSrc) Open(c *eiengine.Ctx) error {
	name := "pulse"
	if device := s.Load().Device; device != "" {
		name += ":" + device
	}
	return s.open(c, name, openALSA)
}

// Configure implements eiengine.Configurer.
func (s *pulseSrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	return s.configure(&s.Load().soundSourceProps, out)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *pulseSrc) ReadProperty(name string) (string, bool) { return s.readProperty(name) }

// Read implements eiengine.Source.
func (s *pulseSrc) Read(c *eiengine.Ctx) error {
	return s.read(c, &s.Load().soundSourceProps, true)
}
