package capture

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestTypefindSaysWhatItIs(t *testing.T) {
	png := read(t, photos+"camera.png")
	for _, size := range []int{1, 3, 4096, 1 << 20} {
		file := write(t, "x", png)
		g := mustRun(t, fmt.Sprintf("filesrc location=%s blocksize=%d ! typefind", file, max(size, 7)))
		if g[0].format.String() != "image/png" || string(join(g)) != string(png) {
			t.Errorf("blocks of %d: %d bytes of %s", size, len(join(g)), g[0].format)
		}
	}
	p := graphtest.Launch(t, "filesrc location="+photos+"camera.png ! typefind name=t ! image/png ! pngdec ! collect name=out")
	ctx := graphtest.Context(t)
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	g := mustRun(t, "videotestsrc num-buffers=2 ! typefind")
	if len(g) != 2 || !g[0].format.IsVideo() {
		t.Errorf("raw video came out as %s", g[0].format)
	}
	g = mustRun(t, `filesrc location=`+photos+`camera.png ! typefind force-caps="application/x-data"`)
	if g[0].format.String() != "application/x-data" {
		t.Errorf("forced caps came out as %s", g[0].format)
	}
}

func TestTypefindRefuses(t *testing.T) {
	failing(t, "filesrc location="+write(t, "text", []byte("hello"))+" ! typefind", "could not determine type", "text", "force-caps")
	failing(t, "filesrc location="+write(t, "mp3", []byte("\xff\xfb\x90\x00"+strings.Repeat("\x00", 2000)))+" ! typefind minimum=80", "could not determine type")
	failing(t, `filesrc location=`+photos+`camera.png ! typefind force-caps="image/png,width=[1,2]"`, "force-caps")
	failing(t, "filesrc location="+photos+"camera.png ! typefind ! jpegdec", "image/png")
}

func TestTypefindTellsHowSureItIs(t *testing.T) {
	p := graphtest.Launch(t, "filesrc location="+photos+"camera.png ! typefind name=t ! collect")
	var told []string
	if _, err := p.Connect("t", "have-type", func(sure int, caps frames.Caps) { told = append(told, fmt.Sprint(sure, " ", caps)) }); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []string{"100 image/png"}) {
		t.Errorf("told %q", told)
	}
}
