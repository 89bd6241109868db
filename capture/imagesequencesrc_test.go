package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// album writes pictures of those names, told apart by their shade: that of the first is 0.
func album(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), smallPNG(t, uint8(i)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shades are of the pictures that a line gives, decoded.
func shades(t *testing.T, line string) (text string) {
	t.Helper()
	for _, g := range mustRun(t, line+" ! pngdec") {
		text += fmt.Sprint(g.data[0])
	}
	return text
}

func TestImagesequencesrcOrder(t *testing.T) {
	dir := album(t, "000.png", "001.png", "002.png", "003.png")
	if err := os.Symlink(dir, filepath.Join(dir, "[a]")); err != nil {
		t.Fatal(err)
	}
	for props, want := range map[string]string{
		"/%03d.png": "0123", "/%03d.png start-index=1": "123", "/%03d.png stop-index=1": "01", "/%03d.png stop-index=9": "0123",
		"/%03d.png start-index=1 stop-index=2 loop=true num-buffers=5": "12121", "/002.png": "2", "/00[12].png": "12", "/[a]/%03d.png": "0123",
		"/*.png": "0123", "/*.png start-index=2": "23", "/*.png stop-index=1": "01", "/*.png loop=true num-buffers=6": "012301",
	} {
		if got := shades(t, "imagesequencesrc location="+dir+props); got != want {
			t.Errorf("%s gives %s, want %s", props, got, want)
		}
	}
	dir = album(t, "b.png", "a.png", "c d.png")
	if got := shades(t, `imagesequencesrc location="`+dir+`/*.png"`); got != "102" {
		t.Errorf("%s, want them by name", got)
	}
}

// TestImagesequencesrcTimes are those of GStreamer 1.22.
func TestImagesequencesrcTimes(t *testing.T) {
	dir := album(t, "00.png", "01.png", "02.png", "03.png")
	got := mustRun(t, "imagesequencesrc location="+dir+"/%02d.png")
	for i, want := range []time.Duration{0, 33333334, 66666667, 100000000} {
		if g := &got[i]; g.pts != want || g.duration != 33333333 || g.seq != uint64(i) || g.format.String() != "image/png, framerate=(fraction)30/1" {
			t.Errorf("frame %d is number %d at %v for %v, %s", i, g.seq, g.pts, g.duration, g.format)
		}
	}
	got = mustRun(t, "imagesequencesrc framerate=24/1 loop=true num-buffers=9 location="+dir+"/%02d.png ! pngdec")
	if g := &got[8]; g.pts != 333333334 || g.seq != 8 {
		t.Errorf("in a loop frame %d is at %v", g.seq, g.pts)
	}
}

func TestImagesequencesrcSeeks(t *testing.T) {
	dir := album(t, "00.png", "01.png", "02.png", "03.png")
	p := graphtest.Launch(t, "imagesequencesrc framerate=10/1 location="+dir+"/%02d.png ! pngdec ! collect name=out")
	ctx := graphtest.Context(t)
	p.SetState(eiengine.Paused)
	if err := p.WaitState(ctx, eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	if d, known := p.Duration(); d != 400*time.Millisecond || !known {
		t.Errorf("it lasts %v, %v", d, known)
	}
	if err := p.Seek(ctx, eiengine.SeekEvent{Position: 100 * time.Millisecond, Stop: 300 * time.Millisecond, Flush: true}); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	got := p.Element("out").(*collect).got
	if got = got[len(got)-2:]; got[0].pts != 100*time.Millisecond || got[1].pts != 200*time.Millisecond {
		t.Errorf("from 100 to 300 ms there are frames at %v and %v", got[0].pts, got[1].pts)
	}
}

func TestImagesequencesrcMistakes(t *testing.T) {
	dir := album(t, "00.png")
	failing(t, "imagesequencesrc", "location is not set")
	failing(t, "imagesequencesrc location="+dir+"/x%02d.png", "there is no file", "x00.png", "start-index")
	failing(t, "imagesequencesrc location="+dir+"/*.jpg", "there is no file", "*.jpg")
	failing(t, "imagesequencesrc location="+dir+"/gone.png", "could not open file", "gone.png")
	failing(t, "imagesequencesrc location="+dir+"/[.png", "dir/*.jpg")
	failing(t, "imagesequencesrc framerate=1/2 location="+dir+"/%02d.png", "framerate 1/2", "videorate")
	failing(t, "imagesequencesrc start-index=3 stop-index=2 location="+dir+"/%02d.png", "stop-index 2")
	failing(t, "imagesequencesrc location="+write(t, "00.png", []byte("hello")), "no picture", "text")
	failing(t, "imagesequencesrc location="+write(t, "00.png", nil), "0 bytes")
}
