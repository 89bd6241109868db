package capture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "github.com/eiengine/eiengine/encode"
	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/guest"
)

// record plays a line into a recording and gives its name, and what was recorded.
func record(t testing.TB, line string) (file string, want []collected) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "recording.gdp")
	p := graphtest.Launch(t, line+" ! tee name=t  t. ! queue ! collect name=out  t. ! queue ! gdppay crc-payload=true ! filesink location="+file)
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	return file, p.Element("out").(*collect).got
}

// compare wants frames with the same bytes, times, numbers, flags and format.
func compare(t testing.TB, what string, got, want []collected) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d frames, want %d", what, len(got), len(want))
	}
	for i := range want {
		g, w := &got[i], &want[i]
		if !bytes.Equal(g.data, w.data) {
			t.Errorf("%s: frame %d: other bytes", what, i)
		}
		if g.pts != w.pts || g.duration != w.duration || g.seq != w.seq || g.flags != w.flags || !g.format.Equal(w.format) {
			t.Errorf("%s: frame %d is number %d at %v for %v, flags %b, %s\nwant number %d at %v for %v, flags %b, %s",
				what, i, g.seq, g.pts, g.duration, g.flags, g.format, w.seq, w.pts, w.duration, w.flags, w.format)
		}
	}
}

// everyFormat are sources of each raw format of the engine, and of pictures.
func everyFormat() (lines []string) {
	for _, f := range frames.PixelFormats() {
		lines = append(lines, fmt.Sprintf("videotestsrc num-buffers=3 ! video/x-raw,format=%s,width=33,height=17,framerate=30000/1001", f))
	}
	for _, f := range frames.SampleFormats() {
		lines = append(lines, fmt.Sprintf("audiotestsrc num-buffers=3 samplesperbuffer=441 ! audio/x-raw,format=%s,rate=44100,channels=3", f))
	}
	return append(lines,
		"videotestsrc num-buffers=3 ! video/x-raw,width=33,height=17 ! jpegenc",
		"videotestsrc num-buffers=3 timestamp-offset=123456789 ! video/x-raw,width=33,height=17,framerate=0/1 ! pngenc")
}

func TestGdpdepayGivesWhatWasRecorded(t *testing.T) {
	for _, line := range everyFormat() {
		file, want := record(t, line)
		compare(t, line, mustRun(t, "filesrc location="+file+" ! gdpdepay"), want)
	}
	file, want := record(t, everyFormat()[0])
	for _, size := range []int{1, 61, 62, 63, 1 << 20} {
		compare(t, "in pieces", mustRun(t, fmt.Sprintf("filesrc location=%s blocksize=%d ! gdpdepay", file, size)), want)
	}
	got := mustRun(t, "filesrc location="+file+" ! gdpdepay ts-offset=5000000000")
	if got[1].pts != want[1].pts+5*time.Second {
		t.Errorf("with ts-offset the second frame is at %v", got[1].pts)
	}
}

func TestGdpdepayIsFoundByDecodebin(t *testing.T) {
	for line, media := range map[string]string{
		everyFormat()[0]:             frames.VideoRaw,
		"audiotestsrc num-buffers=3": frames.AudioRaw,
		"videotestsrc num-buffers=3 ! video/x-raw,width=32,height=16 ! jpegenc": frames.VideoRaw,
		"audiotestsrc num-buffers=3 ! audio/x-raw,format=S16LE ! wavenc":        frames.AudioRaw,
	} {
		file, _ := record(t, line)
		got := mustRun(t, "filesrc location="+file+" blocksize=50 ! decodebin")
		if len(got) == 0 || got[0].format.Media() != media {
			t.Errorf("%s: %d frames", line, len(got))
		}
		if g := mustRun(t, "filesrc location="+file+" ! typefind"); g[0].format.Media() != "application/x-gdp" {
			t.Errorf("%s: typefind says %s", line, g[0].format)
		}
	}
	file, want := record(t, everyFormat()[0])
	packed := mustRun(t, "filesrc location="+file+" ! decodebin caps=application/x-gdp")
	if packed[0].format.Media() != "application/x-gdp" || len(packed) == len(want) {
		t.Errorf("decodebin was to leave the packets: %s", packed[0].format)
	}
}

