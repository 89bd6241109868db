package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

// source draws windows with their labels from soundscapes, each used for a while.
type source struct {
	random  *rand.Rand
	extract *mfe.Extractor
	sound   []float32 // what the soundscape gave, of full scale 32768
	labels  *soundscape.Soundscape
	left    int // windows to take of it
}

const (
	stretch          = 15 * mfe.Rate // samples of each soundscape
	windowsOfStretch = 12
	// noiseKept is the part of the windows of noise that are used: without
	// that, noise would be half of what is learnt.
	noiseKept = 0.4
)

func newSource(seed uint64) *source {
	return &source{random: rand.New(rand.NewPCG(seed, 2)), extract: mfe.NewExtractor(), sound: make([]float32, stretch)}
}

// next writes the features of a window and returns its class.
func (s *source) next(input []float32) (class int) {
	for {
		if s.left == 0 {
			// The highest bit is set for training and never for measuring.
			s.labels = listen(s.random.Uint64()|1<<63, s.sound)
			s.left = windowsOfStretch
		}
		from := s.random.IntN(stretch - samples)
		label, clear := s.labels.Label(from, from+samples)
		if !clear || label == soundscape.Noise && s.random.Float64() > noiseKept {
			continue
		}
		s.left--
		s.extract.Fill(input, mfe.Frames(samples), 0, s.sound[from:from+samples])
		return slices.Index(soundscape.Labels(), label)
	}
}

// listen fills sound with the beginning of a soundscape, as a microphone of 16
// bits gives it.
func listen(seed uint64, sound []float32) *soundscape.Soundscape {
	s := soundscape.New(seed, mfe.Rate)
	s.Read(sound)
	for i, v := range sound {
		sound[i] = float32(math.Trunc(float64(v) * math.MaxInt16))
	}
	return s
}
