package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// sought plays a line from another place on: it is paused, sought in, and played to
// its end.
func sought(t *testing.T, line string, to eiengine.SeekEvent) []collected {
	t.Helper()
	p := graphtest.Launch(t, line+" ! collect name=out")
	p.SetState(eiengine.Paused)
	if err := p.WaitState(graphtest.Context(t), eiengine.Paused); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	to.Flush = true
	if err := p.Seek(graphtest.Context(t), to); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	return p.Element("out").(*collect).got
}

// noisyWAV is ten seconds of samples that are all different within a second.
func noisyWAV(t *testing.T) (path string, samples []byte) {
	t.Helper()
	const rate = 16000
	info := frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: 2}
	head, err := wav.AppendHeader(nil, info, 10*rate*4)
	if err != nil {
		t.Fatal(err)
	}
	samples = make([]byte, 10*rate*4)
	for i := range samples {
		samples[i] = byte(rand.Uint32())
	}
	return write(t, "noise.wav", append(head, samples...)), samples
}

// A loop ends where num-buffers says, also if somebody seeks in it.
func TestSeekInALoopEnds(t *testing.T) {
	path, samples := noisyWAV(t)
	const header, second = 44, 16000 * 4
	got := join(sought(t, "filesrc loop=true num-buffers=300 location="+path+" ! wavparse", eiengine.SeekEvent{Position: 9 * time.Second}))
	want := append(bytes.Clone(samples[9*second:]), samples[:300*4096-(header+len(samples))-header]...)
	if !bytes.HasSuffix(got, want) {
		t.Errorf("%d bytes, want the last second and %d bytes of the next round", len(got), len(want)-second)
	}
}

func TestSeekInWAVIsSampleExact(t *testing.T) {
	path, samples := noisyWAV(t)
	at := func(d time.Duration) int { return int(d.Seconds()*16000) * 4 }
	for _, middle := range []string{
		"wavparse", "decodebin", "queue ! wavparse", "queue ! decodebin ! queue", "typefind ! queue ! wavparse ! identity ! queue max-size-buffers=1",
	} {
		line := fmt.Sprintf("filesrc location=%s ! %s", path, middle)
		for _, to := range []eiengine.SeekEvent{
			{Position: 3210 * time.Millisecond},
			{Position: 3210 * time.Millisecond, Stop: 5500 * time.Millisecond},
			{Position: 9999 * time.Millisecond},
			{Position: 0, Stop: time.Millisecond},
			{Position: time.Hour},
		} {
			got := sought(t, line, to)
			want := samples[min(at(to.Position), len(samples)):]
			if to.Stop > 0 {
				want = samples[at(to.Position):at(to.Stop)]
			}
			if !bytes.Equal(join(got), want) {
				t.Errorf("%s, %+v: %d bytes came, want %d others", line, to, len(join(got)), len(want))
			}
			if len(want) > 0 && got[0].pts != to.Position {
				t.Errorf("%s, %+v: the first frame is of %v", line, to, got[0].pts)
			}
		}
	}
}

