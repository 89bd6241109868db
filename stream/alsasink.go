package stream

import (
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "alsasink", LongName: "Audio sink (ALSA)", Class: "Sink/Audio", Rank: 256,
		Description: "Plays sound on a sound card by ALSA",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(soundCaps())},
		New:         func() eiengine.Element { return new(alsaSink) },
	})
}

// soundCaps is raw sound as devices take it.
func soundCaps() frames.Caps {
	return frames.MustCaps("audio/x-raw,format={F64LE,F32LE,S32LE,S24LE,S16LE,U8},layout=interleaved,rate=[1,2147483647],channels=[1,2147483647]")
}

type alsaSinkProps struct {
	eiengine.SinkProps
	EnableLastSample   bool            `prop:"enable-last-sample,live" doc:"Remember what the latest buffer was, for last-sample"`
	Sync               bool            `prop:"sync,live" default:"true" doc:"Let sound be heard when it is due by the pipeline's clock; otherwise as fast as the device takes it"`
	Device             string          `prop:"device" default:"default" doc:"ALSA's name of the device, such as default, hw:0, plughw:CARD=PCH; eiengine devices lists them"`
	CardName           string          `prop:"card-name,readonly" null:"null" doc:"What the sound card is called"`
	DeviceName         string          `prop:"device-name,readonly" null:"null" doc:"What the device is called"`
	BufferTime         int64           `prop:"buffer-time" default:"200000" min:"1" doc:"Microseconds of sound that wait in the device; with sync=true a live pipeline has that much more latency"`
	LatencyTime        int64           `prop:"latency-time" default:"10000" min:"1" doc:"Microseconds of sound that the device takes at once"`
	AlignmentThreshold uint64          `prop:"alignment-threshold,live" default:"40000000" min:"1" max:"18446744073709551614" doc:"Nanoseconds by which the times of buffers may be off before silence is put between them, or some of them is left out"`
	DiscontWait        uint64          `prop:"discont-wait,live" default:"1000000000" max:"18446744073709551614" doc:"Nanoseconds for which times have to be off before that happens"`
	DriftTolerance     int64           `prop:"drift-tolerance,live" default:"40000" min:"1" doc:"Microseconds by which the device may run away from the pipeline's clock before it is put right, as with alignment-threshold"`
	ProvideClock       bool            `prop:"provide-clock" default:"true" doc:"Accepted without effect: pipelines run by the engine's clock, see slave-method"`
	SlaveMethod        sinkSlaveMethod `prop:"slave-method,live" default:"skew" doc:"How what is heard follows the clock"`
	CanActivatePull    bool            `prop:"can-activate-pull" doc:"Accepted without effect: sinks never ask for sound"`
}

// sinkSlaveMethod is how a device that runs at another rate than the clock is kept to it.
type sinkSlaveMethod int

const (
	slaveResample sinkSlaveMethod = iota
	slaveSkew
	slaveNone
	slaveCustom
)

// EnumValues implements eiengine.Enum.
func (sinkSlaveMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(slaveResample), Nick: "resample", Name: "As skew: nothing is resampled"},
		{Value: int(slaveSkew), Nick: "skew", Name: "Silence is put in, or sound left out, when it is off for longer than discont-wait"},
		{Value: int(slaveNone), Nick: "none", Name: "The device runs as it likes"},
		{Value: int(slaveCustom), Nick: "custom", Name: "As skew: no other method can be given"},
	}
}

type alsaSink struct {
	eiengine.Settings[alsaSinkProps]
	pcm       *pcm.PCM
	format    *frames.Format
	abilities atomic.Pointer[pcm.Abilities]
	buffer    time.Duration
	aligner   aligner
	dry       atomic.Uint64
	silence   []byte
}

// Open implements eiengine.Opener.
func (s *alsaSink) Open(*eiengine.Ctx) error {
	p, err := pcm.Open(s.Load().Device, pcm.Playback)
	if err != nil {
		return err
	}
	a, err := p.Abilities()
	if err != nil {
		_ = p.Close() // the first error says more
		return err
	}
	s.pcm = p
	s.abilities.Store(a)
	return nil
}

// Close implements eiengine.Opener.
func (s *alsaSink) Close(*eiengine.Ctx) error {
	s.abilities.Store(nil)
	if s.pcm == nil {
		return nil
	}
	err := s.pcm.Close()
	s.pcm = nil
	return err
}

