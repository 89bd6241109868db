package capture

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestDecodeBadInput(t *testing.T) {
	pngFile, jpegFile := read(t, photos+"camera.png"), read(t, photos+"rocket.jpg")
	for _, tt := range []struct {
		name    string
		data    []byte
		element string
		want    []string
	}{
		{"cut.png", pngFile[:50000], "pngdec", []string{"truncated", "50000 bytes", "save it again"}},
		{"cut.png", pngFile[:50000], "decodebin", []string{"truncated", "50000 bytes"}},
		{"cut.png", pngFile[:len(pngFile)-1], "decodebin", []string{"truncated"}},
		{"cut.jpg", jpegFile[:60000], "jpegdec", []string{"truncated", "60000 bytes", "save it again"}},
		{"cut.jpg", jpegFile[:60000], "decodebin", []string{"truncated"}},
		{"empty.png", nil, "pngdec", []string{"empty", "0 bytes"}},
		{"empty.png", nil, "decodebin", []string{"empty", "0 bytes"}},
		{"is.jpg", jpegFile, "pngdec", []string{"not PNG", "image/jpeg", "decodebin"}},
		{"is.png", pngFile, "jpegdec", []string{"not JPEG", "image/png"}},
		{"prog", []byte("\x7fELF\x02\x01\x01\x00 and so on"), "decodebin", []string{"could not determine type of stream", "7f 45 4c 46", "an ELF program"}},
		{"x.h264", []byte("\x00\x00\x00\x01\x67\x42\x00\x1e\xab"), "decodebin", []string{"no decoder for video/x-h264"}},
		{"x.mp4", []byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"), "decodebin", []string{"no decoder for video/quicktime"}},
		{"moov.mp4", []byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00 … stsd … avc1 … mp4a"), "decodebin", []string{"no decoder for video/quicktime", "holds video/x-h264 and audio/mpeg"}},
		{"x.webm", []byte("\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x84webm … V_VP9"), "decodebin", []string{"no decoder for video/webm", "video/x-vp9"}},
		{"x.mkv", []byte("\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x88matroska"), "decodebin", []string{"no decoder for video/x-matroska"}},
		{"x.ts", bytes.Repeat(append([]byte{0x47}, make([]byte, 187)...), 4), "decodebin", []string{"no decoder for video/mpegts"}},
		{"x.m2ts", bytes.Repeat(append([]byte{9, 9, 9, 9, 0x47}, make([]byte, 187)...), 4), "decodebin", []string{"no decoder for video/mpegts"}},
		{"x.h265", []byte("\x00\x00\x00\x01\x40\x01\x0c\x01"), "decodebin", []string{"no decoder for video/x-h265"}},
		{"x.ogg", []byte("OggS\x00\x02 … \x01vorbis"), "decodebin", []string{"no decoder for application/ogg", "audio/x-vorbis"}},
		{"x.flac", []byte("fLaC\x00\x00\x00\x22"), "decodebin", []string{"no decoder for audio/x-flac"}},
		{"x.mp3", []byte("ID3\x04\x00\x00\x00\x00\x00\x02xx\xff\xfb\x90\x00"), "decodebin", []string{"no decoder for audio/mpeg", "ID3"}},
		{"y.mp3", []byte("\xff\xfb\x90\x00"), "decodebin", []string{"no decoder for audio/mpeg"}},
		{"x.avi", []byte("RIFF\x00\x00\x00\x00AVI LIST … vidsH264"), "decodebin", []string{"no decoder for video/x-msvideo", "video/x-h264"}},
		{"x.gif", []byte("GIF89a\x10\x00"), "decodebin", []string{"no decoder for image/gif"}},
		{"x.bmp", []byte("BM\x36\x00\x00\x00\x00\x00\x00\x00\x36"), "decodebin", []string{"no decoder for image/bmp"}},
		{"x.webp", []byte("RIFF\x24\x00\x00\x00WEBPVP8 "), "decodebin", []string{"no decoder for image/webp"}},
		{"x.avif", []byte("\x00\x00\x00\x20ftypavif\x00\x00"), "decodebin", []string{"no decoder for image/avif"}},
		{"x.bin", []byte("\x89PNG…"), `decodebin sink-caps="video/x-h264"`, []string{"no decoder for video/x-h264"}},
		{"note.txt", []byte("hello, this is a text\n"), "decodebin", []string{"could not determine type", "text"}},
		{"zero", make([]byte, 5000), "decodebin", []string{"could not determine type", "zeros"}},
	} {
		begin := time.Now()
		failing(t, fmt.Sprintf("filesrc location=%s ! %s", write(t, tt.name, tt.data), tt.element), tt.want...)
		if d := time.Since(begin); d > time.Second {
			t.Errorf("%s ! %s took %v to fail", tt.name, tt.element, d)
		}
	}
}

// A picture that can never fit into memory fails at once, and says so.
func TestDecodeBeyondBudget(t *testing.T) {
	eng := eiengine.New(eiengine.Options{MemoryBudget: 64 << 10})
	p, err := eng.Launch("filesrc location=" + photos + "camera.png ! decodebin ! fakesink")
	if err != nil {
		t.Fatal(err)
	}
	err = p.Run(graphtest.Context(t))
	if err == nil || !strings.Contains(err.Error(), "raise the budget") {
		t.Errorf("got %v", err)
	}
	t.Log(err)
	if err := eng.Close(); err != nil {
		t.Error(err)
	}
}

func TestDecodebinPassesRawVideo(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=3 pattern=red ! decodebin")
	if len(g) != 3 || !g[0].format.IsVideo() {
		t.Fatalf("%d frames", len(g))
	}
	p := graphtest.Launch(t, "videotestsrc num-buffers=1 ! decodebin name=d  d.src_0 ! collect name=out")
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Error(err)
	}
}

// What caps name is given out as it is.
func TestDecodebinStopsAtCaps(t *testing.T) {
	data := read(t, photos+"rocket.jpg")
	g := mustRun(t, `filesrc location=`+photos+`rocket.jpg ! decodebin caps="image/jpeg; video/x-raw"`)
	if g[0].format.String() != "image/jpeg" || !bytes.Equal(join(g), data) {
		t.Errorf("%d bytes of %s", len(join(g)), g[0].format)
	}
	if g := mustRun(t, `filesrc location=`+photos+`camera.png ! decodebin sink-caps="image/png"`); !g[0].format.IsVideo() {
		t.Errorf("PNG came out as %s", g[0].format)
	}
}

// A pipeline can be run again: what decodebin became is forgotten.
func TestDecodeAgain(t *testing.T) {
	p := graphtest.Launch(t, "filesrc location="+photos+"coffee.jpg ! decodebin ! collect name=out")
	for i := range 3 {
		if err := p.Run(graphtest.Context(t)); err != nil {
			t.Fatal(err)
		}
		if n := len(p.Element("out").(*collect).got); n != i+1 {
			t.Fatalf("run %d: %d pictures", i, n)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	a := smallPNG(f, 3)
	f.Add(a, 7)
	f.Add(append(bytes.Clone(a), smallJPEG(f, 3)...), 50)
	f.Add([]byte("\x89PNG\r\n\x1a\n"), 1)
	sound, _ := wavOf(f, frames.AudioInfo{Format: frames.S16LE, Rate: 8000, Channels: 1}, 20)
	f.Add(sound, 9)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		if size < 1 || len(data) > 4096 {
			return
		}
		for _, element := range []string{"pngdec", "jpegdec", "wavparse", "decodebin"} {
			_, _, err := decode(t, element, "", cut(data, size)...)
			if err != nil && strings.Contains(err.Error(), "panic") {
				t.Fatal(err)
			}
		}
	})
}

// A program hears what decodebin finds, and may decide otherwise.
func TestDecodebinTells(t *testing.T) {
	p := graphtest.Launch(t, "filesrc location="+photos+"camera.png ! decodebin name=d post-stream-topology=true ! collect name=out")
	var told []string
	for signal, f := range map[string]any{
		"pad-added":    func(pad string) { told = append(told, "pad-added "+pad) },
		"no-more-pads": func() { told = append(told, "no-more-pads") },
		"drained":      func() { told = append(told, "drained") },
		"pad-removed":  func(pad string) { told = append(told, "pad-removed "+pad) },
		"autoplug-continue": func(pad string, caps frames.Caps) bool {
			told = append(told, "continue "+caps.String())
			return true
		},
		"autoplug-select": func(pad string, caps frames.Caps, f *eiengine.Factory) Autoplug {
			told = append(told, "select "+f.Name)
			return AutoplugTry
		},
	} {
		if _, err := p.Connect("d", signal, f); err != nil {
			t.Fatal(err)
		}
	}
	sub := p.Bus().Subscribe(64, bus.TypeElement)
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	want := []string{"continue image/png", "select pngdec", "pad-added src_0", "no-more-pads", "drained", "pad-removed src_0"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	var found []StreamTopology
	for _, s := range bus.Payloads[*StreamTopology](context.Background(), sub) {
		found = append(found, *s)
	}
	if !slices.Equal(found, []StreamTopology{{"image/png", "pngdec"}}) {
		t.Errorf("topology %v", found)
	}
}

func TestDecodebinHeedsThePrograms(t *testing.T) {
	encoded := len(read(t, photos+"camera.png"))
	registered := func(name string) *eiengine.Factory {
		f, err := eiengine.DefaultRegistry().Find(name)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for name, tt := range map[string]struct {
		signal string
		f      any
		want   string // "" for the bytes as they are
	}{
		"not to be decoded": {"autoplug-continue", func(string, frames.Caps) bool { return false }, ""},
		"given out":         {"autoplug-select", func(string, frames.Caps, *eiengine.Factory) Autoplug { return AutoplugExpose }, ""},
		"no one left":       {"autoplug-select", func(string, frames.Caps, *eiengine.Factory) Autoplug { return AutoplugSkip }, "no decoder for image/png"},
		"no one to choose":  {"autoplug-sort", func(string, frames.Caps, []*eiengine.Factory) []*eiengine.Factory { return []*eiengine.Factory{} }, "no decoder for image/png"},
		"another one": {"autoplug-factories", func(string, frames.Caps) []*eiengine.Factory {
			return []*eiengine.Factory{registered("jpegdec")}
		}, "not JPEG"},
	} {
		p := graphtest.Launch(t, "filesrc location="+photos+"camera.png ! decodebin name=d ! collect name=out")
		unknown := 0
		if _, err := p.Connect("d", tt.signal, tt.f); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Connect("d", "unknown-type", func(_ string, caps frames.Caps) { unknown++ }); err != nil {
			t.Fatal(err)
		}
		err := p.Run(graphtest.Context(t))
		if tt.want == "" {
			if got := len(join(p.Element("out").(*collect).got)); err != nil || got != encoded {
				t.Errorf("%s: %d bytes of %d, %v", name, got, encoded, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		if (unknown == 1) != strings.HasPrefix(tt.want, "no decoder") {
			t.Errorf("%s: unknown-type %d times", name, unknown)
		}
	}
}

func TestDecodebinGivesOutOnlyCaps(t *testing.T) {
	failing(t, "filesrc location="+photos+`camera.png ! decodebin caps="audio/x-raw" expose-all-streams=false`, "pngdec decodes image/png", "expose-all-streams=true")
	mustRun(t, "filesrc location="+photos+`camera.png ! decodebin caps="video/x-raw" expose-all-streams=false`)
}
