package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/internal/guest"
)

// eiengineRun runs the program.
func eiengineRun(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(guest.Context(t), guest.Program("eiengine"), args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("eiengine %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// checkPictures decodes the files that a line has written.
func checkPictures(t *testing.T, pattern string, want int) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != want {
		t.Fatalf("%d pictures, %v; want %d", len(files), err, want)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// outDir is where pictures go: to a folder that outlives the guest, if there is one.
func outDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if keep := os.Getenv("GUEST_OUT"); keep != "" {
		dir = filepath.Join(keep, t.Name())
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestGuestCameraToModelToPictures is the main job, with the kernel's own cameras.
func TestGuestCameraToModelToPictures(t *testing.T) {
	guest.Need(t)
	dir := outDir(t)
	const job = "! edgeimpulsevideoinfer model-path=builtin:shapes ! edgeimpulseoverlay ! jpegenc ! multifilesink location="
	eiengineRun(t, "launch", "v4l2src num-buffers=3 device="+guest.Vivid(t, 0)+" ! video/x-raw,width=640,height=480 "+job+dir+"/vivid-%d.jpg")
	checkPictures(t, dir+"/vivid-*.jpg", 3)

	usb := guest.PlugIn(t, "-pictures", guest.Program("scene-*.jpg"))
	out := eiengineRun(t, "launch", "-m", "v4l2src num-buffers=8 device="+usb.Node()+" ! image/jpeg,width=640 ! decodebin ! videoconvert "+job+dir+"/webcam-%d.jpg")
	checkPictures(t, dir+"/webcam-*.jpg", 8)
	if n := strings.Count(out, "edge-impulse-inference-result"); n < 8 || !strings.Contains(out, "circle") && !strings.Contains(out, "square") {
		t.Errorf("%d results, want shapes in 8:\n%s", n, out)
	}
}

func TestGuestDevices(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	var all struct {
		Cameras []struct {
			Path, ID string
			Formats  []struct {
				FourCC string
				Sizes  []struct {
					Width, Height int
					Rates         []string
				}
			}
			Controls []struct{ Name string }
		}
		Sound []struct {
			Name, Direct, ID, Port, Description string
			Capture                             struct {
				Formats         []string
				Rates, Channels []int
				Problem         string
			}
			Playback *struct{ Formats []string }
		}
	}
	if err := json.Unmarshal([]byte(eiengineRun(t, "devices", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Cameras) != 3 || len(all.Cameras[0].Controls) == 0 || all.Cameras[2].Path != usb.Node() {
		t.Fatalf("%+v", all)
	}
	formats := all.Cameras[2].Formats
	if len(formats) != 2 || formats[0].FourCC != "MJPG" || formats[0].Sizes[0].Width != 640 || formats[0].Sizes[0].Rates[0] != "30/1" {
		t.Errorf("%+v", formats)
	}
	for _, s := range all.Sound {
		if s.Name != "plughw:CARD=webcam,DEV=0" {
			continue
		}
		if s.ID != all.Cameras[2].ID || s.Port == "" || s.Direct != "hw:CARD=webcam,DEV=0" || s.Playback != nil ||
			!slices.Equal(s.Capture.Formats, []string{"S16LE"}) || !slices.Equal(s.Capture.Rates, []int{48000}) || !slices.Equal(s.Capture.Channels, []int{1, 1}) {
			t.Errorf("%+v", s)
		}
		return
	}
	t.Errorf("no microphone in %+v", all.Sound)
}

// TestGuestDevicesWatch follows a camera with a microphone that comes and goes.
func TestGuestDevicesWatch(t *testing.T) {
	guest.Need(t)
	cmd := exec.CommandContext(guest.Context(t), guest.Program("eiengine"), "devices", "--watch")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	await := func(event string, ids ...string) { // in any order
		t.Helper()
		for len(ids) > 0 && lines.Scan() {
			t.Log(lines.Text())
			ids = slices.DeleteFunc(ids, func(id string) bool {
				return strings.HasPrefix(lines.Text(), event) && strings.HasSuffix(lines.Text(), id)
			})
		}
		if len(ids) > 0 {
			t.Fatalf("%q were never %s", ids, event)
		}
	}
	await("added", "vivid-001-vid-cap", "snd_aloop.0:Loopback#1")
	usb := guest.PlugIn(t, "-serial", "A1")
	await("added", "webcam  usb:1d6b:0102:A1", "USB Audio  usb:1d6b:0102:A1")
	usb.Unplug()
	await("removed", "webcam  usb:1d6b:0102:A1", "USB Audio  usb:1d6b:0102:A1")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}
