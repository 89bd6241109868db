package png_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// libpng, by GStreamer, reads what is written at every level.
func TestGStreamerReadsIt(t *testing.T) {
	gst, err := exec.LookPath("gst-launch-1.0")
	if err != nil {
		t.Skip("without gst-launch-1.0 (Debian: gstreamer1.0-tools, gstreamer1.0-plugins-good)")
	}
	if exec.Command("gst-inspect-1.0", "pngdec").Run() != nil {
		t.Skip("without pngdec of GStreamer (Debian: gstreamer1.0-plugins-good)")
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.png"), filepath.Join(dir, "out")
	p := photograph(t)
	pictures := []frames.Picture{p.Crop(frames.Rect{X: 90, Y: 90, W: 64, H: 50}), scene(frames.GRAY8, 64, 20)} // rows of whole words
	for _, p := range pictures {
		for _, level := range []int{0, 1, 6, 9} {
			if err := os.WriteFile(in, encode(t, &p, level), 0o644); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(gst, "-q", "filesrc", "location="+in, "!", "pngdec", "!", "filesink", "location="+out).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			got, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for y := range p.Height {
				row := p.Row(0, y)
				if at := y * len(row); len(got) < at+len(row) || !bytes.Equal(got[at:at+len(row)], row) {
					t.Fatalf("%v, level %d: row %d differs", p.Format, level, y)
				}
			}
		}
	}
}
