package capture

import (
	"encoding/base64"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

const waveSamples = "testdata/gstreamer-audiotestsrc.txt"

// waveCases are properties and caps that must give GStreamer's samples.
func waveCases() [][2]string {
	var all [][2]string
	for _, wave := range []string{"sine", "square", "saw", "triangle", "silence", "sine-table"} {
		all = append(all, [2]string{"num-buffers=2 samplesperbuffer=500 wave=" + wave, "audio/x-raw,format=S16LE,rate=44100,channels=1"})
		for _, f := range []string{"S32LE", "F32LE", "F64LE", "S24LE", "U8"} {
			all = append(all, [2]string{"num-buffers=2 samplesperbuffer=40 freq=1234.5 volume=0.37 wave=" + wave, "audio/x-raw,format=" + f + ",rate=16000,channels=2"})
		}
	}
	const ticks = "num-buffers=3 samplesperbuffer=300 wave=ticks freq=1000 tick-interval=20000000 "
	for _, props := range []string{"", "apply-tick-ramp=true", "sine-periods-per-tick=3 marker-tick-period=2 marker-tick-volume=0.25 volume=1"} {
		all = append(all, [2]string{ticks + props, "audio/x-raw,format=S16LE,rate=8000,channels=1"})
	}
	return append(all, [2]string{ticks, "audio/x-raw,format=F32LE,rate=8000,channels=2"})
}

// Waves without chance in them are GStreamer 1.22's, sample for sample: to one
// step of 16 or 8 bits, and to a millionth of a step of 16 bits, or what a float32
// holds, in wider formats.
func TestAudioTestSrcGstreamerSamples(t *testing.T) {
	if *updateFromGStreamer {
		writeWaveSamples(t)
	}
	text := string(read(t, waveSamples))
	for _, c := range waveCases() {
		name := strings.TrimSpace(c[0]) + " ! " + c[1]
		_, rest, ok := strings.Cut(text, "\n"+name+": ")
		if !ok {
			t.Errorf("%s: no samples are kept, run with -update-from-gstreamer", name)
			continue
		}
		line, _, _ := strings.Cut(rest, "\n")
		data, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			t.Fatal(err)
		}
		g := mustRun(t, "audiotestsrc "+name)
		format := g[0].format.Audio.Format
		want, got := samplesOf(t, data, format), samplesOf(t, join(g), format)
		tolerance := map[frames.SampleFormat]float64{
			frames.S16LE: 1.01 / (1 << 15), frames.U8: 1.01 / (1 << 7), frames.S24LE: 1.01 / (1 << 23),
			frames.F32LE: 1e-7, frames.S32LE: 1e-9, frames.F64LE: 1e-11,
		}[format]
		if len(got) != len(want) {
			t.Errorf("%s: %d samples, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > tolerance {
				t.Errorf("%s: sample %d is %v, want %v", name, i, got[i], want[i])
				break
			}
		}
	}
}

func samplesOf(t *testing.T, data []byte, f frames.SampleFormat) []float64 {
	t.Helper()
	out := make([]float64, len(data)/f.Bytes())
	if _, err := pcm.Decode(out, data, f); err != nil {
		t.Fatal(err)
	}
	return out
}

func writeWaveSamples(t *testing.T) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Properties of audiotestsrc and caps, and the bytes that GStreamer 1.22.0 gives, in base64. Written by\n" +
		"# capture/gstreameraudio_test.go.\n")
	for _, c := range waveCases() {
		data := gstreamer(t, "audiotestsrc "+c[0], c[1])
		fmt.Fprintf(&b, "%s ! %s: %s\n", strings.TrimSpace(c[0]), c[1], base64.StdEncoding.EncodeToString(data))
	}
	if err := os.WriteFile(waveSamples, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
