package pcm

import "math"

// Level is how loud a channel is: the sum of the squares of its samples, and the
// largest absolute value.
type Level struct{ Squares, Peak float64 }

// laneLevels are the levels of every eighth sample.
type laneLevels struct {
	squares [lanes]float64
	peak    [lanes]float32
}

// AddLevels adds interleaved samples of as many channels as there are levels to them.
// What is no number has no peak, and its channel no sum.
func AddLevels(levels []Level, samples []float32) {
	channels := len(levels)
	if lanes%channels > 0 {
		for i, v := range samples {
			levels[i%channels].add(float64(v)*float64(v), math.Abs(float64(v)))
		}
		return
	}
	var l laneLevels
	levelRow(&l, samples)
	for i := range lanes {
		levels[i%channels].add(l.squares[i], float64(l.peak[i]))
	}
}

func (l *Level) add(squares, peak float64) {
	l.Squares += squares
	if peak > l.Peak {
		l.Peak = peak
	}
}

// RMS is the root of the mean square of the samples; 0 for none. A full-scale
// sine has 0.707. For one of several interleaved channels, remix first.
func RMS[T float32 | float64](samples []T) float64 {
	if len(samples) == 0 {
		return 0
	}
	return math.Sqrt(levelOf(samples).Squares / float64(len(samples)))
}

// Peak is the largest absolute value of the samples; 0 for none.
func Peak[T float32 | float64](samples []T) float64 { return levelOf(samples).Peak }

func levelOf[T float32 | float64](samples []T) Level {
	var l [1]Level
	if single, ok := any(samples).([]float32); ok {
		AddLevels(l[:], single)
		return l[0]
	}
	for _, v := range samples {
		l[0].add(float64(v)*float64(v), math.Abs(float64(v)))
	}
	return l[0]
}

// Decibels is a level relative to full scale: 0 for 1, -Inf for silence.
func Decibels(level float64) float64 { return 20 * math.Log10(level) }