// Start implements eiengine.Starter.
func (s *alsaSink) Start(*eiengine.Ctx) error {
	s.format, s.aligner = nil, aligner{}
	s.dry.Store(0)
	return nil
}

// Stop implements eiengine.Starter.
func (s *alsaSink) Stop(*eiengine.Ctx) error {
	s.pcm.Drop()
	return nil
}

// Limit implements eiengine.Limiter: what the device can do, once it is open.
func (s *alsaSink) Limit() frames.Caps {
	a := s.abilities.Load()
	if a == nil {
		return frames.AnyCaps()
	}
	return a.Caps()
}

// Rendering implements eiengine.Renderer: sound goes to the device as long before it is
// heard as fits into it.
func (s *alsaSink) Rendering() eiengine.Rendering {
	p := s.Load()
	r := p.SinkProps.Rendering(p.Sync)
	r.KeepSample = p.EnableLastSample
	buffer := time.Duration(p.BufferTime) * time.Microsecond
	r.Offset -= buffer
	r.ProcessingTime += buffer
	return r
}

// Configure implements eiengine.Configurer.
func (s *alsaSink) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	p := s.Load()
	setup, err := s.pcm.Configure(in.Audio, time.Duration(p.LatencyTime)*time.Microsecond, time.Duration(p.BufferTime)*time.Microsecond)
	if err != nil {
		return err
	}
	s.format, s.aligner = in, aligner{}
	s.buffer = in.Audio.Duration(setup.Buffer)
	s.silence = make([]byte, setup.Period*in.Audio.FrameBytes())
	if in.Audio.Format == frames.U8 {
		for i := range s.silence {
			s.silence[i] = 0x80
		}
	}
	return nil
}

// ReadProperty implements eiengine.PropertyReader.
func (s *alsaSink) ReadProperty(name string) (string, bool) {
	a := s.abilities.Load()
	switch {
	case name == "device-name" && a != nil:
		return a.Name, true
	case name == "card-name" && a != nil:
		return a.Card, true
	}
	return "", false
}

// Counts implements eiengine.Counter.
func (s *alsaSink) Counts() []eiengine.Count {
	return []eiengine.Count{{Name: "underruns", N: s.dry.Load()}}
}

// Process implements eiengine.Filter.
func (s *alsaSink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	p := s.Load()
	data := in.Bytes()
	if p.Sync && in.PTS >= 0 {
		skip, err := s.align(c, p, in)
		if err != nil {
			return s.judge(c, err)
		}
		data = data[skip:]
	}
	return s.judge(c, s.pcm.Write(c.Context(), data))
}

// align sees to it that a frame is heard when it is due: with silence before it, or by
// leaving out some bytes of its beginning, which it returns.
func (s *alsaSink) align(c *eiengine.Ctx, p *alsaSinkProps, in *frames.Frame) (skip int, err error) {
	due := c.RunningTime(in.PTS) + c.Latency() + time.Duration(p.TSOffset)
	heard := c.Running() + s.pcm.Delay()
	shift := s.aligner.shift(due-heard, in.PTS, in.Duration, p)
	audio := s.format.Audio
	samples := int(shift * time.Duration(audio.Rate) / time.Second)
	if samples < 0 {
		return min(-samples*audio.FrameBytes(), in.Size()), nil
	}
	return 0, s.quiet(c, samples)
}

// quiet writes silence.
func (s *alsaSink) quiet(c *eiengine.Ctx, samples int) error {
	for left := samples * s.format.Audio.FrameBytes(); left > 0; {
		n := min(left, len(s.silence))
		if err := s.pcm.Write(c.Context(), s.silence[:n]); err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// judge keeps count of how often the device ran dry, and fails the pipeline when the
// device is gone.
func (s *alsaSink) judge(c *eiengine.Ctx, err error) error {
	s.dry.Store(s.pcm.Overruns())
	if err == nil || c.Context().Err() != nil {
		return err
	}
	return eiengine.Fatal(err)
}

// Drain implements eiengine.Drainer: the end of the stream is when the last of it was
// heard.
func (s *alsaSink) Drain(c *eiengine.Ctx) error {
	if s.format == nil {
		return nil
	}
	return s.judge(c, s.pcm.Drain(c.Context()))
}

// Flush implements eiengine.Flusher.
func (s *alsaSink) Flush(*eiengine.Ctx) {
	if s.format != nil {
		s.pcm.Drop()
	}
	s.aligner = aligner{}
}
