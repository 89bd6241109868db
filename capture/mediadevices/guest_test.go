package mediadevices

import (
	"context"
	"errors"
	"image"
	"io"
	"strings"
	"testing"

	pion "github.com/pion/mediadevices"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/driver/availability"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/internal/guest"
)

// TestGuestGetUserMedia is a program of the usual kind, with the kernel's own cameras.
func TestGuestGetUserMedia(t *testing.T) {
	guest.Need(t)
	guest.Vivid(t, 1)
	if err := RegisterCameras(); err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, d := range pion.EnumerateDevices() {
		if d.Kind == pion.VideoInput {
			labels = append(labels, d.Label)
		}
	}
	t.Log(labels)
	for _, want := range []string{"platform:vivid.0:vivid-000-vid-cap;video", "platform:vivid.0:vivid-001-vid-cap;video"} {
		if strings.Contains(strings.Join(labels, " "), want) {
			continue
		}
		t.Errorf("cameras are %v, without %s", labels, want)
	}
	for _, test := range []struct {
		format frame.Format
		rgba   bool
	}{{frame.FormatYUYV, false}, {frame.FormatNV12, false}, {"RGB3", true}, {"", false}} {
		stream, err := pion.GetUserMedia(pion.MediaStreamConstraints{Video: func(c *pion.MediaTrackConstraints) {
			c.Width, c.Height = prop.Int(320), prop.Int(180)
			c.FrameRate = prop.Float(30)
			if test.format != "" {
				c.FrameFormat = prop.FrameFormatExact(test.format)
			}
		}})
		if err != nil {
			t.Errorf("%s: %v", test.format, err)
			continue
		}
		track := stream.GetVideoTracks()[0].(*pion.VideoTrack)
		reader := track.NewReader(false)
		for range 5 {
			m, release, err := reader.Read()
			if err != nil {
				t.Fatal(err)
			}
			_, rgba := m.(*image.RGBA)
			r, g, b, _ := m.At(20, 170).RGBA()
			if m.Bounds() != image.Rect(0, 0, 320, 180) || rgba != test.rgba || r>>8 < 180 || g>>8 < 180 || b>>8 < 180 || r>>8 > 200 {
				t.Errorf("%s: a %T of %v, its first bar is %d %d %d", test.format, m, m.Bounds(), r>>8, g>>8, b>>8)
			}
			release()
		}
		if err := track.Close(); err != nil {
			t.Error(err)
		}
		if _, _, err := reader.Read(); !errors.Is(err, io.EOF) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// TestGuestPicturesAreUsedAgain: nothing is lent twice, and nothing leaks.
func TestGuestPicturesAreUsedAgain(t *testing.T) {
	guest.Need(t)
	d, err := v4l2.Open(guest.Vivid(t, 0))
	if err != nil {
		t.Fatal(err)
	}
	a := &cameraAdapter{info: d.Info()}
	d.Close()
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	if ok, err := a.IsAvailable(); !ok || err != nil {
		t.Errorf("not available: %v", err)
	}
	r, err := a.VideoRecord(prop.Media{Video: prop.Video{Width: 320, Height: 180}})
	if err != nil {
		t.Fatal(err)
	}
	read := func() (image.Image, func()) {
		m, release, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		return m, release
	}
	first, release := read()
	held, _ := read()
	if ok, err := a.IsAvailable(); ok || !errors.Is(err, availability.ErrBusy) {
		t.Errorf("while it records: available %v, %v", ok, err)
	}
	if first == held {
		t.Error("what is held is lent again")
	}
	release()
	release()
	if again, _ := read(); again != first {
		t.Error("what was released is not used again")
	}
	for range 20 {
		_, release := read()
		release()
	}
	c := r.(*videoReader).camera
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if s := c.Stats(); s.Held != 0 || s.Copied != 0 || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
}

// TestGuestFollow sees a camera come and go.
func TestGuestFollow(t *testing.T) {
	guest.Need(t)
	ctx, stop := context.WithCancel(guest.Context(t))
	ended := make(chan error)
	go func() { ended <- Follow(ctx) }()
	const label = "usb:1d6b:0102:0001;"
	listed := func() bool {
		return len(driver.GetManager().Query(func(d driver.Driver) bool { return strings.HasPrefix(d.Info().Label, label) })) > 0
	}
	usb := guest.PlugIn(t)
	await := func(want bool) {
		t.Helper()
		for listed() != want {
			if guest.Pause(ctx) != nil {
				t.Fatalf("in the list: %v, want %v", listed(), want)
			}
		}
	}
	await(true)

	stream, err := pion.GetUserMedia(pion.MediaStreamConstraints{Video: func(c *pion.MediaTrackConstraints) {
		c.FrameFormat = prop.FrameFormatExact(frame.FormatMJPEG)
	}})
	if err != nil {
		t.Fatal(err)
	}
	track := stream.GetVideoTracks()[0].(*pion.VideoTrack)
	told := make(chan error, 1)
	track.OnEnded(func(err error) { told <- err })
	reader := track.NewReader(false)
	if m, _, err := reader.Read(); err != nil || m.Bounds().Dx() != 640 {
		t.Fatalf("a picture: %v", err)
	}
	usb.Unplug()
	for err == nil {
		_, _, err = reader.Read()
	}
	if !errors.Is(err, v4l2.ErrGone) || !errors.Is(<-told, v4l2.ErrGone) {
		t.Errorf("unplugged: %v", err)
	}
	if err := track.Close(); err != nil {
		t.Error(err)
	}
	await(false)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
