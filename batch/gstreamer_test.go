package batch_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Regenerate testdata with an installed GStreamer:
//
//	go test ./batch -run Gstreamer -update-from-gstreamer
var updateFromGStreamer = flag.Bool("update-from-gstreamer", false, "write testdata/gstreamer-compositor.txt with the installed gst-launch-1.0")

const keptHashes = "testdata/gstreamer-compositor.txt"

// sameCase is a line that must give GStreamer's bytes and number of frames.
type sameCase struct{ props, behind, inputs string }

func (c *sameCase) String() string {
	return strings.Join(strings.Fields(c.props+" ! "+c.behind+" : "+c.inputs), " ")
}

// source is a test picture that leads into the compositor.
func source(pattern, format string, w, h int, fps string, n int, more ...string) string {
	return fmt.Sprintf("videotestsrc num-buffers=%d pattern=%s %s ! video/x-raw,format=%s,width=%d,height=%d,framerate=%s ! c. ",
		n, pattern, strings.Join(more, " "), format, w, h, fps)
}

func sameCases() []sameCase {
	var all []sameCase
	add := func(props, behind string, inputs ...string) {
		all = append(all, sameCase{props, behind, strings.Join(inputs, "")})
	}
	tiles := "sink_1::xpos=32 sink_2::ypos=24 sink_3::xpos=32 sink_3::ypos=24"
	// GRAY8 of videotestsrc differs on purpose, and so do halves of pairs that are odd.
	for _, f := range []string{"I420", "YV12", "NV12", "NV21", "YUY2", "UYVY", "YVYU", "RGB", "BGR", "RGBx", "BGRx", "xRGB", "xBGR", "RGBA", "BGRA", "ARGB", "ABGR"} {
		quarter := func(pattern string) string { return source(pattern, f, 32, 24, "30/1", 2) }
		add(tiles, "", quarter("smpte"), quarter("ball"), quarter("snow"), quarter("colors"))
		add("sink_1::xpos=21 sink_1::ypos=11 sink_1::alpha=0.4", "", source("smpte", f, 64, 48, "30/1", 3), source("ball", f, 32, 20, "30/1", 3))
		for _, background := range []string{"checker", "black", "white", "transparent"} {
			if background == "transparent" && !strings.Contains(f, "A") || background == "white" && f[0] == 'x' {
				continue // GStreamer's transparent is green in YUV, and its white yellow in xRGB
			}
			add("background="+background+" sink_0::xpos=10 sink_0::ypos=6", "video/x-raw,width=50,height=40", source("smpte", f, 32, 24, "30/1", 1))
		}
	}
	for _, operator := range []string{"over", "add"} {
		add("sink_1::xpos=21 sink_1::ypos=11 sink_1::alpha=0.4 sink_1::operator="+operator, "",
			source("smpte", "RGBA", 44, 38, "30/1", 1), source("solid-color", "RGBA", 32, 20, "30/1", 1, "foreground-color=0x80c0a080"))
	}
	small := func(fps string, n int, more ...string) string {
		return source("ball", "RGB", 32, 20, fps, n, more...)
	}
	// Places outside of the picture, and the order of layers.
	for _, f := range []string{"I420", "RGB"} {
		add("sink_0::zorder=5 sink_1::xpos=-9 sink_1::ypos=-7 sink_2::xpos=50 sink_2::ypos=33", "video/x-raw,width=70,height=50",
			source("smpte", f, 44, 38, "30/1", 1), source("ball", f, 33, 21, "30/1", 1), source("snow", f, 32, 20, "30/1", 1))
	}
	add("sink_1::zorder=0 sink_0::zorder=3 sink_2::zorder=2 sink_1::alpha=0.5 sink_0::alpha=0.7", "", source("smpte", "RGB", 40, 30, "30/1", 1), small("30/1", 1), source("snow", "RGB", 30, 30, "30/1", 1))
	// Rates: frames are repeated and left out by their times.
	for _, rate := range []string{"", "5/1", "7/1", "12/1", "15/1", "25/1", "30/1", "50/1", "30000/1001"} {
		behind := ""
		if rate != "" {
			behind = "video/x-raw,framerate=" + rate
		}
		add("sink_1::xpos=20", behind, source("ball", "RGB", 32, 24, "24/1", 20), small("60/1", 37))
		add("sink_1::xpos=20", behind, source("ball", "RGB", 32, 24, "10/1", 10), small("30000/1001", 5, "timestamp-offset=300000000"))
	}
	// Ends: of the first, of the second, with what is last shown on.
	add("sink_1::xpos=20", "", small("30/1", 3), small("30/1", 9))
	add("sink_1::xpos=20", "", small("30/1", 9), small("30/1", 3))
	add("sink_1::xpos=20 sink_1::repeat-after-eos=true", "", small("10/1", 9), small("30/1", 3))
	// Starts.
	late := []string{small("24/1", 9, "timestamp-offset=200000000"), source("snow", "RGB", 20, 20, "60/1", 30, "timestamp-offset=500000000")}
	for _, start := range []string{"start-time-selection=zero", "start-time-selection=first", "start-time-selection=set start-time=300000000"} {
		add(start, "", late...)
	}
	return all
}

