package main

import (
	"slices"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

// Seeds of held-out soundscapes; training draws none of them.
const (
	quickSeed   = 5_000_000
	measureSeed = 6_000_000
)

// measure judges the windows, a quarter of a second apart, of that many held-out
// soundscapes.
func measure(net *fomo.Network, seed uint64, soundscapes int) (learn.Confusion, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, err
	}
	counts := learn.NewConfusion(len(soundscape.Labels()))
	extract, sound := mfe.NewExtractor(), make([]float32, stretch)
	for i := range uint64(soundscapes) {
		s := listen(seed+i, sound)
		for from := 0; from+samples <= stretch; from += samples / 4 {
			label, clear := s.Label(from, from+samples)
			if !clear {
				continue
			}
			extract.Fill(runner.Input(), mfe.Frames(samples), 0, sound[from:from+samples])
			p := runner.Whole()
			counts[slices.Index(soundscape.Labels(), label)][slices.Index(p, slices.Max(p))]++
		}
	}
	return counts, nil
}
