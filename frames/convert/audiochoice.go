package convert

import (
	"math"
	"slices"

	"github.com/eiengine/eiengine/frames"
)

func sampleFormats() frames.List {
	var l frames.List
	for _, f := range frames.SampleFormats() {
		l = append(l, frames.String(f.String()))
	}
	return l
}

// rawAudio is every raw audio of the engine.
func rawAudio() frames.Caps {
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: sampleFormats()}, {Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: frames.IntRange{Min: 1, Max: 1 << 22}},
		{Name: "channels", Value: frames.IntRange{Min: 1, Max: 64}},
	}})
}

// precision is how many bits of a sample a format keeps.
func precision(f frames.SampleFormat) int {
	switch f {
	case frames.F32LE:
		return 24
	case frames.F64LE:
		return 53
	}
	return 8 * f.Bytes()
}

func isFloat(f frames.SampleFormat) bool { return f == frames.F32LE || f == frames.F64LE }

// sampleLoss says how much of sound in one format another cannot hold, and then how
// much they differ, by GStreamer's rules: fewer bits are worst, more are worse than
// a change between whole and real numbers.
func sampleLoss(from, to frames.SampleFormat) int {
	n := 100 * max(0, from.Bytes()-to.Bytes())
	if to.Bytes() > from.Bytes() {
		n += 2
	}
	if isFloat(from) != isFloat(to) {
		n++
	}
	return n
}

// chooseSamples leaves of caps what the input is like, or else of the first
// structure the sample format that loses least; among those the first in the order
// of frames.SampleFormats.
func chooseSamples(in *frames.Format, caps frames.Caps) frames.Caps {
	if same := in.Caps().Intersect(caps); !same.IsEmpty() {
		return same
	}
	caps = frames.NewCaps(caps.Structures()[0])
	return choose(caps, sampleFormats(), func(name string) int {
		to, _ := frames.ParseSampleFormat(name)
		return sampleLoss(in.Audio.Format, to)
	})
}

// choose leaves of caps the first structure and the format of those in known that
// lose least, by their names.
func choose(caps frames.Caps, known frames.List, loss func(name string) int) frames.Caps {
	var best frames.Structure
	var bestFormat frames.Value
	least := math.MaxInt
	for _, s := range caps.Structures() {
		allowed := formatNames(s)
		for _, f := range known {
			name := string(f.(frames.String))
			if !slices.Contains(allowed, name) {
				continue
			}
			if n := loss(name); n < least {
				best, bestFormat, least = s, f, n
			}
		}
	}
	if bestFormat == nil {
		return caps
	}
	return frames.NewCaps(best.With("format", bestFormat))
}

// formatNames are the formats that a structure allows.
func formatNames(s frames.Structure) []string {
	v, _ := s.Get("format")
	l, ok := v.(frames.List)
	if !ok {
		l = frames.List{v}
	}
	var names []string
	for _, m := range l {
		if name, ok := m.(frames.String); ok {
			names = append(names, string(name))
		}
	}
	return names
}
