package capture

import (
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/frames"
)

// testWave is a wave form; numbers and nicks are GStreamer's.
type testWave int

const (
	waveSine testWave = iota
	waveSquare
	waveSaw
	waveTriangle
	waveSilence
	waveWhiteNoise
	wavePinkNoise
	waveSineTable
	waveTicks
	waveGaussianNoise
	waveRedNoise
	waveBlueNoise
	waveVioletNoise

	// waveSounds is the engine's own.
	waveSounds testWave = 100
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
		{Value: int(wavePinkNoise), Nick: "pink-noise", Name: "Pink noise"},
		{Value: int(waveSineTable), Nick: "sine-table", Name: "Sine table"},
		{Value: int(waveTicks), Nick: "ticks", Name: "Periodic Ticks"},
		{Value: int(waveGaussianNoise), Nick: "gaussian-noise", Name: "White Gaussian noise"},
		{Value: int(waveRedNoise), Nick: "red-noise", Name: "Red (brownian) noise"},
		{Value: int(waveBlueNoise), Nick: "blue-noise", Name: "Blue noise"},
		{Value: int(waveVioletNoise), Nick: "violet-noise", Name: "Violet noise"},
		{Value: int(waveSounds), Nick: "sounds", Name: "Beeps, knocks, sirens and whistles in noise, with their truth attached"},
	}
}

const turn = 2 * math.Pi

// sineTable is a period in 1024 steps.
var sineTable = func() (t [1024]float64) {
	angle := 0.0
	for i := range t {
		t[i] = math.Sin(angle)
		angle += turn / float64(len(t))
	}
	return t
}()

// oscillator makes the samples of a wave, and remembers where it is in it. The
// zero value is not usable: call reset.
type oscillator struct {
	phase  float64 // radians, 0 to a turn
	ticks  uint    // begun so far
	random *rand.Rand
	pink   pinkNoise
	red    float64 // -8 to 8
	flip   float64 // 1 and -1 in turn
	sounds sounds
}

// sounds is the soundscape of wave=sounds.
type sounds struct {
	scape   *soundscape.Soundscape
	seed    uint64
	rate    int
	scratch []float32
}

// read is the next n samples, valid until the next call. Another seed or rate
// begins another soundscape.
func (s *sounds) read(n int, seed uint64, rate int) []float32 {
	if s.scape == nil || s.seed != seed || s.rate != rate {
		s.scape, s.seed, s.rate = soundscape.New(seed, rate), seed, rate
	}
	if cap(s.scratch) < n {
		s.scratch = make([]float32, n)
	}
	s.scratch = s.scratch[:n]
	s.scape.Read(s.scratch)
	return s.scratch
}

// truth is what the last n samples hold.
func (s *sounds) truth(n int) *SoundTruth {
	first := s.scape.Next() - n
	return &SoundTruth{First: first, Samples: n, Events: s.scape.Events(nil, first, first+n)}
}

// reset goes back to the beginning. Noise is the same on every run.
func (o *oscillator) reset() {
	*o = oscillator{random: rand.New(rand.NewPCG(1, 2)), flip: 1}
}

// skip goes to where a periodic wave is after so many samples.
func (o *oscillator) skip(samples int, p *audioTestSrcProps, audio frames.AudioInfo) {
	o.reset()
	since := samples
	if p.Wave == waveTicks {
		apart := p.ticksApart(audio)
		o.ticks = uint((samples+p.SamplesPerBuffer+apart-1)/apart - (p.SamplesPerBuffer+apart-1)/apart)
		since = (samples + p.SamplesPerBuffer) % apart
	}
	o.phase = math.Mod(turn*p.Freq/float64(audio.Rate)*float64(since), turn)
}

// ticksApart is the number of samples from one tick to the next.
func (p *audioTestSrcProps) ticksApart(audio frames.AudioInfo) int {
	return max(int(float64(p.TickInterval)*float64(audio.Rate)/1e9), 1)
}