func TestGdpdepayGoesOnInALoop(t *testing.T) {
	file, want := record(t, "videotestsrc num-buffers=3 timestamp-offset=40000000 ! video/x-raw,format=GRAY8,width=4,height=4,framerate=10/1")
	blocks := (len(read(t, file)) + 99) / 100 * 3
	for _, source := range []string{"multifilesrc num-buffers=3", fmt.Sprintf("filesrc blocksize=100 num-buffers=%d", blocks)} {
		got := mustRun(t, source+" loop=true location="+file+" ! gdpdepay")
		if len(got) != 9 {
			t.Fatalf("%s: %d frames, want 9", source, len(got))
		}
		compare(t, "first round", got[:3], want)
		for i, g := range got {
			at := 40*time.Millisecond + time.Duration(i)*100*time.Millisecond
			if g.pts != at || g.seq != uint64(i) || !bytes.Equal(g.data, want[i%3].data) {
				t.Errorf("%s: frame %d is number %d at %v, want %v", source, i, g.seq, g.pts, at)
			}
		}
	}
	// It may be ended anywhere in a round.
	if _, warnings, err := run(t, fmt.Sprintf("filesrc loop=true blocksize=100 num-buffers=%d location=%s ! gdpdepay", blocks/3+1, file)); err != nil || len(warnings) > 0 {
		t.Errorf("ended within a packet: %v, %q", err, warnings)
	}
	// A truncated one, too, with a warning; one without a frame ends.
	cut := write(t, "cut", read(t, file)[:len(read(t, file))-5])
	got, warnings, err := run(t, "filesrc loop=true blocksize=10000 num-buffers=2 location="+cut+" ! gdpdepay")
	if err != nil || len(got) != 4 || got[3].pts != 340*time.Millisecond || len(warnings) == 0 {
		t.Errorf("%d frames of a truncated one, %v, %q", len(got), err, warnings)
	}
	failing(t, "filesrc loop=true location="+write(t, "cut", read(t, file)[:150])+" ! gdpdepay", "no frame")
	// One after another is the same, whatever their formats.
	sound, _ := record(t, "audiotestsrc num-buffers=2 samplesperbuffer=800 ! audio/x-raw,rate=8000")
	both := write(t, "both", append(read(t, file), read(t, sound)...))
	got = mustRun(t, "filesrc location="+both+" ! gdpdepay")
	if len(got) != 5 || !got[4].format.IsAudio() || got[4].pts != 440*time.Millisecond {
		t.Errorf("%d frames, the last one %s at %v", len(got), got[len(got)-1].format, got[len(got)-1].pts)
	}
}

// TestGdpdepayPlaysWhatIsWhole cuts a recording at many places, as a power cut does.
func TestGdpdepayPlaysWhatIsWhole(t *testing.T) {
	file, want := record(t, "videotestsrc num-buffers=3 ! video/x-raw,format=GRAY8,width=4,height=4")
	whole := read(t, file)
	packet := gdp.HeaderSize + 16
	begin := len(whole) - 3*packet
	for cut := len(whole) - 1; cut > begin+packet; cut -= 7 {
		got, warnings, err := run(t, "filesrc location="+write(t, "cut", whole[:cut])+" ! gdpdepay")
		n := (cut - begin) / packet
		told := fmt.Sprintf("truncated: it ends within a packet, at byte %d", cut)
		if (cut-begin)%packet == 0 {
			told = "" // as if the last frames had never been
		}
		if err != nil || len(got) != n || told != "" && !strings.Contains(strings.Join(warnings, ""), told) || told == "" && len(warnings) > 0 {
			t.Fatalf("cut at %d: %d frames, %v, %q", cut, len(got), err, warnings)
		}
		compare(t, "cut", got, want[:n])
	}
	for _, n := range []int{10, 100, begin + 40} {
		failing(t, "filesrc location="+write(t, "cut", whole[:n])+" ! gdpdepay", "truncated", fmt.Sprintf("byte %d", n), "no frame")
	}
	failing(t, "filesrc location="+write(t, "empty", nil)+" ! gdpdepay", "0 bytes")
}

