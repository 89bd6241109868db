package v4l2

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/guest"
)

// webcam opens the USB camera and starts it.
func webcam(t testing.TB, path string, o Options) *Camera {
	t.Helper()
	c := open(t, path)
	set(t, c, Request{FourCC: MJPEG, Width: 320, Height: 240, FPS: qvga})
	start(t, c, o)
	return c
}

func TestGuestMJPEG(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	c := webcam(t, usb.Node(), Options{})
	defer c.Stop()
	var all [60]Frame
	for i := range all {
		f := next(t, c)
		all[i] = f
		if i%10 == 0 {
			picture, err := jpeg.Decode(bytes.NewReader(f.Memory.Bytes()[:f.Size]))
			if err != nil || picture.Bounds().Dx() != 320 {
				t.Errorf("picture %d of %d bytes: %v", i, f.Size, err)
			}
		}
		f.Memory.Release()
	}
	rate := rate(all[:])
	t.Logf("%.2f pictures a second, %+v", rate, c.Stats())
	if !(rate > 0 && rate < 33) { // a busy machine gives fewer than 30
		t.Errorf("%.2f pictures a second of a camera that gives 30", rate)
	}
}

// TestGuestStall stops the pictures, and lets them go on.
func TestGuestStall(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	c := webcam(t, usb.Node(), Options{})
	next(t, c).Memory.Release()
	c.Stop()

	start(t, c, Options{Stall: 700 * time.Millisecond})
	defer c.Stop()
	usb.Stall()
	for range 2 { // and the next call waits again
		if err := untilError(t, c); !errors.Is(err, ErrStalled) {
			t.Fatalf("%v is not ErrStalled", err)
		}
	}
	usb.Stall()
	for ctx := guest.Context(t); ; {
		f, err := c.Next(ctx)
		if errors.Is(err, ErrStalled) {
			continue // slow, not dead
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Memory.Release()
		return
	}
}

// TestGuestUnplug pulls the camera out while it captures, and plugs it in again: its
// identity is the same.
func TestGuestUnplug(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	c := webcam(t, usb.Node(), Options{})
	held := next(t, c)
	usb.Unplug()
	if err := untilError(t, c); !errors.Is(err, ErrGone) {
		t.Fatalf("%v is not ErrGone", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if len(held.Memory.Bytes()) == 0 || held.Memory.Bytes()[0] != 0xff {
		t.Error("the frame that is held has changed")
	}

	usb.Replug()
	path, err := Find(c.Info().ID, c.Info().Port)
	for ctx := guest.Context(t); err != nil && ctx.Err() == nil; {
		path, err = Find(c.Info().ID, c.Info().Port)
	}
	if err != nil {
		t.Fatal(err)
	}
	again := webcam(t, path, Options{})
	next(t, again).Memory.Release()
	again.Stop()
	held.Memory.Release()
}

// TestGuestWatch sees a camera come and go.
func TestGuestWatch(t *testing.T) {
	guest.Need(t)
	ctx, stop := context.WithCancel(guest.Context(t))
	seen := make(chan Change)
	go func() {
		defer close(seen)
		for change, err := range Watch(ctx) {
			if err != nil {
				t.Error(err)
			}
			seen <- change
		}
	}()
	await := func(id string, gone bool) {
		for change := range seen {
			t.Logf("%+v", change)
			if change.ID == id && change.Gone == gone {
				return
			}
		}
		t.Fatalf("%s was not seen, gone %v", id, gone)
	}
	await("platform:vivid.0:vivid-001-vid-cap", false)
	usb := guest.PlugIn(t, "-serial", "0002")
	await("usb:1d6b:0102:0002", false)
	usb.Unplug()
	await("usb:1d6b:0102:0002", true)
	stop()
	for range seen { // to the end
	}
}

// TestGuestTwins: two cameras of one serial number are told apart by their ports.
func TestGuestTwins(t *testing.T) {
	guest.Need(t)
	guest.PlugIn(t, "-port", "0")
	guest.PlugIn(t, "-port", "1")
	const id = "usb:1d6b:0102:0001"
	found := map[string]string{}
	for ctx := guest.Context(t); len(found) < 2 && ctx.Err() == nil; {
		all, _ := Cameras() // some may be on their way
		for _, c := range all {
			if c.ID == id {
				found[c.Port] = c.Path
			}
		}
	}
	t.Log(found)
	if len(found) != 2 {
		t.Fatalf("found %v, want two", found)
	}
	for port, want := range found {
		if path, err := Find(id, port); err != nil || path != want {
			t.Errorf("port %s: %s, %v; want %s", port, path, err, want)
		}
	}
	if _, err := Find(id, "elsewhere"); !errors.Is(err, ErrNotFound) {
		t.Errorf("at another port: %v", err)
	}
}
