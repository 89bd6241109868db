package capture

import (
	"errors"
	"math"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "audiotestsrc", LongName: "Audio test source", Class: "Source/Audio",
		Description: "Makes tones and noise",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(testAudio())},
		New:         func() eiengine.Element { return new(audioTestSrc) },
	})
}

func testAudio() frames.Caps {
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: frames.List{frames.String("S16LE"), frames.String("S32LE"), frames.String("F32LE"), frames.String("F64LE")}},
		{Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: frames.IntRange{Min: 1, Max: 1 << 22}},
		{Name: "channels", Value: frames.IntRange{Min: 1, Max: 64}},
	}})
}

// testWave is a wave form; numbers and nicks are GStreamer's.
type testWave int

const (
	waveSine testWave = iota
	waveSquare
	waveSaw
	waveTriangle
	waveSilence
	waveWhiteNoise
)

// EnumValues implements eiengine.Enum.
func (testWave) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(waveSine), Nick: "sine", Name: "Sine"},
		{Value: int(waveSquare), Nick: "square", Name: "Square"},
		{Value: int(waveSaw), Nick: "saw", Name: "Saw"},
		{Value: int(waveTriangle), Nick: "triangle", Name: "Triangle"},
		{Value: int(waveSilence), Nick: "silence", Name: "Silence"},
		{Value: int(waveWhiteNoise), Nick: "white-noise", Name: "White uniform noise"},
	}
}

type audioTestSrcProps struct {
	eiengine.SourceProps
	Wave             testWave `prop:"wave,live" default:"sine" doc:"Form of the wave; all channels get the same"`
	Freq             float64  `prop:"freq,live" default:"440" min:"0" max:"1073741823" doc:"Periods per second; meaningful up to half the sample rate"`
	Volume           float64  `prop:"volume,live" default:"0.8" min:"0" max:"1" doc:"Largest value, 1 being full scale"`
	SamplesPerBuffer int      `prop:"samplesperbuffer" default:"1024" min:"1" max:"16777216" doc:"Samples of each channel in a buffer"`
	IsLive           bool     `prop:"is-live" doc:"Give each buffer at its time, as a microphone would"`
	TimestampOffset  int64    `prop:"timestamp-offset" doc:"Nanoseconds added to the times of buffers"`
}

// audioTestSrc makes waves whose phase goes on from buffer to buffer.
type audioTestSrc struct {
	eiengine.Settings[audioTestSrcProps]
	format  *frames.Format
	samples int     // made so far, of each channel
	phase   float64 // 0..1
	noise   uint64
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
	s.format, s.samples, s.phase, s.noise, s.seq = nil, 0, 0, 0x9e3779b97f4a7c15, 0
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
	return nil
}

func (s *audioTestSrc) time(sample int) time.Duration {
	return s.sinceTime + s.format.Audio.Duration(sample-s.since)
}

// Read implements eiengine.Source.
func (s *audioTestSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	pts, n := s.time(s.samples), p.SamplesPerBuffer
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
	seq := s.seq
	s.samples += n
	s.seq++
	if err != nil {
		return nil // dropped and counted, as a microphone does
	}
	f.Mono = c.Now()
	if _, err := pcm.Encode(f.Bytes(), s.wave(p, n), audio.Format); err != nil {
		f.Release()
		return eiengine.Fatal(err)
	}
	f.PTS, f.Duration, f.Seq = pts+time.Duration(p.TimestampOffset), s.time(s.samples)-pts, seq
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	return c.Push(0, f)
}

// wave makes the next n samples of all channels, valid until the next call.
func (s *audioTestSrc) wave(p *audioTestSrcProps, n int) []float64 {
	channels := s.format.Audio.Channels
	if cap(s.scratch) < n*channels {
		s.scratch = make([]float64, n*channels)
	}
	out := s.scratch[:n*channels]
	step := p.Freq / float64(s.format.Audio.Rate)
	for i := 0; i < len(out); i += channels {
		// Like GStreamer's, the wave begins one step into its period.
		s.phase += step
		s.phase -= math.Floor(s.phase)
		v := p.Volume * s.value(p.Wave)
		for ch := range channels {
			out[i+ch] = v
		}
	}
	return out
}

// value is the wave at the current phase, -1 to 1.
func (s *audioTestSrc) value(w testWave) float64 {
	switch w {
	case waveSine:
		return math.Sin(2 * math.Pi * s.phase)
	case waveSquare:
		if s.phase < 0.5 {
			return 1
		}
		return -1
	case waveSaw: // up from 0, and from -1 at half the period
		if s.phase < 0.5 {
			return 2 * s.phase
		}
		return 2*s.phase - 2
	case waveTriangle: // 0, 1, 0, -1
		switch {
		case s.phase < 0.25:
			return 4 * s.phase
		case s.phase < 0.75:
			return 2 - 4*s.phase
		}
		return 4*s.phase - 4
	case waveWhiteNoise:
		s.noise ^= s.noise << 13
		s.noise ^= s.noise >> 7
		s.noise ^= s.noise << 17
		return float64(int64(s.noise)) / (1 << 63)
	}
	return 0
}
