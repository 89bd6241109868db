package soundscape

import (
	"math"
	"math/rand/v2"
)

// noise is what is heard all the time: noise of two colours that swells and
// ebbs, a hum, and now and then a hiss or a single click.
type noise struct {
	r    *rand.Rand
	rate float64

	level        float64 // root mean square, 1 being full scale
	white, dark  float64 // shares of the two colours
	keep         float64 // of the dark noise from sample to sample
	lowpass      float64 // the dark noise now
	swell, speed float64 // depth, and radians a sample
	time         float64 // radians of the swell

	hum, humStep, humPhase float64

	hissLeft, hissGain float64
	click, clickDecay  float64
}

func (n *noise) begin(seed uint64, rate int) {
	r := rand.New(rand.NewPCG(seed, 0x4015e))
	*n = noise{r: r, rate: float64(rate), level: decibel(between(r, -55, -25))}
	mix := between(r, 0, 1)
	n.white, n.dark = math.Sqrt(1-mix), math.Sqrt(mix)
	n.keep = math.Exp(-2 * math.Pi * between(r, 60, 900) / n.rate)
	n.swell = between(r, 0, 0.5)
	n.speed = 2 * math.Pi * between(r, 0.1, 0.7) / n.rate
	n.time = between(r, 0, 2*math.Pi)
	if chance(r, 0.4) {
		n.hum = between(r, 0.2, 1.2)
	}
	n.humStep = 2 * math.Pi * between(r, 48, 62) / n.rate
}

func (n *noise) sample() float64 {
	n.time += n.speed
	n.lowpass = n.keep*n.lowpass + math.Sqrt(1-n.keep*n.keep)*n.r.NormFloat64()
	v := n.white*n.r.NormFloat64() + n.dark*n.lowpass
	v *= 1 + n.swell*math.Sin(n.time)
	if n.hum > 0 {
		n.humPhase += n.humStep
		v += n.hum * (math.Sin(n.humPhase) + 0.5*math.Sin(3*n.humPhase))
	}
	return n.level * (v + n.disturbance())
}

// disturbance is a hiss every eight seconds or so, and a click every four.
func (n *noise) disturbance() (v float64) {
	switch u := n.r.Float64() * n.rate; {
	case u < 1.0/8:
		n.hissLeft, n.hissGain = between(n.r, 0.05, 0.4)*n.rate, between(n.r, 1, 4)
	case u < 1.0/8+1.0/4:
		n.click = between(n.r, 2, 12)
		n.clickDecay = math.Exp(-1 / (between(n.r, 0.002, 0.02) * n.rate))
	}
	if n.hissLeft > 0 {
		n.hissLeft--
		v += n.hissGain * n.r.NormFloat64()
	}
	if n.click > 0.01 {
		n.click *= n.clickDecay
		v += n.click * n.r.NormFloat64()
	}
	return v
}

// decibel is the factor of an amplitude.
func decibel(db float64) float64 { return math.Pow(10, db/20) }
