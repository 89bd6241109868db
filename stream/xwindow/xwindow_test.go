package xwindow

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtscreen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bars is a picture whose left half is of one color and whose right half of another.
func bars(f frames.PixelFormat, width, height int, left, right [3]byte) *frames.Picture {
	p := frames.NewPicture(f, width, height)
	for y := range height {
		row := p.Row(0, y)
		for x := range width {
			c := left
			if x >= width/2 {
				c = right
			}
			copy(row[3*x:], c[:])
		}
	}
	return &p
}

var red, blue = [3]byte{255, 0, 0}, [3]byte{0, 0, 255}

// shown is the color of a pixel of the window, once it is that or patience ends.
func expect(t *testing.T, conn *xgb.Conn, w *Window, x, y int, want [3]byte) {
	t.Helper()
	var got [3]byte
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		image, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.id), int16(x), int16(y), 1, 1, 0xffffffff).Reply()
		if err != nil {
			t.Fatal(err)
		}
		if got = [3]byte{image.Data[2], image.Data[1], image.Data[0]}; got == want {
			return
		}
	}
	t.Errorf("pixel %d,%d is %v, want %v", x, y, got, want)
}

func open(t *testing.T, width, height int) *Window {
	t.Helper()
	w, err := Open("test", width, height)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func TestWindowShowsPictures(t *testing.T) {
	conn := virtscreen.Start(t)
	w := open(t, 320, 240)
	if err := w.Show(bars(frames.RGB, 320, 240, red, blue)); err != nil {
		t.Fatal(err)
	}
	if w.canvas.shared == nil {
		t.Error("pictures are sent, not shared, to a server on this machine")
	}
	expect(t, conn, w, 10, 10, red)
	expect(t, conn, w, 310, 230, blue)
	if err := w.Show(bars(frames.RGB, 320, 240, blue, red)); err != nil {
		t.Fatal(err)
	}
	expect(t, conn, w, 10, 10, blue)

	w.canvas.free(w.conn) // as of a server elsewhere
	w.canvas.picture = frames.NewPicture(frames.BGRx, 320, 240)
	if err := w.Show(bars(frames.RGB, 320, 240, red, blue)); err != nil {
		t.Fatal(err)
	}
	expect(t, conn, w, 10, 10, red)
	expect(t, conn, w, 310, 230, blue)
}

// What something has covered is drawn again, also if no further picture comes.
func TestWindowIsUncovered(t *testing.T) {
	conn := virtscreen.Start(t)
	w := open(t, 320, 240)
	if err := w.Show(bars(frames.RGB, 320, 240, red, blue)); err != nil {
		t.Fatal(err)
	}
	expect(t, conn, w, 10, 10, red)
	if err := xproto.ClearAreaChecked(conn, true, w.id, 0, 0, 0, 0).Check(); err != nil {
		t.Fatal(err)
	}
	expect(t, conn, w, 10, 10, red)
	expect(t, conn, w, 310, 230, blue)
}

// A window that is made larger shows larger pictures, of the same shape, with borders.
func TestWindowIsResized(t *testing.T) {
	conn := virtscreen.Start(t)
	w := open(t, 320, 240)
	xproto.ConfigureWindow(conn, w.id, xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{640, 240})
	for deadline := time.Now().Add(20 * time.Second); ; {
		if width, _, err := w.size(); err != nil || time.Now().After(deadline) {
			t.Fatalf("the window stays as it is: %v", err)
		} else if width == 640 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := w.Show(bars(frames.RGB, 320, 240, red, blue)); err != nil {
		t.Fatal(err)
	}
	expect(t, conn, w, 10, 120, [3]byte{})
	expect(t, conn, w, 200, 120, red)
	expect(t, conn, w, 440, 120, blue)
	expect(t, conn, w, 630, 120, [3]byte{})
}

// A window ends when its manager says so, when q is pressed, and when the server ends.
func TestWindowIsClosed(t *testing.T) {
	conn := virtscreen.Start(t)
	until := func(w *Window, what string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			if err := w.Show(bars(frames.RGB, 32, 24, red, blue)); errors.Is(err, ErrClosed) {
				return
			}
		}
		t.Errorf("%s does not close it", what)
	}
	w := open(t, 32, 24)
	message := xproto.ClientMessageEvent{Format: 32, Window: w.id, Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(w.delete), 0, 0, 0, 0})}
	xproto.SendEvent(conn, false, w.id, 0, string(message.Bytes()))
	until(w, "the window manager")

	w = open(t, 32, 24)
	keys, err := w.closingKeys()
	if err != nil || len(keys) < 2 {
		t.Fatalf("%v, %v", keys, err)
	}
	for key := range keys {
		press := xproto.KeyPressEvent{Detail: key, Root: xproto.Setup(conn).DefaultScreen(conn).Root, Event: w.id, SameScreen: true}
		xproto.SendEvent(conn, false, w.id, xproto.EventMaskKeyPress, string(press.Bytes()))
		break
	}
	until(w, "a key")
}

func TestOpenWithoutServer(t *testing.T) {
	t.Setenv("DISPLAY", ":98765")
	if _, err := Open("x", 10, 10); err == nil || !strings.Contains(err.Error(), "DISPLAY") {
		t.Errorf("%v: want an error that names DISPLAY", err)
	}
}

func TestInside(t *testing.T) {
	for _, c := range []struct {
		w, h, ww, wh int
		want         frames.Rect
	}{
		{320, 240, 640, 480, frames.Rect{W: 640, H: 480}},
		{320, 240, 640, 240, frames.Rect{X: 160, W: 320, H: 240}},
		{320, 240, 320, 480, frames.Rect{Y: 120, W: 320, H: 240}},
		{1000, 1, 10, 10, frames.Rect{Y: 4, W: 10, H: 1}},
	} {
		if got := inside(c.w, c.h, c.ww, c.wh); got != c.want {
			t.Errorf("%dx%d in %dx%d: %v, want %v", c.w, c.h, c.ww, c.wh, got, c.want)
		}
	}
}
