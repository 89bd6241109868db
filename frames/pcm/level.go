package pcm

import "math"

// RMS is the root of the mean square of the samples; 0 for none. A full-scale
// sine has 0.707. For one of several interleaved channels, remix first.
func RMS[T float32 | float64](samples []T) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(samples)))
}

// Peak is the largest absolute value of the samples; 0 for none.
func Peak[T float32 | float64](samples []T) float64 {
	var peak T
	for _, v := range samples {
		peak = max(peak, v, -v)
	}
	return float64(peak)
}

// Decibels is a level relative to full scale: 0 for 1, -Inf for silence.
func Decibels(level float64) float64 { return 20 * math.Log10(level) }