func TestManySeeksInWAV(t *testing.T) {
	path, samples := noisyWAV(t)
	p := graphtest.Launch(t, "filesrc location="+path+" ! queue ! decodebin ! queue max-size-buffers=2 ! collect name=out")
	if err := p.Play(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		to := time.Duration(rand.IntN(9000)) * time.Millisecond
		if err := p.Seek(graphtest.Context(t), eiengine.SeekEvent{Position: to, Flush: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	for _, g := range p.Element("out").(*collect).got {
		from := int(g.pts.Seconds()*16000+0.5) * 4
		if !bytes.Equal(g.data, samples[from:from+len(g.data)]) {
			t.Fatalf("the samples at %v are not those of the file", g.pts)
		}
	}
}

func TestSeekInTestPicturesIsFrameExact(t *testing.T) {
	line := "videotestsrc num-buffers=100 pattern=ball ! video/x-raw,format=GRAY8,width=64,height=48,framerate=30000/1001"
	whole := mustRun(t, line)
	for _, n := range []int{0, 1, 49, 99} {
		got := sought(t, line, eiengine.SeekEvent{Position: whole[n].pts})
		if len(got) != 100-n || got[0].seq != uint64(n) || got[0].pts != whole[n].pts || !bytes.Equal(join(got), join(whole[n:])) {
			t.Errorf("from frame %d on, %d frames came, the first being %d: want the same pictures as without a seek", n, len(got), got[0].seq)
		}
	}
	got := sought(t, line, eiengine.SeekEvent{Position: whole[10].pts + time.Millisecond, Stop: whole[13].pts})
	if len(got) != 3 || got[0].seq != 10 || got[2].seq != 12 {
		t.Errorf("%d frames came between frame 10 and frame 13, want 3", len(got))
	}
}

func TestSeekInTestSoundIsSampleExact(t *testing.T) {
	for _, wave := range []string{"sine", "square", "ticks tick-interval=100000000"} {
		line := "audiotestsrc num-buffers=40 samplesperbuffer=800 freq=123 wave=" + wave + " ! audio/x-raw,format=F64LE,rate=8000"
		whole := join(mustRun(t, line))
		got := join(sought(t, line, eiengine.SeekEvent{Position: 1234 * time.Millisecond, Stop: 3500 * time.Millisecond}))
		want := whole[1234*8*8 : 3500*8*8]
		if len(got) != len(want) {
			t.Fatalf("%s: %d bytes came, want %d", wave, len(got), len(want))
		}
		for i := 0; i < len(got); i += 8 {
			a, b := math.Float64frombits(binary.LittleEndian.Uint64(got[i:])), math.Float64frombits(binary.LittleEndian.Uint64(want[i:]))
			// A table of 1024 steps is within 0.005 of the sine.
			if math.Abs(a-b) > 0.005 && wave != "square" {
				t.Fatalf("%s: sample %d is %g, want %g", wave, i/8, a, b)
			}
		}
		if got := len(join(sought(t, line, eiengine.SeekEvent{Position: 3999 * time.Millisecond}))); got != 8*8 {
			t.Errorf("%s: %d bytes came in the last millisecond, want 8 samples", wave, got)
		}
	}
}

func TestSeekInNumberedFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		file := filepath.Join(dir, fmt.Sprintf("%02d.raw", i))
		if err := os.WriteFile(file, bytes.Repeat([]byte{byte(i)}, 16*8*3), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := "multifilesrc location=" + dir + "/%02d.raw caps=\"video/x-raw,format=RGB,width=16,height=8,framerate=10/1\""
	for line, want := range map[string][]byte{
		files:                    {7, 8, 9},
		files + " stop-index=8":  {7, 8},
		files + " num-buffers=8": {7},
		files + " start-index=1": {8, 9},
		files + " stop-index=2 loop=true num-buffers=9": {1, 2},
	} {
		var first []byte
		for _, g := range sought(t, line, eiengine.SeekEvent{Position: 700 * time.Millisecond}) {
			first = append(first, g.data[0])
		}
		if !bytes.Equal(first, want) {
			t.Errorf("%s: from 0.7 s on the files are %v, want %v", line, first, want)
		}
	}
}

func TestHowLongStreamsAre(t *testing.T) {
	path, _ := noisyWAV(t)
	for line, want := range map[string]string{
		"filesrc location=" + path + " ! decodebin":                                  "10s",
		"filesrc location=" + path + " ! wavparse ignore-length=true":                "unknown",
		"videotestsrc num-buffers=45":                                                "1.5s",
		"videotestsrc":                                                               "unknown",
		"audiotestsrc num-buffers=10 samplesperbuffer=4410 ! audio/x-raw,rate=44100": "1s",
		"videotestsrc num-buffers=1 ! imagefreeze num-buffers=50":                    "2s",
	} {
		p := graphtest.Launch(t, line+" ! collect")
		p.SetState(eiengine.Paused)
		if err := p.WaitState(graphtest.Context(t), eiengine.Paused); err != nil {
			t.Fatal(err)
		}
		got := "unknown"
		if d, known := p.Duration(); known {
			got = d.String()
		}
		r, err := p.Seekable()
		if got != want || err != nil || r.Start != 0 || want != "unknown" && r.Stop.String() != want {
			t.Errorf("%s: the duration is %s and the range %v (%v), want %s", line, got, r, err, want)
		}
		if err := p.Stop(graphtest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatCannotSeekSaysWhy(t *testing.T) {
	path, _ := noisyWAV(t)
	for line, want := range map[string]string{
		"fakesrc num-buffers=2 sizetype=fixed":                                "fakesrc0: fakesrc has no other place",
		"filesrc location=" + path:                                            "filesrc0: filesrc counts bytes",
		"videotestsrc name=v is-live=true":                                    "v: it is live",
		"videotestsrc ! concat name=c":                                        "c: it joins streams",
		"videotestsrc ! imagefreeze name=i is-live=true":                      "i: it is live",
		"multifilesrc location=" + path + " num-buffers=1":                    "no times: give caps a framerate",
		"multifilesrc location=" + path + " loop=true caps=a/b,framerate=1/1": "set stop-index",
	} {
		p := graphtest.Launch(t, line+" ! collect")
		p.SetState(eiengine.Paused)
		if err := p.WaitState(graphtest.Context(t), eiengine.Paused); err != nil {
			t.Fatal(err)
		}
		err := p.Seek(graphtest.Context(t), eiengine.SeekEvent{Position: time.Second, Flush: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want it to say %q", line, err, want)
		}
		if err := p.Stop(graphtest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
}
