package capture

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// soundSourceProps are the properties of all sources of sound from devices.
type soundSourceProps struct {
	eiengine.SourceProps
	reconnectProps
	BlockSize         uint        `prop:"blocksize" doc:"Bytes in a buffer, 0 for those of latency-time"`
	BufferTime        int64       `prop:"buffer-time" default:"200000" min:"1" doc:"Microseconds of sound that the device holds until somebody reads it; then it is lost. The device may choose another length: see actual-buffer-time"`
	LatencyTime       int64       `prop:"latency-time" default:"10000" min:"1" doc:"Microseconds of sound in a buffer. The device may choose another length: see actual-latency-time"`
	ActualBufferTime  int64       `prop:"actual-buffer-time,readonly" default:"-1" min:"-1" doc:"Microseconds of sound that the device holds, -1 while it is closed"`
	ActualLatencyTime int64       `prop:"actual-latency-time,readonly" default:"-1" min:"-1" doc:"Microseconds of sound that the device gives at once, -1 while it is closed"`
	ProvideClock      bool        `prop:"provide-clock" default:"true" doc:"Accepted without effect: pipelines run by the engine's clock, see slave-method"`
	SlaveMethod       slaveMethod `prop:"slave-method,live" default:"skew" doc:"How the times of the sound follow the clock"`
	DeviceName        string      `prop:"device-name,readonly" null:"null" doc:"What the device is called"`
}

// soundDevice is an open device of a library of sound. See [pcm.PCM], which is one, for
// what its methods do.
type soundDevice interface {
	Abilities() (*pcm.Abilities, error)
	Configure(audio frames.AudioInfo, period, buffer time.Duration) (pcm.Setup, error)
	Read(ctx context.Context, data []byte) (pcm.Chunk, error)
	Overruns() uint64
	Drop()
	Close() error
}

// openSound opens a device, and says how to open it again.
type openSound func(c *eiengine.Ctx, device string) (soundDevice, reopenSound, error)

// reopenSound opens a device that was lost, wherever it is now.
type reopenSound func(c *eiengine.Ctx) (soundDevice, error)

// soundSource records: what all sources of sound from devices have in common.
type soundSource struct {
	dev       soundDevice
	device    string // as it is told
	reopen    reopenSound
	format    *frames.Format
	abilities atomic.Pointer[pcm.Abilities]
	setup     atomic.Pointer[soundSetup]
	clock     sampleClock
	gap       bool // the next buffer does not follow the one before
	away      absence
	seq       uint64
	lost      atomic.Uint64
	spare     []byte // what is recorded while there is no memory for it
}

// soundSetup is what a device was set to.
type soundSetup struct {
	samples        int // of each channel, that it gives at once
	period, buffer time.Duration
}

// IsLive implements eiengine.Live.
func (*soundSource) IsLive() bool { return true }

// openALSA is an openSound.
func openALSA(_ *eiengine.Ctx, device string) (soundDevice, reopenSound, error) {
	p, err := pcm.Open(device, pcm.Capture)
	if err != nil {
		return nil, nil, err
	}
	card, ofCard := pcm.Find(device)
	return p, func(*eiengine.Ctx) (soundDevice, error) {
		now := device
		if ofCard {
			var err error
			if now, err = pcm.Moved(device, card); err != nil {
				return nil, err
			}
		}
		p, err := pcm.Open(now, pcm.Capture)
		if err != nil {
			return nil, err
		}
		if d, ok := pcm.Find(now); ok {
			card = d
		}
		return p, nil
	}, nil
}

// open opens the device and asks what it can do.
func (s *soundSource) open(c *eiengine.Ctx, device string, open openSound) error {
	d, again, err := open(c, device)
	if err != nil {
		return err
	}
	s.device, s.reopen = device, again
	return s.use(d)
}

// use asks an open device what it can do.
func (s *soundSource) use(d soundDevice) error {
	a, err := d.Abilities()
	if err != nil {
		return errors.Join(err, d.Close())
	}
	s.dev = d
	s.abilities.Store(a)
	return nil
}

// Close implements eiengine.Opener.
func (s *soundSource) Close(*eiengine.Ctx) error {
	s.abilities.Store(nil)
	s.setup.Store(nil)
	if s.dev == nil {
		return nil
	}
	err := s.dev.Close()
	s.dev = nil
	return err
}

// Start implements eiengine.Starter.
func (s *soundSource) Start(*eiengine.Ctx) error {
	s.clock.forget()
	s.away, s.seq, s.gap = absence{}, 0, false
	s.lost.Store(0)
	return nil
}

// Stop implements eiengine.Starter.
func (s *soundSource) Stop(*eiengine.Ctx) error {
	if s.dev != nil {
		s.dev.Drop()
	}
	return nil
}

// Limit implements eiengine.Limiter: what the device can do, once it is open.
func (s *soundSource) Limit() frames.Caps {
	a := s.abilities.Load()
	if a == nil {
		return frames.AnyCaps()
	}
	return a.Caps()
}

// Fixate implements eiengine.Fixater: GStreamer's wishes, S16LE at 44100 Hz in two
// channels, as near as the device and whoever listens have it.
func (s *soundSource) Fixate(_ *frames.Format, out frames.Caps) frames.Caps {
	list := out.Structures()
	if len(list) == 0 {
		return out
	}
	return frames.NewCaps(list[0].FixateInt("rate", 44100).FixateInt("channels", 2).FixateString("format", "S16LE"))
}

