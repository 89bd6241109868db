package capture

import (
	"errors"
	"io"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "audiotestsrc", LongName: "Audio test source", Class: "Source/Audio",
		Description: "Makes tones, noise, and sounds whose names are known",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(testAudio())},
		New:         func() eiengine.Element { return new(audioTestSrc) },
	})
}

func testAudio() frames.Caps {
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: frames.List{frames.String("S16LE"), frames.String("S32LE"), frames.String("F32LE"), frames.String("F64LE"), frames.String("S24LE"), frames.String("U8")}},
		{Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: frames.IntRange{Min: 1, Max: 1 << 22}},
		{Name: "channels", Value: frames.IntRange{Min: 1, Max: 64}},
	}})
}

type audioTestSrcProps struct {
	eiengine.SourceProps
	Wave               testWave `prop:"wave,live" default:"sine" doc:"Form of the wave; all channels get the same"`
	Freq               float64  `prop:"freq,live" default:"440" min:"0" max:"1073741823" doc:"Periods per second; meaningful up to half the sample rate"`
	Volume             float64  `prop:"volume,live" default:"0.8" min:"0" max:"1" doc:"Largest value, 1 being full scale; of gaussian-noise the standard deviation"`
	TickInterval       uint64   `prop:"tick-interval,live" default:"1000000000" min:"1" doc:"Nanoseconds from the start of a tick of wave=ticks to the start of the next"`
	SinePeriodsPerTick uint     `prop:"sine-periods-per-tick,live" default:"10" min:"1" doc:"Length of a tick of wave=ticks, in periods of freq"`
	ApplyTickRamp      bool     `prop:"apply-tick-ramp,live" doc:"Let ticks rise and fall over one period, to the third power"`
	MarkerTickPeriod   uint     `prop:"marker-tick-period,live" doc:"Every how many ticks one has marker-tick-volume, 0 for none"`
	MarkerTickVolume   float64  `prop:"marker-tick-volume,live" default:"1" min:"0" max:"1" doc:"Volume of every marker-tick-period-th tick"`
	SamplesPerBuffer   int      `prop:"samplesperbuffer" default:"1024" min:"1" doc:"Samples of each channel in a buffer"`
	BlockSize          uint     `prop:"blocksize" default:"4294967295" doc:"Accepted without effect: samplesperbuffer says how large buffers are"`
	CanActivatePull    bool     `prop:"can-activate-pull" doc:"Accepted without effect: sources are never asked for bytes"`
	CanActivatePush    bool     `prop:"can-activate-push" default:"true" doc:"Whether it gives sound at all; false fails the pipeline, as in GStreamer"`
	IsLive             bool     `prop:"is-live" doc:"Give each buffer at its time, as a microphone would"`
	TimestampOffset    int64    `prop:"timestamp-offset" doc:"Nanoseconds added to the times of buffers"`
	Seed               uint64   `prop:"seed,live" doc:"Which soundscape wave=sounds makes; the same number gives the same sound on every machine"`
}

// audioTestSrc makes waves whose phase goes on from buffer to buffer.
type audioTestSrc struct {
	eiengine.Settings[audioTestSrcProps]
	extent
	format  *frames.Format
	samples int           // made so far, of each channel
	stop    time.Duration // where a seek wants the end, 0 for nowhere
	wave    oscillator
	seq     uint64
	scratch []float64

	// A rate that changes on the way counts from where it began.
	since     int
	sinceTime time.Duration
}