// fill makes samples of all channels, scaled so that full is full scale. first is
// the number of the first sample since the stream began.
func (o *oscillator) fill(out []float64, p *audioTestSrcProps, audio frames.AudioInfo, first int, full float64) {
	if p.Wave == waveTicks {
		o.fillTicks(out, p, audio, first, full)
		return
	}
	if p.Wave == waveSounds {
		o.fillSounds(out, p, audio, full)
		return
	}
	amplitude, step := p.Volume*full, turn*p.Freq/float64(audio.Rate)
	if p.Wave == waveSine {
		o.fillSine(out, audio.Channels, amplitude, step)
		return
	}
	for i := 0; i < len(out); i += audio.Channels {
		// Like GStreamer's, the wave begins one step into its period.
		o.advance(step)
		samples := out[i : i+audio.Channels]
		switch p.Wave {
		case waveSquare, waveSaw, waveTriangle, waveSilence, waveSineTable:
			v := amplitude * o.value(p.Wave)
			for ch := range samples {
				samples[ch] = v
			}
		case waveGaussianNoise:
			o.gaussian(samples, amplitude)
		default: // every channel has its own noise
			for ch := range samples {
				samples[ch] = amplitude * o.noise(p.Wave)
			}
			o.flip = -o.flip
		}
	}
}

// fillSine computes the sine of one sample in eight, and turns it on for the others,
// which costs two products each and errs by the last bit of a float64.
func (o *oscillator) fillSine(out []float64, channels int, amplitude, step float64) {
	const stretch = 8
	var sines, cosines [stretch]float64
	for k := range stretch {
		sines[k], cosines[k] = math.Sincos(float64(k) * step)
	}
	for len(out) > 0 {
		o.advance(step)
		sine, cosine := math.Sincos(o.phase)
		for k := 0; k < stretch && len(out) > 0; k++ {
			if k > 0 {
				o.advance(step)
			}
			v := amplitude * (sine*cosines[k] + cosine*sines[k])
			for ch := range channels {
				out[ch] = v
			}
			out = out[channels:]
		}
	}
}

func (o *oscillator) advance(step float64) {
	o.phase += step
	if o.phase >= turn {
		o.phase -= turn
		if o.phase >= turn { // a frequency beyond the sample rate
			o.phase = math.Mod(o.phase, turn)
		}
	}
}

// value is a periodic wave at the current phase, -1 to 1.
func (o *oscillator) value(w testWave) float64 {
	switch w {
	case waveSineTable:
		return o.fromTable()
	case waveSquare:
		if o.phase < math.Pi {
			return 1
		}
		return -1
	case waveSaw: // up from 0, and from -1 at half the period
		if o.phase < math.Pi {
			return o.phase / math.Pi
		}
		return (o.phase - turn) / math.Pi
	case waveTriangle: // 0, 1, 0, -1
		switch {
		case o.phase < math.Pi/2:
			return o.phase / (math.Pi / 2)
		case o.phase < math.Pi*1.5:
			return (math.Pi - o.phase) / (math.Pi / 2)
		}
		return (o.phase - turn) / (math.Pi / 2)
	}
	return 0
}

func (o *oscillator) fromTable() float64 {
	return sineTable[min(int(o.phase*(float64(len(sineTable))/turn)), len(sineTable)-1)]
}

// fillSounds makes the soundscape, the same in all channels.
func (o *oscillator) fillSounds(out []float64, p *audioTestSrcProps, audio frames.AudioInfo, full float64) {
	for i, v := range o.sounds.read(len(out)/audio.Channels, p.Seed, audio.Rate) {
		for ch := range audio.Channels {
			out[i*audio.Channels+ch] = p.Volume * full * float64(v)
		}
	}
}

// fillTicks makes short sines with silence between. The first sample of a tick is
// where the sine is zero. GStreamer counts from one buffer before the stream, so
// the first tick begins at the interval less one buffer; so it does here.
func (o *oscillator) fillTicks(out []float64, p *audioTestSrcProps, audio frames.AudioInfo, first int, full float64) {
	rate := float64(audio.Rate)
	step := turn * p.Freq / rate
	apart := p.ticksApart(audio)
	length, ramp := math.MaxInt, 0
	if p.Freq > 0 {
		length = int(min(rate*float64(p.SinePeriodsPerTick)/p.Freq, math.MaxInt32))
		if p.ApplyTickRamp {
			ramp = int(min(rate/p.Freq, math.MaxInt32))
		}
	}
	first += p.SamplesPerBuffer
	volume := o.tickVolume(p, full)
	for i := 0; i < len(out); i += audio.Channels {
		at, v := (first+i/audio.Channels)%apart, 0.0
		switch {
		case at == 0:
			o.phase = 0
			o.ticks++
			volume = o.tickVolume(p, full)
		case at < length:
			v = volume * tickRamp(at, length, ramp) * o.fromTable()
		}
		for ch := range audio.Channels {
			out[i+ch] = v
		}
		o.advance(step)
	}
}

