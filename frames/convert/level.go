package convert

import (
	"math"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "level", LongName: "Level", Class: "Filter/Analyzer/Audio",
		Description: "Tells on the bus how loud the sound is",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(levelCaps()), eiengine.SrcPad(levelCaps())},
		New:         func() eiengine.Element { return new(level) },
	})
}

// levelCaps are the formats that GStreamer's level has, of those that the engine
// has: others would make converters in front of it choose otherwise.
func levelCaps() frames.Caps {
	var formats frames.List
	for _, f := range []frames.SampleFormat{frames.S16LE, frames.S32LE, frames.F32LE, frames.F64LE} {
		formats = append(formats, frames.String(f.String()))
	}
	only := frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{{Name: "format", Value: formats}}}
	return frames.NewCaps(only).Intersect(rawAudio())
}

type levelProps struct {
	Interval       uint64  `prop:"interval,live" default:"100000000" min:"1" max:"18446744073709551615" doc:"Time between two messages, in nanoseconds"`
	PostMessages   bool    `prop:"post-messages,live" default:"true" doc:"Whether to tell the levels on the bus"`
	Message        bool    `prop:"message,live" default:"true" doc:"The old name of post-messages: both must be true"`
	PeakTTL        uint64  `prop:"peak-ttl,live" default:"300000000" doc:"How long the decaying peak stays before it falls, in nanoseconds"`
	PeakFalloff    float64 `prop:"peak-falloff,live" default:"10" min:"0" max:"1.797693e+308" doc:"How fast the decaying peak falls, in decibels a second"`
	AudioLevelMeta bool    `prop:"audio-level-meta,live" doc:"Attach to each frame how loud it is, as frames.AudioLevel"`
	QoS            bool    `prop:"qos" default:"false" doc:"Drop frames that would come too late at a sink with qos=true"`
}

// level measures sound that passes by.
type level struct {
	eiengine.Settings[levelProps]
	audio   frames.AudioInfo
	samples []float32
	loud    []pcm.Level // of each channel, in a part of a frame

	begin    time.Duration // of the piece under way
	count    int           // samples of each channel in it
	channels []channelLevel
}

// channelLevel is what is known of one channel. Peaks are squares of samples.
type channelLevel struct {
	sum, peak float64
	decayPeak float64       // the latest peak that stands, falling
	decayBase float64       // what it fell from
	decayAge  time.Duration // since it stood
}

// silence is what GStreamer says of no sound at all.
const silence = 1e-35

// Start implements eiengine.Starter.
func (l *level) Start(*eiengine.Ctx) error {
	l.audio, l.begin, l.count, l.channels = frames.AudioInfo{}, frames.NoTime, 0, nil
	return nil
}

// Stop implements eiengine.Starter.
func (l *level) Stop(*eiengine.Ctx) error { return nil }

// Flush implements eiengine.Flusher.
func (l *level) Flush(*eiengine.Ctx) { l.forget() }

func (l *level) forget() {
	l.begin, l.count = frames.NoTime, 0
	clear(l.channels)
}

// Configure implements eiengine.Configurer.
func (l *level) Configure(c *eiengine.Ctx, in, _ *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	l.tell(c)
	l.audio = in.Audio
	l.channels, l.loud = make([]channelLevel, in.Audio.Channels), make([]pcm.Level, in.Audio.Channels)
	l.forget()
	return nil
}

// SkipsLate implements eiengine.LateSkipper.
func (l *level) SkipsLate() bool { return l.Load().QoS }

// Process implements eiengine.Filter. A piece ends with the sample that fills the
// interval, wherever in a buffer that is.
func (l *level) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if in.PTS >= 0 && (l.begin < 0 || in.Flags&frames.Discont != 0) {
		l.tell(c)
		l.begin = in.PTS
	}
	l.begin = max(l.begin, 0)
	n := in.Size() / l.audio.FrameBytes()
	l.samples = sized(l.samples, n*l.audio.Channels)
	if _, err := pcm.Decode(l.samples, in.Bytes(), l.audio.Format); err != nil {
		return eiengine.Fatal(err)
	}
	if l.Load().AudioLevelMeta {
		in.Attach(&frames.AudioLevel{Level: belowFullScale(l.samples)})
	}
	whole := l.interval()
	for rest := l.samples; len(rest) > 0; {
		part := min(whole-l.count, len(rest)/l.audio.Channels)
		l.measure(rest[:part*l.audio.Channels])
		rest = rest[part*l.audio.Channels:]
		if l.count >= whole {
			l.tell(c)
		}
	}
	return c.Push(0, in)
}

// belowFullScale is how many decibels samples lie below full scale, 127 for silence.
func belowFullScale(samples []float32) uint8 {
	below := -pcm.Decibels(pcm.RMS(samples))
	if !(below < 127) { // nor for no samples
		return 127
	}
	return uint8(max(0, math.Round(below)))
}

// interval is the number of samples of a piece, as GStreamer rounds it.
func (l *level) interval() int {
	n := float64(l.Load().Interval) * float64(l.audio.Rate) / float64(time.Second)
	return int(min(max(n, 1), math.MaxInt32))
}

// measure adds samples of all channels to the piece.
func (l *level) measure(samples []float32) {
	p := l.Load()
	n := len(samples) / l.audio.Channels
	l.count += n
	lasts := l.audio.Duration(n)
	clear(l.loud)
	pcm.AddLevels(l.loud, samples)
	for c := range l.channels {
		ch := &l.channels[c]
		peak := l.loud[c].Peak * l.loud[c].Peak
		ch.sum += l.loud[c].Squares
		ch.peak = max(ch.peak, peak)
		ch.decay(peak, lasts, p)
	}
}

// decay lets the decaying peak age by a piece of sound, and fall if it is old. A
// louder one takes its place.
func (ch *channelLevel) decay(peak float64, lasts time.Duration, p *levelProps) {
	ch.decayAge += lasts
	if ttl := time.Duration(min(p.PeakTTL, math.MaxInt64)); ch.decayAge > ttl {
		fallen := p.PeakFalloff * (ch.decayAge - ttl).Seconds()
		ch.decayPeak = ch.decayBase * math.Pow(10, -fallen/10)
	}
	if peak >= ch.decayPeak {
		ch.decayPeak, ch.decayBase, ch.decayAge = peak, peak, 0
	}
}

// tell posts the piece and begins the next.
func (l *level) tell(c *eiengine.Ctx) {
	if l.count == 0 {
		return
	}
	lasts := l.audio.Duration(l.count)
	end := l.begin + lasts
	if p := l.Load(); p.PostMessages && p.Message {
		m := &bus.Level{EndTime: end, Timestamp: l.begin, StreamTime: l.begin, RunningTime: l.begin, Duration: lasts}
		for i := range l.channels {
			ch := &l.channels[i]
			m.RMS = append(m.RMS, decibels(ch.sum/float64(l.count)))
			m.Peak = append(m.Peak, decibels(ch.peak))
			m.Decay = append(m.Decay, decibels(ch.decayPeak))
		}
		c.Post(m)
	}
	for i := range l.channels {
		l.channels[i].sum, l.channels[i].peak = 0, 0
	}
	l.begin, l.count = end, 0
}

// decibels is the level of a power.
func decibels(power float64) float64 { return 10 * math.Log10(power+silence) }

// Drain implements eiengine.Drainer: what is left of the last piece is told.
func (l *level) Drain(c *eiengine.Ctx) error {
	l.tell(c)
	return nil
}
