package frames

import (
	"fmt"
	"time"
)

// SampleFormat names the encoding of one audio sample, little endian. The names
// are those of GStreamer's audio/x-raw caps.
type SampleFormat uint8

// The sample formats that the engine knows. SampleUnknown is the zero value.
const (
	SampleUnknown SampleFormat = iota
	U8
	S16LE
	S24LE // three bytes
	S32LE
	F32LE // -1..1
	F64LE // -1..1
	sampleFormats
)

var sampleNames = [sampleFormats]string{"UNKNOWN", "U8", "S16LE", "S24LE", "S32LE", "F32LE", "F64LE"}
var sampleBytes = [sampleFormats]int{0, 1, 2, 3, 4, 4, 8}

// ParseSampleFormat finds a format by its caps name, such as "S16LE".
func ParseSampleFormat(name string) (SampleFormat, error) {
	for f := SampleUnknown + 1; f < sampleFormats; f++ {
		if sampleNames[f] == name {
			return f, nil
		}
	}
	return SampleUnknown, fmt.Errorf("unknown sample format %q", name)
}

// SampleFormats lists every known format, the one that holds most first.
func SampleFormats() []SampleFormat {
	return []SampleFormat{F64LE, F32LE, S32LE, S24LE, S16LE, U8}
}

// String is the caps name.
func (f SampleFormat) String() string {
	if f >= sampleFormats {
		f = SampleUnknown
	}
	return sampleNames[f]
}

// Bytes is the size of one sample of one channel.
func (f SampleFormat) Bytes() int { return sampleBytes[f] }

// AudioInfo describes raw interleaved audio.
type AudioInfo struct {
	Format   SampleFormat
	Rate     int // samples per second and channel
	Channels int
}

// FrameBytes is the size of one sample of all channels.
func (a AudioInfo) FrameBytes() int { return a.Format.Bytes() * a.Channels }

// Duration is the time that n samples (per channel) last.
func (a AudioInfo) Duration(n int) time.Duration {
	if a.Rate <= 0 {
		return 0
	}
	sec, rest := n/a.Rate, n%a.Rate
	return time.Duration(sec)*time.Second + time.Duration(rest)*time.Second/time.Duration(a.Rate)
}

// Sample is the sample (of each channel, 0-based) that a time falls into: the last
// one that does not begin after t.
func (a AudioInfo) Sample(t time.Duration) int64 {
	return Fraction{Num: a.Rate, Den: 1}.Count(t)
}