func (o *oscillator) tickVolume(p *audioTestSrcProps, full float64) float64 {
	if p.MarkerTickPeriod > 0 && o.ticks%p.MarkerTickPeriod == 0 {
		return p.MarkerTickVolume * full
	}
	return p.Volume * full
}

// tickRamp is the loudness at a sample of a tick that rises and falls with the
// third power over ramp samples.
func tickRamp(at, length, ramp int) float64 {
	r := 1.0
	switch {
	case ramp == 0:
	case at < ramp:
		r = float64(at) / float64(ramp)
	case at >= length-ramp:
		r = float64(length-at) / float64(ramp)
	}
	return r * r * r
}

// noise is the next sample, -1 to 1.
func (o *oscillator) noise(w testWave) float64 {
	switch w {
	case wavePinkNoise:
		return o.pink.next(o.random)
	case waveBlueNoise: // the spectrum of pink noise reversed
		return o.flip * o.pink.next(o.random)
	case waveRedNoise:
		return o.walk()
	case waveVioletNoise: // the spectrum of red noise reversed
		return o.flip * o.walk()
	}
	return 2*o.random.Float64() - 1
}

// walk goes a random step that does not leave -8 to 8; half of full scale.
func (o *oscillator) walk() float64 {
	for {
		next := o.red + 2*o.random.Float64() - 1
		if math.Abs(next) <= 8 {
			o.red = next
			return next / 16
		}
	}
}

// gaussian makes normally distributed samples by Box and Muller, two at a time.
// Their standard deviation is the amplitude.
func (o *oscillator) gaussian(samples []float64, amplitude float64) {
	for ch := 0; ch < len(samples); ch += 2 {
		size := math.Sqrt(-2 * math.Log(1-o.random.Float64()))
		sin, cos := math.Sincos(turn * o.random.Float64())
		samples[ch] = amplitude * size * cos
		if ch+1 < len(samples) {
			samples[ch+1] = amplitude * size * sin
		}
	}
}

// pinkNoise sums random values of which the n-th changes every 2^n samples (Voss
// and McCartney).
type pinkNoise struct {
	index uint16
	rows  [12]float64
	sum   float64
}

func (p *pinkNoise) next(random *rand.Rand) float64 {
	const rows = 12
	p.index = (p.index + 1) % (1 << rows)
	if p.index != 0 {
		row := bits.TrailingZeros16(p.index)
		v := 2*random.Float64() - 1
		p.sum += v - p.rows[row]
		p.rows[row] = v
	}
	return (p.sum + 2*random.Float64() - 1) / (rows + 1)
}

// fullScale is the largest sample of a format.
func fullScale(f frames.SampleFormat) float64 {
	switch f {
	case frames.S16LE:
		return math.MaxInt16
	case frames.F32LE, frames.F64LE:
		return 1
	}
	return math.MaxInt32 // cut to what the format has
}

// writeSamples writes scaled samples; whole numbers are cut, as GStreamer does,
// and what is too loud is clipped.
func writeSamples(dst []byte, samples []float64, f frames.SampleFormat) {
	le := binary.LittleEndian
	for i, v := range samples {
		switch f {
		case frames.F32LE:
			le.PutUint32(dst[4*i:], math.Float32bits(float32(v)))
		case frames.F64LE:
			le.PutUint64(dst[8*i:], math.Float64bits(v))
		case frames.S16LE:
			le.PutUint16(dst[2*i:], uint16(int16(min(max(v, math.MinInt16), math.MaxInt16))))
		default:
			n := uint32(int32(min(max(v, math.MinInt32), math.MaxInt32)))
			switch f {
			case frames.S32LE:
				le.PutUint32(dst[4*i:], n)
			case frames.S24LE:
				dst[3*i], dst[3*i+1], dst[3*i+2] = byte(n>>8), byte(n>>16), byte(n>>24)
			case frames.U8:
				dst[i] = byte(n>>24) ^ 0x80
			}
		}
	}
}
