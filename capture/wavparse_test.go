package capture

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
)

// wavOf is a WAV of n numbered frames, and its samples.
func wavOf(t testing.TB, info frames.AudioInfo, n int) (file, samples []byte) {
	t.Helper()
	samples = make([]byte, n*info.FrameBytes())
	for i := range samples {
		samples[i] = byte(i * 7)
	}
	file, err := wav.AppendHeader(nil, info, int64(len(samples)))
	if err != nil {
		t.Fatal(err)
	}
	return append(file, samples...), samples
}

func join(g []collected) []byte {
	var b []byte
	for i := range g {
		b = append(b, g[i].data...)
	}
	return b
}

func TestWAVParse(t *testing.T) {
	for _, info := range []frames.AudioInfo{
		{Format: frames.S16LE, Rate: 16000, Channels: 1}, {Format: frames.S24LE, Rate: 44100, Channels: 2},
		{Format: frames.F32LE, Rate: 48000, Channels: 2}, {Format: frames.U8, Rate: 8000, Channels: 1},
	} {
		const n = 10001
		file, samples := wavOf(t, info, n)
		trailer := append(bytes.Clone(file), "LIST\x04\x00\x00\x00abcd"...)
		for _, size := range []int{13, 4096, len(trailer)} {
			g, warnings, err := decode(t, "wavparse", "", cut(trailer, size)...)
			if err != nil || len(warnings) > 0 {
				t.Fatalf("%+v in chunks of %d: %q %v", info, size, warnings, err)
			}
			if !bytes.Equal(join(g), samples) {
				t.Fatalf("%+v in chunks of %d: the samples differ", info, size)
			}
			done := 0
			for i := range g {
				k := len(g[i].data) / info.FrameBytes()
				if g[i].pts != info.Duration(done) || g[i].duration != info.Duration(done+k)-info.Duration(done) || g[i].seq != uint64(i) {
					t.Errorf("buffer %d: pts %v duration %v", i, g[i].pts, g[i].duration)
				}
				if i < len(g)-1 && (k < 1024 || k > 4096) {
					t.Errorf("buffer %d has %d samples", i, k)
				}
				done += k
			}
			if g[0].format.Audio != info {
				t.Errorf("format %s", g[0].format)
			}
		}
	}
}

func TestWAVTruncated(t *testing.T) {
	file, samples := wavOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}, 5000)
	for _, element := range []string{"wavparse", "decodebin"} {
		g, warnings, err := decode(t, element, "", cut(file[:len(file)-3001], 4096)...)
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "truncated") || !strings.Contains(warnings[0], "10000 bytes") {
			t.Errorf("%s: %q, %v", element, warnings, err)
		}
		if !bytes.Equal(join(g), samples[:6998]) {
			t.Errorf("%s: %d bytes came out", element, len(join(g)))
		}
	}
	g, warnings, err := decode(t, "wavparse ignore-length=true", "", cut(file, 4096)...)
	if err != nil || len(warnings) > 0 || len(join(g)) != 10000 {
		t.Errorf("ignore-length: %q, %v", warnings, err)
	}
}

func TestWAVBadInput(t *testing.T) {
	file, _ := wavOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}, 100)
	for _, tt := range []struct {
		data []byte
		want []string
	}{
		{nil, []string{"empty", "0 bytes"}},
		{file[:20], []string{"truncated", "20 bytes", "header"}},
		{file[:44], []string{"no samples", "200 bytes"}},
		{[]byte("this is certainly not a WAV file, is it?"), []string{"WAV", "text"}},
	} {
		failing(t, fmt.Sprintf("filesrc location=%s ! wavparse", write(t, "x.wav", tt.data)), tt.want...)
	}
}

func TestWAVTimes(t *testing.T) {
	file, _ := wavOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: 8000, Channels: 1}, 8000)
	g := mustRun(t, "filesrc location="+write(t, "x.wav", file)+" ! decodebin")
	last := g[len(g)-1]
	if last.pts+last.duration != time.Second {
		t.Errorf("8000 samples at 8000 Hz end at %v", last.pts+last.duration)
	}
}

// TestWAVParseGoesOnInALoop plays a WAV again and again: the times go on by the samples.
func TestWAVParseGoesOnInALoop(t *testing.T) {
	info := frames.AudioInfo{Format: frames.S16LE, Rate: 44100, Channels: 1}
	file, samples := wavOf(t, info, 5000)
	name := write(t, "tone.wav", append(file, "LIST\x04\x00\x00\x00abcd"...))
	for _, source := range []string{"filesrc num-buffers=9", "multifilesrc num-buffers=3"} {
		got := mustRun(t, source+" loop=true location="+name+" ! wavparse")
		if !bytes.Equal(join(got), bytes.Repeat(samples, 3)) {
			t.Errorf("%s: the samples differ", source)
		}
		done := 0
		for i := range got {
			k := len(got[i].data) / info.FrameBytes()
			if g := &got[i]; g.pts != info.Duration(done) || g.duration != info.Duration(done+k)-info.Duration(done) || g.seq != uint64(i) || g.flags != 0 {
				t.Fatalf("%s: buffer %d is number %d at %v for %v, flags %b", source, i, g.seq, g.pts, g.duration, g.flags)
			}
			done += k
		}
	}
	// It may be ended anywhere in a round.
	for _, n := range []string{"num-buffers=4", "blocksize=22 num-buffers=500", "blocksize=44 num-buffers=231"} {
		if _, warnings, err := run(t, "filesrc loop=true "+n+" location="+name+" ! wavparse"); err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v, %q", n, err, warnings)
		}
	}
	// A truncated one, too, with a warning; one without samples ends.
	got, warnings, err := run(t, "filesrc loop=true blocksize=10000 num-buffers=3 location="+write(t, "cut.wav", file[:len(file)-1000])+" ! wavparse")
	if err != nil || len(warnings) == 0 || len(join(got)) != 3*(len(samples)-1000) {
		t.Errorf("%d bytes of a truncated one, %v, %q", len(join(got)), err, warnings)
	}
	failing(t, "filesrc loop=true location="+write(t, "none.wav", file[:len(file)-len(samples)])+" ! wavparse", "holds no samples")
}

// TestWAVParsePlaysARow plays numbered files of several formats one after another.
func TestWAVParsePlaysARow(t *testing.T) {
	dir := t.TempDir()
	for i, rate := range []int{8000, 8000, 16000} {
		file, _ := wavOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: 1}, 800)
		if err := os.WriteFile(fmt.Sprintf("%s/%d.wav", dir, i), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := mustRun(t, "multifilesrc location="+dir+"/%d.wav ! wavparse")
	if len(got) != 3 || got[2].pts != 200*time.Millisecond || got[2].format.Audio.Rate != 16000 || got[2].duration != 50*time.Millisecond {
		t.Errorf("%+v", got)
	}
}
