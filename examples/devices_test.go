package examples_test

import (
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/internal/guest"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// TestMicrophone runs the examples that record, with a microphone that hears a tone at half
// scale, which is 9 dB below full scale.
func TestMicrophone(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	out := record(t, build(t, "./microphone"))
	if !regexp.MustCompile(`^default: 16000 Hz, 1 channels\n(.*\n)*.*: -(8\.9|9\.\d) dB\n`).MatchString(out) {
		t.Errorf("microphone printed\n%s", out)
	}
	out = record(t, build(t, "./getusermedia"), "audio")
	if !regexp.MustCompile(`^(.*\n)*microphone default\n(.*\n)*16\d\d\d samples\n$`).MatchString(out) {
		t.Errorf("getusermedia printed\n%s", out)
	}
}

// record runs a program that records, again if the machine was so busy that its sound server
// stood still for a second.
func record(t *testing.T, bin string, args ...string) string {
	t.Helper()
	for {
		out, err := exec.CommandContext(t.Context(), bin, args...).CombinedOutput()
		switch {
		case err == nil:
			return string(out)
		case !strings.Contains(string(out), pcm.ErrStalled.Error()):
			t.Fatalf("%s: %v\n%s", filepath.Base(bin), err, out)
		}
	}
}

// TestGuestExamples runs those that need a camera.
func TestGuestExamples(t *testing.T) {
	guest.Need(t)
	dir := t.TempDir()
	out := run(t, dir, guest.Program("camera"), guest.Vivid(t, 0), "5", "320", "180")
	if !regexp.MustCompile(`^vivid: \w+ 320x180, 30/1 a second\n(.*: picture \d+, brightness \d+\n){5}$`).MatchString(out) {
		t.Errorf("camera printed\n%s", out)
	}
	f, err := os.Open(filepath.Join(dir, "camera.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := jpeg.Decode(f); err != nil || m.Bounds().Dx() != 320 {
		t.Errorf("camera.jpg: %v", err)
	}
	out = run(t, dir, guest.Program("getusermedia"))
	if !regexp.MustCompile(`(?s)camera platform:vivid\.0:vivid-000-vid-cap;video\d\n.*(picture \d: \*image.YCbCr of \(640,\d+\)\n){10}$`).MatchString(out) {
		t.Errorf("getusermedia printed\n%s", out)
	}
}
