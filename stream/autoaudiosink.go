package stream

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "autoaudiosink", LongName: "Auto audio sink", Class: "Sink/Audio",
		Description: "Plays sound on the first device that opens: the default one, that of a sound server, then the cards",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         newAutoAudioSink,
	})
}

type autoAudioSinkProps struct {
	Sync           bool        `prop:"sync,live" default:"true" doc:"Let sound be heard when it is due by the pipeline's clock; otherwise as fast as the device takes it"`
	TSOffset       int64       `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which sound is heard"`
	FilterCaps     frames.Caps `prop:"filter-caps" default:"audio/x-raw" doc:"What the device has to be given: other formats are not taken"`
	AsyncHandling  bool        `prop:"async-handling" doc:"Accepted without effect: state changes are the pipeline's"`
	MessageForward bool        `prop:"message-forward" doc:"Accepted without effect: every message is on the bus"`
}

// autoAudioSink is an alsasink that finds its device.
type autoAudioSink struct {
	eiengine.Settings[autoAudioSinkProps]
	soundSink
	alsa soundSinkProps
}

func newAutoAudioSink() eiengine.Element {
	return &autoAudioSink{alsa: soundSinkProps{
		BufferTime: bufferTime.Microseconds(), LatencyTime: 10_000, AlignmentThreshold: uint64(40 * time.Millisecond),
		DiscontWait: uint64(time.Second), DriftTolerance: 40_000, SlaveMethod: slaveSkew,
	}}
}

const bufferTime = 200 * time.Millisecond

// how are the properties of an alsasink: those that nobody can set here have its
// defaults.
func (s *autoAudioSink) how() *soundSinkProps {
	s.alsa.Sync = s.Load().Sync
	return &s.alsa
}

// Open implements eiengine.Opener.
func (s *autoAudioSink) Open(c *eiengine.Ctx) error {
	device, err := pcm.First(pcm.Playback, s.openALSA)
	c.Log().Info("chose", "device", device)
	return err
}

// Limit implements eiengine.Limiter.
func (s *autoAudioSink) Limit() frames.Caps {
	return s.soundSink.Limit().Intersect(s.Load().FilterCaps)
}

// Rendering implements eiengine.Renderer.
func (s *autoAudioSink) Rendering() eiengine.Rendering {
	p := s.Load()
	return ahead(eiengine.Rendering{Sync: p.Sync, Async: true, MaxLateness: -1, MaxFrames: -1, Offset: time.Duration(p.TSOffset)}, bufferTime)
}

// Configure implements eiengine.Configurer.
func (s *autoAudioSink) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	return s.configure(s.how(), in)
}

// Process implements eiengine.Filter.
func (s *autoAudioSink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	return s.play(c, s.how(), in, time.Duration(s.Load().TSOffset))
}
