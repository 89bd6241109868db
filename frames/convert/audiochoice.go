package convert

import (
	"math"

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

// chooseSamples leaves of caps the structure and the sample format that lose
// least of the input; among those one of the same kind, the first that is named.
func chooseSamples(in *frames.Format, caps frames.Caps) frames.Caps {
	from := in.Audio.Format
	var best frames.Structure
	bestName, bestLoss := "", math.MaxInt
	for _, s := range caps.Structures() {
		for _, name := range strings(s, "format") {
			f, err := frames.ParseSampleFormat(name)
			if err != nil {
				continue
			}
			n := 0
			if f != from {
				n = 1 + 100*max(0, precision(from)-precision(f))
				if isFloat(from) != isFloat(f) {
					n++
				}
			}
			if n < bestLoss {
				best, bestName, bestLoss = s, name, n
			}
		}
	}
	if bestName == "" {
		return caps
	}
	return frames.NewCaps(best.With("format", frames.String(bestName)))
}
