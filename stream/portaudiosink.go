package stream

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "portaudiosink", LongName: "Audio sink (PortAudio)", Class: "Sink/Audio",
		Description: "Plays sound by PortAudio, which runs in a process of its own",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(portaudio.AnyCaps())},
		New:         func() eiengine.Element { return new(portAudioSink) },
	})
}

type portAudioSinkProps struct {
	eiengine.SinkProps
	soundSinkProps
	EnableLastSample bool   `prop:"enable-last-sample,live" doc:"Remember what the latest buffer was, for last-sample"`
	Device           string `prop:"device" null:"null" doc:"PortAudio's name of the device, a part of it that no other has, or its number; none for the default one"`
	DeviceName       string `prop:"device-name,readonly" null:"null" doc:"What the device is called"`
	ProvideClock     bool   `prop:"provide-clock" default:"true" doc:"Accepted without effect: pipelines run by the engine's clock, see slave-method"`
	CanActivatePull  bool   `prop:"can-activate-pull" doc:"Accepted without effect: sinks never ask for sound"`
}

type portAudioSink struct {
	eiengine.Settings[portAudioSinkProps]
	soundSink
}

// Open implements eiengine.Opener.
func (s *portAudioSink) Open(c *eiengine.Ctx) error {
	d, err := portaudio.Open(c.Context(), portaudio.Options{Device: s.Load().Device, Direction: pcm.Playback, Log: c.Log()})
	if err != nil {
		return err
	}
	return s.open(d)
}

// Rendering implements eiengine.Renderer.
func (s *portAudioSink) Rendering() eiengine.Rendering {
	p := s.Load()
	r := p.SinkProps.Rendering(p.Sync)
	r.KeepSample = p.EnableLastSample
	return ahead(r, time.Duration(p.BufferTime)*time.Microsecond)
}

// Configure implements eiengine.Configurer.
func (s *portAudioSink) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	return s.configure(&s.Load().soundSinkProps, in)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *portAudioSink) ReadProperty(name string) (string, bool) { return s.readProperty(name) }

// Process implements eiengine.Filter.
func (s *portAudioSink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := s.Load()
	return s.play(c, &p.soundSinkProps, in, time.Duration(p.TSOffset))
}
