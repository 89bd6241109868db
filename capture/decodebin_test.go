package capture

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
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
	err = p.Run(testContext(t))
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
	p := launch(t, "videotestsrc num-buffers=1 ! decodebin name=d  d.src_0 ! collect name=out")
	if err := p.Run(testContext(t)); err != nil {
		t.Error(err)
	}
}

// A pipeline can be run again: what decodebin became is forgotten.
func TestDecodeAgain(t *testing.T) {
	p := launch(t, "filesrc location="+photos+"coffee.jpg ! decodebin ! collect name=out")
	for i := range 3 {
		if err := p.Run(testContext(t)); err != nil {
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
