package stream

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "alsasink", LongName: "Audio sink (ALSA)", Class: "Sink/Audio", Rank: 256,
		Description: "Plays sound on a sound card by ALSA",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(pcm.AnyCaps())},
		New:         func() eiengine.Element { return new(alsaSink) },
	})
}

type alsaSinkProps struct {
	eiengine.SinkProps
	soundSinkProps
	EnableLastSample bool   `prop:"enable-last-sample,live" doc:"Remember what the latest buffer was, for last-sample"`
	Device           string `prop:"device" default:"default" doc:"ALSA's name of the device, such as default, hw:0, plughw:CARD=PCH, or the id that stays when it is plugged in anew; eiengine devices lists them"`
	CardName         string `prop:"card-name,readonly" null:"null" doc:"What the sound card is called"`
	DeviceName       string `prop:"device-name,readonly" null:"null" doc:"What the device is called"`
	ProvideClock     bool   `prop:"provide-clock" default:"true" doc:"Accepted without effect: pipelines run by the engine's clock, see slave-method"`
	CanActivatePull  bool   `prop:"can-activate-pull" doc:"Accepted without effect: sinks never ask for sound"`
}

type alsaSink struct {
	eiengine.Settings[alsaSinkProps]
	soundSink
}

// Open implements eiengine.Opener.
func (s *alsaSink) Open(*eiengine.Ctx) error { return s.openALSA(s.Load().Device) }

// Rendering implements eiengine.Renderer.
func (s *alsaSink) Rendering() eiengine.Rendering {
	p := s.Load()
	r := p.SinkProps.Rendering(p.Sync)
	r.KeepSample = p.EnableLastSample
	return ahead(r, time.Duration(p.BufferTime)*time.Microsecond)
}

// Configure implements eiengine.Configurer.
func (s *alsaSink) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	return s.configure(&s.Load().soundSinkProps, in)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *alsaSink) ReadProperty(name string) (string, bool) { return s.readProperty(name) }

// Process implements eiengine.Filter.
func (s *alsaSink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := s.Load()
	return s.play(c, &p.soundSinkProps, in, time.Duration(p.TSOffset))
}
