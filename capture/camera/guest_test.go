package camera

import (
	"errors"
	"image"
	"image/color"
	"testing"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/internal/guest"
)

// TestGuestImages takes images of the kernel's own cameras, in every encoding that is
// read, and looks at the colours of the bars that they show.
func TestGuestImages(t *testing.T) {
	guest.Need(t)
	for n := range 2 {
		path := guest.Vivid(t, n)
		d, err := v4l2.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		formats, err := d.Formats()
		d.Close()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[v4l2.FourCC]bool{}
		for _, f := range formats {
			if _, ok := Cost(f.FourCC); ok && !seen[f.FourCC] {
				seen[f.FourCC] = true
				lookAt(t, path, f.FourCC)
			}
		}
		if len(seen) < 2 {
			t.Errorf("%s gives only %v", path, seen)
		}
	}
}

func lookAt(t *testing.T, path string, code v4l2.FourCC) {
	t.Helper()
	c, err := Open(Options{Device: path, Width: 320, Height: 180, FourCC: code, Stall: guest.Patience})
	if err != nil {
		t.Errorf("%s: %v", code, err)
		return
	}
	defer c.Close()
	for f, err := range c.Frames(guest.Context(t)) {
		if err != nil {
			t.Errorf("%s: %v", code, err)
			return
		}
		if m, err := f.Image(); err != nil {
			t.Errorf("%s: %v", code, err)
		} else if wrong := differs(m); m.Bounds() != image.Rect(0, 0, 320, 180) || wrong > 20 {
			t.Errorf("%s as %T of %v: the bars are off by %d", code, m, m.Bounds(), wrong)
		}
		f.Release()
		break
	}
	if s := c.Stats(); s.Held != 0 || s.Lent == 0 || s.Copied != 0 {
		t.Errorf("%s: %+v", code, s)
	}
}

// bars are what the cameras show: colours of three quarters, white first and black last.
var bars = [8]color.RGBA{
	{191, 191, 191, 255}, {191, 191, 0, 255}, {0, 191, 191, 255}, {0, 191, 0, 255},
	{191, 0, 191, 255}, {191, 0, 0, 255}, {0, 0, 191, 255}, {0, 0, 0, 255},
}

// differs is how far the colours of the bars are off, below the text that is written over them.
func differs(m image.Image) (worst int) {
	for i, want := range bars {
		got := color.RGBAModel.Convert(m.At(320/8*i+20, 170)).(color.RGBA)
		if _, gray := m.(*image.Gray); gray && i > 0 && i < len(bars)-1 {
			continue
		}
		for _, d := range []int{int(want.R) - int(got.R), int(want.G) - int(got.G), int(want.B) - int(got.B), int(want.A) - int(got.A)} {
			worst = max(worst, d, -d)
		}
	}
	return worst
}

// TestGuestFrames ranges over many frames and holds some: none is lost, none leaks.
func TestGuestFrames(t *testing.T) {
	guest.Need(t)
	guest.Vivid(t, 0)
	c, err := Open(Options{Device: "VIVID", Width: 320, Height: 180, Stall: guest.Patience}) // by a part of its name
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var held, last *Frame
	for f, err := range c.Frames(guest.Context(t)) {
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && !f.Time.After(last.Time) {
			t.Errorf("picture %d of %v came after %d of %v", f.Sequence, f.Time, last.Sequence, last.Time)
		}
		if last != nil && last != held {
			last.Release()
		}
		if last = f; held == nil {
			held = f
		}
		if f.Sequence > 60 {
			break
		}
	}
	first := held.Sequence
	if s := c.Stats(); s.Held != 2 {
		t.Errorf("two frames are held: %+v", s)
	}
	last.Release()
	c.Close()
	if held.Sequence != first || len(held.Bytes()) == 0 {
		t.Error("a frame that is held does not outlive its camera")
	}
	held.Release()
	if s := c.Stats(); s.Held != 0 || s.Copied != 0 {
		t.Errorf("%+v", s)
	}
}

// TestGuestUnplugDuringRange pulls a USB camera out while pictures are taken, and plugs it
// in again: the loop goes on.
func TestGuestUnplugDuringRange(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	c, err := Open(Options{Device: usb.Node(), Width: 320, Height: 240, FourCC: v4l2.MJPEG, Stall: guest.Patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	id, pictures, gone := c.Info().ID, 0, 0
	for f, err := range c.Frames(guest.Context(t)) {
		if errors.Is(err, v4l2.ErrGone) && gone == 0 {
			gone++
			usb.Replug()
			continue
		}
		if err != nil {
			t.Log(err) // not ready yet
			continue
		}
		m, err := f.Image()
		if err != nil || m.Bounds() != image.Rect(0, 0, 320, 240) {
			t.Errorf("picture %d: %v", pictures, err)
		}
		resumed := f.Resumed
		f.Release()
		if pictures++; pictures == 3 {
			usb.Unplug()
		}
		if resumed && gone > 0 {
			break
		}
	}
	if gone != 1 || c.Info().ID != id {
		t.Errorf("told %d times, it was %s and is %s", gone, id, c.Info().ID)
	}
}

func TestGuestWrongNames(t *testing.T) {
	guest.Need(t)
	for _, o := range []Options{{Device: "/dev/video99"}, {Device: "no such camera"}, {Device: "/dev/null"}} {
		c, err := Open(o)
		if err == nil {
			c.Close()
			t.Errorf("%s was opened", o.Device)
			continue
		}
		t.Log(err)
	}
}
