package pcmtest

import "math"

// Train is a row of tones, each for as long as the others.
type Train struct {
	Rate      int // samples a second
	Hz        []float64
	Amplitude float64
}

// Each tone lasts, fades in and out, and is judged in its middle.
const (
	lasts  = 0.3 // seconds
	fades  = 0.02
	judged = 0.15 // in the middle
)

// Samples are the tones, one channel.
func (t Train) Samples() []float64 {
	each := t.each()
	out := make([]float64, 0, len(t.Hz)*each)
	for k, hz := range t.Hz {
		for i := range each {
			at := float64(i) / float64(t.Rate)
			out = append(out, t.Amplitude*fade(at)*math.Sin(2*math.Pi*hz*float64(k*each+i)/float64(t.Rate)))
		}
	}
	return out
}

func (t Train) each() int { return int(lasts * float64(t.Rate)) }

// fade is how loud a tone is at a moment of it.
func fade(at float64) float64 {
	edge := min(at, lasts-at) / fades
	if edge >= 1 {
		return 1
	}
	return 0.5 - 0.5*math.Cos(math.Pi*max(0, edge))
}

// Heard is what came of a tone.
type Heard struct {
	Hz    float64
	Gain  float64 // amplitude in relation to before; 0 for a tone that the rate cannot hold
	Rest  float64 // everything else, in relation to the tone before
	Delay float64 // seconds, for less than half a period
}

// Heard judges what the tones became at another rate.
func (t Train) Heard(out []float64, rate int) []Heard {
	var all []Heard
	for k, hz := range t.Hz {
		begin := float64(k*t.each())/float64(t.Rate) + (lasts-judged)/2
		from := int(begin * float64(rate))
		if to := from + int(judged*float64(rate)); to <= len(out) {
			all = append(all, t.judge(out[from:to], from, hz, rate))
		}
	}
	return all
}

// judge fits a tone to samples, of which the first has a place in the stream.
func (t Train) judge(out []float64, from int, hz float64, rate int) Heard {
	h := Heard{Hz: hz}
	var c, s float64
	if hz < float64(rate)/2 {
		c, s = fit(out, from, hz, rate)
		h.Gain = math.Hypot(c, s) / t.Amplitude
		h.Delay = math.Atan2(-c, s) / (2 * math.Pi * hz)
	}
	var sum float64
	for i, v := range out {
		angle := 2 * math.Pi * hz * float64(from+i) / float64(rate)
		rest := v - c*math.Cos(angle) - s*math.Sin(angle)
		sum += rest * rest
	}
	h.Rest = math.Sqrt(2*sum/float64(len(out))) / t.Amplitude
	return h
}

// fit is the cosine and the sine of a frequency that are closest to samples.
func fit(out []float64, from int, hz float64, rate int) (c, s float64) {
	var cc, cs, ss, cv, sv float64
	for i, v := range out {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(from+i) / float64(rate))
		cc, cs, ss = cc+cos*cos, cs+cos*sin, ss+sin*sin
		cv, sv = cv+cos*v, sv+sin*v
	}
	det := cc*ss - cs*cs
	return (cv*ss - sv*cs) / det, (sv*cc - cv*cs) / det
}

// Steps are n frequencies from one to another, at equal distances.
func Steps(from, to float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = from + (to-from)*float64(i)/float64(n-1)
	}
	return out
}

// DB is a relation of amplitudes in decibels, -200 at least.
func DB(relation float64) float64 { return 20 * math.Log10(max(relation, 1e-10)) }
