package learn

import "math"

// RateAt is the learning rate of a step: it rises over the first steps and then
// falls along a cosine to nearly nothing.
func RateAt(step, steps int, highest float64) float64 {
	const rise = 100
	if step < rise {
		return highest * float64(step+1) / rise
	}
	t := float64(step-rise) / float64(max(steps-rise, 1))
	return highest * (0.01 + 0.99*(0.5+0.5*math.Cos(math.Pi*t)))
}