func TestGdpdepayTellsDamage(t *testing.T) {
	file, want := record(t, "videotestsrc num-buffers=3 ! video/x-raw,format=GRAY8,width=4,height=4")
	whole := read(t, file)
	packet := gdp.HeaderSize + 16
	second := len(whole) - 2*packet

	bad := bytes.Clone(whole)
	bad[second+gdp.HeaderSize+3] ^= 1
	got, warnings, err := run(t, "filesrc location="+write(t, "bad", bad)+" ! gdpdepay")
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], fmt.Sprintf("byte %d", second)) {
		t.Errorf("%v, %q", err, warnings)
	}
	compare(t, "a damaged frame", got, []collected{want[0], want[2]})

	bad = bytes.Clone(whole)
	bad[second+20] ^= 1
	failing(t, "filesrc location="+write(t, "bad", bad)+" ! gdpdepay", fmt.Sprintf("byte %d", second), "checksum of the head")
	failing(t, "filesrc location="+write(t, "text", []byte(strings.Repeat("no recording ", 9)))+" ! gdpdepay", "byte 0", "look like text", "gdppay")

	caps := func(text string) []byte { return gdp.AppendText(nil, gdp.Caps, text, gdp.SumHeader) }
	buffer := func(size int) []byte {
		p := gdp.Packet{Type: gdp.Buffer, Size: uint32(size), PTS: 0, DTS: -1, Duration: -1}
		return append(gdp.AppendHeader(nil, &p), make([]byte, min(size, 100))...)
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{buffer(4), "a buffer before any caps"},
		{caps("video/x-raw"), "no format"},
		{caps("what ever ="), "caps, column"},
		{caps("EMPTY"), "leave several formats open"},
		{caps("video/x-raw,format=I420,width=100000,height=1"), "100000"},
		{caps(strings.Repeat("a", maxGDPText)), "more than the 65536"},
		{append(caps("video/x-raw,format=I420,width=2,height=2"), buffer(1<<31)...), "buffer of 2147483648 bytes"},
	} {
		failing(t, "filesrc location="+write(t, "bad", c.data)+" ! gdpdepay", c.want, "byte ")
	}
	for text, size := range map[string]int{"video/x-raw,format=RGB,width=9,height=9": 100, "audio/x-raw,format=S16LE,rate=8000,channels=2": 3} {
		data := append(caps(text), buffer(size)...)
		got, warnings, err := run(t, "filesrc location="+write(t, "bad", data)+" ! gdpdepay")
		if err != nil || len(got) != 0 || len(warnings) != 1 || !strings.Contains(warnings[0], fmt.Sprintf("left out a frame at byte %d of the recording: a buffer of %d bytes", len(data)-gdp.HeaderSize-size, size)) {
			t.Errorf("%s: %d frames, %v, %q", text, len(got), err, warnings)
		}
	}
}

// TestGdpdepayGivesRunningTimes plays what a program that seeks has recorded.
func TestGdpdepayGivesRunningTimes(t *testing.T) {
	data := gdp.AppendText(nil, gdp.Caps, "image/x", 0)
	segment := gdp.Segment{Start: 10 * time.Second, Stop: 12 * time.Second, Base: time.Second}
	data = gdp.AppendText(data, gdp.SegmentType, segment.String(), 0)
	for at := 8 * time.Second; at < 14*time.Second; at += time.Second {
		p := gdp.Packet{Type: gdp.Buffer, Size: 1, PTS: at, Duration: time.Second / 2, Offset: gdp.NoOffset}
		data = append(gdp.AppendHeader(data, &p), 'x')
	}
	got := mustRun(t, "filesrc location="+write(t, "sought", data)+" ! gdpdepay")
	if len(got) != 2 || got[0].pts != time.Second || got[1].pts != 2*time.Second || got[1].seq != 1 {
		t.Errorf("%+v", got)
	}
}

// TestGdpdepayAndGStreamer exchanges recordings with it, both ways.
func TestGdpdepayAndGStreamer(t *testing.T) {
	if err := exec.Command("gst-inspect-1.0", "--exists", "gdppay").Run(); err != nil {
		t.Skip("GStreamer's gdppay is not installed, in Debian that of gstreamer1.0-plugins-bad")
	}
	dir := t.TempDir()
	gst := func(line string) {
		t.Helper()
		args := append([]string{"-q"}, strings.Fields(line)...)
		if out, err := exec.CommandContext(graphtest.Context(t), "gst-launch-1.0", args...).CombinedOutput(); err != nil {
			t.Fatalf("gst-launch-1.0 %s: %v\n%s", line, err, out)
		}
	}
	raw := func(files string, n int) (all []byte) {
		for i := range n {
			all = append(all, read(t, fmt.Sprintf(files, i))...)
		}
		return all
	}
	for i, line := range []string{
		"videotestsrc num-buffers=3 pattern=ball ! video/x-raw,format=I420,width=33,height=17,framerate=30000/1001",
		"videotestsrc num-buffers=3 pattern=ball ! video/x-raw,format=RGB,width=33,height=17",
		"audiotestsrc num-buffers=3 ! audio/x-raw,format=S16LE,rate=44100,channels=2",
		"audiotestsrc num-buffers=3 ! audio/x-raw,format=F32LE,rate=48000,channels=1",
	} {
		theirs, ours := fmt.Sprintf("%s/theirs%d", dir, i), fmt.Sprintf("%s/ours%d", dir, i)
		gst(line + " ! tee name=t t. ! queue ! gdppay ! filesink location=" + theirs + ".gdp t. ! queue ! multifilesink location=" + theirs + ".%d")
		got := mustRun(t, "filesrc location="+theirs+".gdp ! gdpdepay")
		var data []byte
		for n, g := range got {
			data = append(data, g.data...)
			if n > 0 && (g.pts != got[n-1].pts+got[n-1].duration || g.seq != uint64(n)) {
				t.Errorf("%s: frame %d is number %d at %v", line, n, g.seq, g.pts)
			}
		}
		if len(got) != 3 || !bytes.Equal(data, raw(theirs+".%d", 3)) {
			t.Errorf("%s: %d frames of GStreamer's recording, or other bytes", line, len(got))
		}
		file, want := record(t, line)
		gst("filesrc location=" + file + " ! gdpdepay ! tee name=t t. ! queue ! gdppay ! filesink location=" + ours + ".gdp t. ! queue ! multifilesink location=" + ours + ".%d")
		again := mustRun(t, "filesrc location="+ours+".gdp ! gdpdepay")
		for n := range again {
			again[n].flags &^= frames.Discont // theirs marks the first one
			want[n].format = again[n].format  // with fields that it adds
		}
		compare(t, line, again, want)
		if !bytes.Equal(raw(ours+".%d", 3), func() (all []byte) {
			for _, w := range want {
				all = append(all, w.data...)
			}
			return all
		}()) {
			t.Errorf("%s: GStreamer reads other bytes of ours", line)
		}
	}
}

