package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "portaudiosrc", LongName: "Audio source (PortAudio)", Class: "Source/Audio",
		Description: "Records by PortAudio, which runs in a process of its own",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(portaudio.AnyCaps())},
		New:         func() eiengine.Element { return new(portAudioSrc) },
	})
}

type portAudioSrcProps struct {
	soundSourceProps
	Device string `prop:"device" null:"null" doc:"PortAudio's name of the device, a part of it that no other has, or its number; none for the default one"`
}

type portAudioSrc struct {
	eiengine.Settings[portAudioSrcProps]
	soundSource
}

// openPortAudio is an openSound. A device that was lost comes back by its name: its
// number may be another one then.
func openPortAudio(c *eiengine.Ctx, device string) (soundDevice, reopenSound, error) {
	s, err := portaudio.Open(c.Context(), portaudio.Options{Device: device, Direction: pcm.Capture, Log: c.Log()})
	if err != nil {
		return nil, nil, err
	}
	name := s.Name()
	return s, func(c *eiengine.Ctx) (soundDevice, error) {
		s, _, err := openPortAudio(c, name)
		return s, err
	}, nil
}

// SourceSettings implements eiengine.SourceSettings.
func (s *portAudioSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// Open implements eiengine.Opener.
func (s *portAudioSrc) Open(c *eiengine.Ctx) error {
	if err := s.open(c, s.Load().Device, openPortAudio); err != nil {
		return err
	}
	s.device = s.abilities.Load().Name
	return nil
}

// Configure implements eiengine.Configurer.
func (s *portAudioSrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	return s.configure(&s.Load().soundSourceProps, out)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *portAudioSrc) ReadProperty(name string) (string, bool) { return s.readProperty(name) }

// Read implements eiengine.Source.
func (s *portAudioSrc) Read(c *eiengine.Ctx) error {
	return s.read(c, &s.Load().soundSourceProps, true)
}