// configure sets the device to what was chosen.
func (s *soundSource) configure(p *soundSourceProps, out *frames.Format) error {
	s.format = out
	setup, err := s.dev.Configure(out.Audio, time.Duration(p.LatencyTime)*time.Microsecond, time.Duration(p.BufferTime)*time.Microsecond)
	if err != nil {
		return err
	}
	s.setup.Store(&soundSetup{samples: setup.Period, period: out.Audio.Duration(setup.Period), buffer: out.Audio.Duration(setup.Buffer)})
	s.clock.forget()
	return nil
}

// Latency implements eiengine.Latency: a buffer is recorded before it leaves.
func (s *soundSource) Latency() time.Duration {
	setup := s.setup.Load()
	if setup == nil {
		return 0
	}
	return setup.period
}

// Counts implements eiengine.Counter.
func (s *soundSource) Counts() []eiengine.Count {
	return []eiengine.Count{{Name: "overruns", N: s.lost.Load()}}
}

// readProperty computes the properties that all these sources have.
func (s *soundSource) readProperty(name string) (string, bool) {
	a, setup := s.abilities.Load(), s.setup.Load()
	switch {
	case name == "device-name" && a != nil:
		return a.Name, true
	case name == "card-name" && a != nil:
		return a.Card, true
	case name == "actual-buffer-time" && setup != nil:
		return strconv.FormatInt(setup.buffer.Microseconds(), 10), true
	case name == "actual-latency-time" && setup != nil:
		return strconv.FormatInt(setup.period.Microseconds(), 10), true
	}
	return "", false
}

// samples is how many go into a buffer.
func (s *soundSource) samples(p *soundSourceProps) int {
	if p.BlockSize > 0 && p.BlockSize < 1<<30 {
		return max(1, int(p.BlockSize)/s.format.Audio.FrameBytes())
	}
	return s.setup.Load().samples
}

// read gives the next buffer. driverTime says whether the device is asked how long its
// samples have waited.
func (s *soundSource) read(c *eiengine.Ctx, p *soundSourceProps, driverTime bool) error {
	if s.dev == nil {
		return s.comeBack(c, p)
	}
	audio := s.format.Audio
	f, err := c.NewBuffer(s.format, s.samples(p)*audio.FrameBytes())
	if err != nil && !errors.Is(err, frames.ErrBudget) {
		return err
	}
	chunk, err := s.dev.Read(c.Context(), s.into(f, p))
	if err != nil {
		if f != nil {
			f.Release()
		}
		return s.failed(c, p, err)
	}
	s.away.end(c, bus.Device{Device: s.device})
	if chunk.Lost {
		s.clock.forget()
		s.gap = true
		s.lost.Store(s.dev.Overruns())
		c.Warn(fmt.Errorf("sound was lost (%d so far), since nobody took it in time: raise buffer-time, or put a queue behind this element", s.dev.Overruns()))
	}
	if !driverTime {
		chunk.Age = audio.Duration(chunk.Samples)
	}
	pts, duration, jump := s.clock.stamp(c.Running()-chunk.Age, chunk.Samples, audio.Rate, p.SlaveMethod)
	s.gap = s.gap || jump
	seq := s.seq
	s.seq++
	if f == nil { // no memory: dropped and counted
		s.gap = true
		return nil
	}
	if s.gap {
		f.Flags |= frames.Discont
		s.gap = false
	}
	f.PTS, f.Duration, f.Mono, f.Seq = pts, duration, c.Now()-chunk.Age, seq
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	return c.Push(0, f)
}

// into is where the next samples go: into the frame, or nowhere if there is none.
func (s *soundSource) into(f *frames.Frame, p *soundSourceProps) []byte {
	if f != nil {
		return f.Bytes()
	}
	size := s.samples(p) * s.format.Audio.FrameBytes()
	if len(s.spare) != size {
		s.spare = make([]byte, size)
	}
	return s.spare
}

// failed judges an error of the device, which is closed until it is back.
func (s *soundSource) failed(c *eiengine.Ctx, p *soundSourceProps, err error) error {
	if c.Context().Err() != nil {
		return err
	}
	if closing := s.dev.Close(); closing != nil {
		c.Log().Debug("closing a lost device", "error", closing)
	}
	s.dev, s.gap = nil, true
	worked := s.seq > 0 || errors.Is(err, pcm.ErrStalled) // some take long to begin
	return s.away.lose(c, p.reconnectProps, worked, bus.Device{Device: s.device}, err)
}

// comeBack tries to open a lost device again.
func (s *soundSource) comeBack(c *eiengine.Ctx, p *soundSourceProps) error {
	if err := s.away.wait(c); err != nil {
		return err
	}
	d, err := s.reopen(c)
	if err == nil {
		err = s.use(d)
	}
	if err != nil {
		c.Log().Debug("not back yet", "device", s.device, "error", err)
		return nil
	}
	if err := s.configure(p, s.format); err != nil {
		s.away.failed(c, err)
		return s.Close(c)
	}
	return nil
}
