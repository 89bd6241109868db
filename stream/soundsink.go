package stream

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// soundSinkProps are the properties that decide how sound is played.
type soundSinkProps struct {
	Sync               bool            `prop:"sync,live" default:"true" doc:"Let sound be heard when it is due by the pipeline's clock; otherwise as fast as the device takes it"`
	BufferTime         int64           `prop:"buffer-time" default:"200000" min:"1" doc:"Microseconds of sound that wait in the device; with sync=true a live pipeline has that much more latency"`
	LatencyTime        int64           `prop:"latency-time" default:"10000" min:"1" doc:"Microseconds of sound that the device takes at once"`
	AlignmentThreshold uint64          `prop:"alignment-threshold,live" default:"40000000" min:"1" max:"18446744073709551614" doc:"Nanoseconds by which the times of buffers may be off before silence is put between them, or some of them is left out"`
	DiscontWait        uint64          `prop:"discont-wait,live" default:"1000000000" max:"18446744073709551614" doc:"Nanoseconds for which times have to be off before that happens"`
	DriftTolerance     int64           `prop:"drift-tolerance,live" default:"40000" min:"1" doc:"Microseconds by which the device may run away from the pipeline's clock before it is put right, as with alignment-threshold"`
	SlaveMethod        sinkSlaveMethod `prop:"slave-method,live" default:"skew" doc:"How what is heard follows the clock"`
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

// soundDevice is an open device of a library of sound. See [pcm.PCM], which is one, for
// what its methods do.
type soundDevice interface {
	Abilities() (*pcm.Abilities, error)
	Configure(audio frames.AudioInfo, period, buffer time.Duration) (pcm.Setup, error)
	Write(ctx context.Context, data []byte) error
	Delay() time.Duration
	Drain(ctx context.Context) error
	Drop()
	Overruns() uint64
	Close() error
}

// soundSink plays: what all sinks of sound for devices have in common.
type soundSink struct {
	dev       soundDevice
	format    *frames.Format
	abilities atomic.Pointer[pcm.Abilities]
	aligner   aligner
	dry       atomic.Uint64
	silence   []byte
}

// open takes a device that was opened, and asks what it can do.
func (s *soundSink) open(d soundDevice) error {
	a, err := d.Abilities()
	if err != nil {
		return errors.Join(err, d.Close())
	}
	s.dev = d
	s.abilities.Store(a)
	return nil
}

// openALSA opens a device by its ALSA name.
func (s *soundSink) openALSA(device string) error {
	p, err := pcm.Open(device, pcm.Playback)
	if err != nil {
		return err
	}
	return s.open(p)
}

// Close implements eiengine.Opener.
func (s *soundSink) Close(*eiengine.Ctx) error {
	s.abilities.Store(nil)
	if s.dev == nil {
		return nil
	}
	err := s.dev.Close()
	s.dev = nil
	return err
}

// Start implements eiengine.Starter.
func (s *soundSink) Start(*eiengine.Ctx) error {
	s.format, s.aligner = nil, aligner{}
	s.dry.Store(0)
	return nil
}

// Stop implements eiengine.Starter.
func (s *soundSink) Stop(*eiengine.Ctx) error {
	s.dev.Drop()
	return nil
}

// Limit implements eiengine.Limiter: what the device can do, once it is open.
func (s *soundSink) Limit() frames.Caps {
	a := s.abilities.Load()
	if a == nil {
		return frames.AnyCaps()
	}
	return a.Caps()
}

// ahead has sound go to the device as long before it is heard as fits into it.
func ahead(r eiengine.Rendering, buffer time.Duration) eiengine.Rendering {
	r.Offset -= buffer
	r.ProcessingTime += buffer
	return r
}

// configure sets the device to what arrives.
func (s *soundSink) configure(p *soundSinkProps, in *frames.Format) error {
	if !in.IsAudio() {
		return eiengine.Fatal(fmt.Errorf("it gets %v, not sound: put decodebin before it", in))
	}
	setup, err := s.dev.Configure(in.Audio, time.Duration(p.LatencyTime)*time.Microsecond, time.Duration(p.BufferTime)*time.Microsecond)
	if err != nil {
		return err
	}
	s.format, s.aligner = in, aligner{}
	s.silence = make([]byte, setup.Period*in.Audio.FrameBytes())
	if in.Audio.Format == frames.U8 {
		for i := range s.silence {
			s.silence[i] = 0x80
		}
	}
	return nil
}

// readProperty computes the properties that say what is played on.
func (s *soundSink) readProperty(name string) (string, bool) {
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
func (s *soundSink) Counts() []eiengine.Count {
	return []eiengine.Count{{Name: "underruns", N: s.dry.Load()}}
}

// play consumes a frame. offset is added to the time at which it is heard.
func (s *soundSink) play(c *eiengine.Ctx, p *soundSinkProps, in *frames.Frame, offset time.Duration) error {
	defer in.Release()
	data := in.Bytes()
	if p.Sync && in.PTS >= 0 {
		skip, err := s.align(c, p, in, offset)
		if err != nil {
			return s.judge(c, err)
		}
		data = data[skip:]
	}
	return s.judge(c, s.dev.Write(c.Context(), data))
}

// align sees to it that a frame is heard when it is due: with silence before it, or by
// leaving out some bytes of its beginning, which it returns.
func (s *soundSink) align(c *eiengine.Ctx, p *soundSinkProps, in *frames.Frame, offset time.Duration) (skip int, err error) {
	due := c.RunningTime(in.PTS) + c.Latency() + offset
	heard := c.Running() + s.dev.Delay()
	shift := s.aligner.shift(due-heard, in.PTS, in.Duration, p)
	audio := s.format.Audio
	samples := int(shift * time.Duration(audio.Rate) / time.Second)
	if samples < 0 {
		return min(-samples*audio.FrameBytes(), in.Size()), nil
	}
	return 0, s.quiet(c, samples)
}

// quiet writes silence.
func (s *soundSink) quiet(c *eiengine.Ctx, samples int) error {
	for left := samples * s.format.Audio.FrameBytes(); left > 0; {
		n := min(left, len(s.silence))
		if err := s.dev.Write(c.Context(), s.silence[:n]); err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// judge keeps count of how often the device ran dry, and fails the pipeline when the
// device is gone.
func (s *soundSink) judge(c *eiengine.Ctx, err error) error {
	s.dry.Store(s.dev.Overruns())
	if err == nil || c.Context().Err() != nil {
		return err
	}
	return eiengine.Fatal(err)
}

// Drain implements eiengine.Drainer: the end of the stream is when the last of it was
// heard.
func (s *soundSink) Drain(c *eiengine.Ctx) error {
	if s.format == nil {
		return nil
	}
	return s.judge(c, s.dev.Drain(c.Context()))
}

// Flush implements eiengine.Flusher.
func (s *soundSink) Flush(*eiengine.Ctx) {
	if s.format != nil {
		s.dev.Drop()
	}
	s.aligner = aligner{}
}
