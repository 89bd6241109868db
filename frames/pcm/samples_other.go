//go:build (!amd64 && !arm64) || noasm

package pcm

import "github.com/eiengine/eiengine/frames"

func decodeRow(dst []float32, src []byte, f frames.SampleFormat) { decodeReference(dst, src, f) }

func encodeRow(dst []byte, src []float32, f frames.SampleFormat) { encodeReference(dst, src, f) }

func levelRow(l *laneLevels, samples []float32) { levelReference(l, samples) }