// TestGdpdepayAllocatesNothing plays a short and a long recording.
func TestGdpdepayAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	mallocs := func(n int) uint64 {
		file := filepath.Join(t.TempDir(), "recording.gdp")
		lines := []string{
			fmt.Sprintf("videotestsrc num-buffers=%d ! video/x-raw,format=GRAY8,width=64,height=64 ! gdppay ! filesink location=%s", n, file),
			"filesrc location=" + file + " ! gdpdepay ! fakesink",
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, line := range lines {
			if err := graphtest.Launch(t, line).Run(graphtest.Context(t)); err != nil {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(100)
	few, many := mallocs(100), mallocs(5100)
	if perFrame := float64(many-min(few, many)) / 5000; perFrame > 0.05 {
		t.Errorf("%.3f allocations per frame that is recorded and played", perFrame)
	}
}

// FuzzGdpdepay plays any bytes: what is given fits its format, and nothing is left.
func FuzzGdpdepay(f *testing.F) {
	file, _ := record(f, "videotestsrc num-buffers=2 ! video/x-raw,format=GRAY8,width=4,height=4")
	f.Add(read(f, file), uint8(9))
	file, _ = record(f, "audiotestsrc num-buffers=2 samplesperbuffer=3")
	f.Add(read(f, file), uint8(200))
	f.Fuzz(func(t *testing.T, data []byte, block uint8) {
		if len(data) > 4096 {
			return
		}
		got, _, err := decode(t, "gdpdepay", "", cut(data, int(block)+1)...)
		for _, g := range got {
			if g.format.FrameSize() > 0 && len(g.data) != g.format.FrameSize() {
				t.Fatalf("%d bytes of %s, %v", len(g.data), g.format, err)
			}
		}
	})
}

// BenchmarkGdpdepay plays a recording of pictures of a camera as fast as it can.
func BenchmarkGdpdepay(b *testing.B) {
	const n = 100
	file := filepath.Join(b.TempDir(), "recording.gdp")
	if err := graphtest.Launch(b, "videotestsrc num-buffers=100 ! video/x-raw,format=YUY2,width=640,height=480 ! gdppay ! filesink location="+file).Run(graphtest.Context(b)); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	p := graphtest.Launch(b, "filesrc blocksize=65536 location="+file+" ! gdpdepay ! fakesink")
	for b.Loop() {
		if err := p.Run(graphtest.Context(b)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/frame")
}

// TestGuestReplay records cameras and plays what was recorded: the same frames and times,
// by hash.
func TestGuestReplay(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	for _, camera := range []string{
		guest.Vivid(t, 0) + " num-buffers=10 ! video/x-raw,format=YUY2,width=320,height=180,framerate=30/1",
		guest.Vivid(t, 1) + " num-buffers=10 ! video/x-raw,format=NV12,width=320,height=180,framerate=30/1",
		usb.Node() + " num-buffers=10 ! image/jpeg",
	} {
		file, live := record(t, "v4l2src device="+camera)
		replayed := mustRun(t, "filesrc location="+file+" ! gdpdepay")
		if got, want := digest(replayed), digest(live); got != want || len(live) != 10 {
			t.Errorf("%s: %d frames of hash %s were replayed as %d of hash %s", camera, len(live), want, len(replayed), got)
		} else {
			t.Logf("%s: %d frames, %v to %v: %s", camera, len(live), live[0].pts, live[9].pts, got)
		}
	}
}

// digest is a hash of formats, times, numbers, flags and what is to be seen.
func digest(list []collected) string {
	h := sha256.New()
	for i := range list {
		g := &list[i]
		what := string(g.data)
		if g.format.IsVideo() {
			what = hash(&g.picture)
		}
		fmt.Fprintf(h, "%s %d %d %d %d %s\n", g.format, g.pts, g.duration, g.seq, g.flags, what)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