// SourceSettings implements eiengine.SourceSettings.
func (s *audioTestSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// IsLive implements eiengine.Live.
func (s *audioTestSrc) IsLive() bool { return s.Load().IsLive }

// Start implements eiengine.Starter.
func (s *audioTestSrc) Start(*eiengine.Ctx) error {
	if !s.Load().CanActivatePush {
		return errors.New("can-activate-push=false leaves no way to give sound: set it to true")
	}
	s.format, s.samples, s.seq, s.stop = nil, 0, 0, 0
	s.forget()
	s.wave.reset()
	s.since, s.sinceTime = 0, 0
	return nil
}

// Stop implements eiengine.Starter.
func (s *audioTestSrc) Stop(*eiengine.Ctx) error { return nil }

// Fixate implements eiengine.Fixater: mono at 44100 Hz.
func (s *audioTestSrc) Fixate(_ *frames.Format, out frames.Caps) frames.Caps {
	list := out.Structures()
	if len(list) == 0 {
		return out
	}
	return frames.NewCaps(list[0].FixateInt("rate", 44100).FixateInt("channels", 1))
}

// Configure implements eiengine.Configurer.
func (s *audioTestSrc) Configure(_ *eiengine.Ctx, _, out *frames.Format) error {
	if s.format != nil && s.format.Audio.Rate != out.Audio.Rate {
		s.since, s.sinceTime = s.samples, s.time(s.samples)
	}
	s.format = out
	length := frames.NoTime
	if p := s.Load(); p.NumBuffers >= 0 {
		length = s.time(p.NumBuffers*p.SamplesPerBuffer) + time.Duration(p.TimestampOffset)
	}
	s.known(length)
	return nil
}

// Seek implements eiengine.Seeker. A periodic wave goes on as if it had been
// played up to there; noise is another one.
func (s *audioTestSrc) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	p, audio := s.Load(), s.format.Audio
	offset := time.Duration(p.TimestampOffset)
	was = s.time(s.samples) + offset
	s.since, s.sinceTime = 0, 0
	s.samples, s.stop = int(audio.Sample(to.Position-offset)), to.Stop
	s.seq = uint64(s.samples / p.SamplesPerBuffer)
	s.wave.skip(s.samples, p, audio)
	if to.KeyUnit {
		to.Position = s.time(s.samples) + offset
	}
	return was, nil
}

// left is how many samples are to come, up to a buffer.
func (s *audioTestSrc) left(p *audioTestSrcProps) int {
	n := p.SamplesPerBuffer
	if p.IsLive {
		return n
	}
	if p.NumBuffers >= 0 {
		n = min(n, p.NumBuffers*p.SamplesPerBuffer-s.samples)
	}
	if s.stop > 0 { // the sample that begins before the stop is the last one
		last := s.format.Audio.Sample(s.stop - time.Duration(p.TimestampOffset) - 1)
		n = min(n, int(last)+1-s.samples)
	}
	return n
}

func (s *audioTestSrc) time(sample int) time.Duration {
	return s.sinceTime + s.format.Audio.Duration(sample-s.since)
}

// Read implements eiengine.Source.
func (s *audioTestSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	pts, n := s.time(s.samples), s.left(p)
	if n <= 0 {
		return io.EOF
	}
	if p.IsLive {
		if err := c.WaitUntil(pts); err != nil {
			return err
		}
	}
	audio := s.format.Audio
	f, err := c.NewBuffer(s.format, n*audio.FrameBytes())
	if err != nil && !errors.Is(err, frames.ErrBudget) {
		return err
	}
	first, seq := s.samples, s.seq
	s.samples += n
	s.seq++
	if err != nil {
		return nil // dropped and counted, as a microphone does
	}
	f.Mono = c.Now()
	if cap(s.scratch) < n*audio.Channels {
		s.scratch = make([]float64, n*audio.Channels)
	}
	samples := s.scratch[:n*audio.Channels]
	s.wave.fill(samples, p, audio, first, fullScale(audio.Format))
	writeSamples(f.Bytes(), samples, audio.Format)
	f.PTS, f.Duration, f.Seq = pts+time.Duration(p.TimestampOffset), s.time(s.samples)-pts, seq
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	if p.Wave == waveSounds {
		f.Attach(s.wave.sounds.truth(n))
	}
	return c.Push(0, f)
}
