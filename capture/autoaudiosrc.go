package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "autoaudiosrc", LongName: "Auto audio source", Class: "Source/Audio",
		Description: "Records from the first device that opens: the default one, that of a sound server, then the cards; a microphone on USB comes before a default card that nobody chose",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New: func() eiengine.Element {
			return &autoAudioSrc{alsa: soundSourceProps{BufferTime: 200_000, LatencyTime: 10_000, SlaveMethod: slaveSkew}}
		},
	})
}

type autoAudioSrcProps struct {
	reconnectProps
	FilterCaps     frames.Caps `prop:"filter-caps" default:"audio/x-raw" doc:"What the device has to give: other formats are not chosen"`
	Sync           bool        `prop:"sync" default:"true" doc:"Accepted without effect: a device gives sound at its own pace"`
	AsyncHandling  bool        `prop:"async-handling" doc:"Accepted without effect: state changes are the pipeline's"`
	MessageForward bool        `prop:"message-forward" doc:"Accepted without effect: every message is on the bus"`
}

// autoAudioSrc is an alsasrc that finds its device.
type autoAudioSrc struct {
	eiengine.Settings[autoAudioSrcProps]
	soundSource
	alsa soundSourceProps
}

// how are the properties of an alsasrc: those that nobody can set here have its defaults.
func (s *autoAudioSrc) how() *soundSourceProps {
	s.alsa.reconnectProps = s.Load().reconnectProps
	return &s.alsa
}

// Open implements eiengine.Opener.
func (s *autoAudioSrc) Open(c *eiengine.Ctx) error {
	device, err := pcm.First(pcm.Capture, func(device string) error { return s.open(c, device, openALSA) })
	c.Log().Info("chose", "device", device)
	return err
}

// Limit implements eiengine.Limiter.
func (s *autoAudioSrc) Limit() frames.Caps {
	return s.soundSource.Limit().Intersect(s.Load().FilterCaps)
}

// Configure implements eiengine.Configurer.
func (s *autoAudioSrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	return s.configure(s.how(), out)
}

// Read implements eiengine.Source.
func (s *autoAudioSrc) Read(c *eiengine.Ctx) error { return s.read(c, s.how(), true) }