// blank clears the bytes of pixels that mean nothing.
func blank(row []byte, from int) {
	for i := from; i < len(row); i += 4 {
		row[i] = 0
	}
}

// hash is of the visible part of a picture: what rows and pixels are padded with is
// nobody's.
func hash(p *frames.Picture) string {
	h := sha256.New()
	for plane := range p.Format.Planes() {
		_, rows := p.Format.PlaneSize(plane, p.Width, p.Height)
		for y := range rows {
			row := bytes.Clone(p.Row(plane, y))
			switch p.Format {
			case frames.RGBx, frames.BGRx:
				blank(row, 3)
			case frames.XRGB, frames.XBGR:
				blank(row, 0)
			}
			h.Write(row)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// What is only put together, mixed and timed has the bytes of GStreamer 1.22, whose
// hashes are kept.
func TestCompositorGstreamerBytes(t *testing.T) {
	if *updateFromGStreamer {
		writeHashes(t)
	}
	kept := make(map[string]string)
	file, err := os.Open(keptHashes)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, hashes, ok := strings.Cut(lines.Text(), " = "); ok {
			kept[name] = hashes
		}
	}
	for _, c := range sameCases() {
		want, ok := kept[c.String()]
		if !ok {
			t.Errorf("%s: no hash is kept, run with -update-from-gstreamer", &c)
			continue
		}
		var got []string
		for _, g := range run(t, c.props, c.behind, c.inputs) {
			got = append(got, hash(&g.picture))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", &c, got, want)
		}
	}
}

// gstreamer gives the bytes that the line gives there, and their format.
func (c *sameCase) gstreamer(t *testing.T) (data []byte, format frames.VideoInfo) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	behind := ""
	if c.behind != "" {
		behind = c.behind + " ! "
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	line := "-v compositor name=c " + c.props + " ! " + behind + "filesink location=" + out + " " + c.inputs
	text, err := exec.CommandContext(ctx, "gst-launch-1.0", strings.Fields(line)...).CombinedOutput()
	if err != nil {
		t.Fatalf("gst-launch-1.0 %s: %v\n%s", line, err, text)
	}
	for said := range strings.Lines(string(text)) {
		_, caps, found := strings.Cut(strings.TrimSpace(said), "GstCompositor:c.GstAggregatorPad:src: caps = ")
		if !found {
			continue
		}
		parsed, err := frames.ParseCaps(caps)
		if err != nil {
			t.Fatal(err)
		}
		f, err := frames.NewFormat(parsed)
		if err != nil {
			t.Fatal(err)
		}
		format = f.Video
	}
	if data, err = os.ReadFile(out); err != nil {
		t.Fatal(err)
	}
	return data, format
}

func writeHashes(t *testing.T) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Lines of compositor, and for each frame the first 4 bytes of the SHA-256 of its visible samples, plane by plane,\n" +
		"# as GStreamer 1.22.0 gives them. Written by batch/gstreamer_test.go.\n")
	for _, c := range sameCases() {
		data, info := c.gstreamer(t)
		layout := info.DefaultLayout()
		b.WriteString(c.String() + " =")
		for ; len(data) >= layout.Size; data = data[layout.Size:] {
			p := info.Picture(data[:layout.Size], layout)
			b.WriteString(" " + hash(&p))
		}
		b.WriteByte('\n')
	}
	if err := os.MkdirAll(filepath.Dir(keptHashes), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keptHashes, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
