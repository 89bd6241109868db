package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "alsasrc", LongName: "Audio source (ALSA)", Class: "Source/Audio", Rank: 256,
		Description: "Records from a sound card by ALSA",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(pcm.AnyCaps())},
		New:         func() eiengine.Element { return new(alsaSrc) },
	})
}

type alsaSrcProps struct {
	soundSourceProps
	Device              string `prop:"device" default:"default" doc:"ALSA's name of the device, such as default, hw:0, plughw:CARD=PCH, or the id that stays when it is plugged in anew; eiengine devices lists them"`
	CardName            string `prop:"card-name,readonly" null:"null" doc:"What the sound card is called"`
	UseDriverTimestamps bool   `prop:"use-driver-timestamps,live" default:"true" doc:"Take into account how long samples waited in the device when they are given their times"`
}

type alsaSrc struct {
	eiengine.Settings[alsaSrcProps]
	soundSource
}

// SourceSettings implements eiengine.SourceSettings.
func (s *alsaSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// Open implements eiengine.Opener.
func (s *alsaSrc) Open(c *eiengine.Ctx) error { return s.open(c, s.Load().Device, openALSA) }

// Configure implements eiengine.Configurer.
func (s *alsaSrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	return s.configure(&s.Load().soundSourceProps, out)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *alsaSrc) ReadProperty(name string) (string, bool) { return s.readProperty(name) }

// Read implements eiengine.Source.
func (s *alsaSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	return s.read(c, &p.soundSourceProps, p.UseDriverTimestamps)
}
