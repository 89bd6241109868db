package soundscape

import (
	"math"
	"math/rand/v2"
)

// voice makes the samples of one sound.
type voice struct {
	label      string
	random     rand.PCG
	r          *rand.Rand // for what happens within the sound
	rate       float64
	length     int
	at         int     // the next sample
	gain       float64 // of a sound with a power of 1
	pitch      float64 // Hz; of a siren the lowest
	phase      float64 // radians
	overtones  [3]float64
	on, off    float64 // seconds of a beep
	top        float64 // Hz, highest of a siren
	saw        bool    // a siren that only rises
	sweep      float64 // sweeps of a siren, or trembles of a whistle, a second
	depth      float64 // of a whistle's tremble, a part of its pitch
	drift      float64 // octaves a second
	breath     float64
	stroke     int // the sample at which the next stroke begins
	every      float64
	strokeGain float64
	decay      float64
	ring       [2]float64 // Hz of the wood
	hit        int        // the sample at which the last stroke began
}

// fade is the time in which sounds rise and fall, in seconds.
const fade = 0.005

// begin draws a sound of length samples, of a loudness beside noise of that
// level.
func (v *voice) begin(r *rand.Rand, label string, length, rate int, level float64) {
	if v.r == nil {
		v.r = rand.New(&v.random)
	}
	v.random.Seed(r.Uint64(), 1)
	v.label, v.length, v.rate, v.at, v.phase = label, length, float64(rate), 0, 0
	v.gain = min(level*decibel(between(r, -8, 20)), 0.3)
	v.overtones = [3]float64{1, between(r, 0, 0.7), between(r, 0, 0.5)}
	switch label {
	case Beep:
		v.pitch = octaves(r, 500, 3200)
		v.on, v.off = between(r, 0.06, 0.25), between(r, 0.06, 0.25)
		if chance(r, 0.4) { // a pure tone
			v.overtones = [3]float64{1}
		}
		v.gain *= math.Sqrt((v.on + v.off) / v.on)
	case Siren:
		v.pitch = octaves(r, 350, 1100)
		v.top = v.pitch * math.Exp2(between(r, 0.35, 2))
		v.sweep, v.saw = octaves(r, 0.7, 5), chance(r, 0.3)
	case Whistle:
		v.pitch = octaves(r, 700, 2800)
		v.sweep, v.depth = between(r, 3, 7), between(r, 0, 0.015)
		v.drift = between(r, -0.12, 0.12)
		v.breath = between(r, 0.02, 0.4)
		v.overtones = [3]float64{1, between(r, 0, 0.15)}
	case Knock:
		v.every = 1 / octaves(r, 3, 9)
		v.decay = math.Exp(-1 / (between(r, 0.006, 0.03) * v.rate))
		v.ring = [2]float64{octaves(r, 120, 700), octaves(r, 500, 2000)}
		v.stroke, v.strokeGain = 0, 0
		v.gain *= 3 // strokes are short: their power is that of a sound at the same mean
	}
}

// sample is the next sample; behind the last one it is 0.
func (v *voice) sample() float64 {
	if v.at >= v.length {
		return 0
	}
	t := float64(v.at) / v.rate
	var s float64
	switch v.label {
	case Beep:
		s = v.tone(v.pitch) * pulse(t, v.on, v.off)
	case Siren:
		s = v.tone(v.sirenPitch(t))
	case Whistle:
		tremble := 1 + v.depth*math.Sin(2*math.Pi*v.sweep*t)
		s = v.tone(v.pitch*tremble*math.Exp2(v.drift*t)) + v.breath*v.r.NormFloat64()
	case Knock:
		s = v.knock()
	}
	v.at++
	return v.gain * s * edge(t, float64(v.length)/v.rate)
}

// tone is a tone with overtones at the given pitch, with a power of about 1.
// Overtones that the rate cannot hold are left out.
func (v *voice) tone(pitch float64) float64 {
	v.phase += 2 * math.Pi * pitch / v.rate
	if v.phase > 2*math.Pi {
		v.phase -= 2 * math.Pi
	}
	sum, power := 0.0, 0.0
	for i, a := range v.overtones {
		if a == 0 || pitch*float64(i+1) > 0.47*v.rate {
			continue
		}
		sum += a * math.Sin(float64(i+1)*v.phase)
		power += a * a / 2
	}
	if power == 0 {
		return 0
	}
	return sum / math.Sqrt(power)
}

func (v *voice) sirenPitch(t float64) float64 {
	part := math.Mod(t*v.sweep, 1)
	if !v.saw {
		part = 0.5 - 0.5*math.Cos(2*math.Pi*part)
	}
	return v.pitch * math.Pow(v.top/v.pitch, part)
}

// knock is a stroke that dies away, and then the next.
func (v *voice) knock() float64 {
	if v.at >= v.stroke {
		v.hit = v.at
		v.stroke = v.at + max(int(v.every*between(v.r, 0.7, 1.3)*v.rate), 1)
		v.strokeGain = between(v.r, 0.7, 1.3)
	}
	t := float64(v.at-v.hit) / v.rate
	v.strokeGain *= v.decay
	wood := math.Sin(2*math.Pi*v.ring[0]*t) + 0.6*math.Sin(2*math.Pi*v.ring[1]*t)
	return v.strokeGain * (wood + 0.4*v.r.NormFloat64())
}

// pulse is 1 for on seconds, then 0 for off seconds, with short slopes.
func pulse(t, on, off float64) float64 {
	return edge(math.Mod(t, on+off), on)
}

// edge rises from 0 at the beginning and falls to 0 at the end.
func edge(t, length float64) float64 {
	return min(max(min(t, length-t)/fade, 0), 1)
}

// octaves is a number from lo to hi, each octave as likely as the next.
func octaves(r *rand.Rand, lo, hi float64) float64 { return lo * math.Pow(hi/lo, r.Float64()) }
