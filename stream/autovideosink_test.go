package stream

import (
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtscreen"
)

// keeper keeps the latest picture that passes.
type keeper struct {
	eiengine.Settings[eiengine.NoProps]
	latest atomic.Pointer[frames.Picture]
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "keeper", LongName: "Keeper", Class: "Filter", Description: "Keeps the latest picture, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(anyPicture()), eiengine.SrcPad(anyPicture())},
		New:  func() eiengine.Element { return new(keeper) },
	})
}

func (k *keeper) Process(c *eiengine.Ctx, in *frames.Frame) error {
	from := in.Picture()
	kept := frames.NewPicture(from.Format, from.Width, from.Height)
	for y := range from.Height {
		copy(kept.Row(0, y), from.Row(0, y))
	}
	k.latest.Store(&kept)
	return c.Push(0, in)
}

// shows waits until a screenshot has the picture at a place, and black on its left.
func shows(t *testing.T, screen *xgb.Conn, want *frames.Picture, left, top int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	ctx := limited(t)
	for off := 1; off > 0; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d pixels of the screen are not the picture's", off)
		}
		shot := virtscreen.Shot(t, screen)
		off = 0
		for y := range want.Height {
			row, got := want.Row(0, y), shot.Row(0, top+y)[4*left:]
			for x := range want.Width {
				if [3]byte{got[4*x+2], got[4*x+1], got[4*x]} != [3]byte(row[3*x:]) {
					off++
				}
			}
			if left > 0 && [3]byte(shot.Row(0, top+y)[4*(left-1):]) != [3]byte{} {
				off++
			}
		}
	}
}

// A screenshot of the whole screen shows the pictures, also after the window was made
// wider, and q ends the pipeline.
func TestAutoVideoSinkOnAScreen(t *testing.T) {
	screen := virtscreen.Start(t)
	p := launch(t, "videotestsrc is-live=true pattern=smpte75 ! video/x-raw,format=RGB,width=320,height=240,framerate=20/1 ! keeper name=keeper ! autovideosink")
	if err := p.Play(limited(t)); err != nil {
		t.Fatal(err)
	}
	kept := func() *frames.Picture { return p.Element("keeper").(*keeper).latest.Load() }
	for limit := limited(t); kept() == nil; {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-limit.Done():
			t.Fatal("no picture comes")
		}
	}
	want := kept() // they are all the same
	shows(t, screen, want, 0, 0)

	root := xproto.Setup(screen).DefaultScreen(screen).Root
	tree, err := xproto.QueryTree(screen, root).Reply()
	if err != nil || len(tree.Children) != 1 {
		t.Fatalf("%+v, %v: want one window", tree, err)
	}
	xproto.ConfigureWindow(screen, tree.Children[0], xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowWidth, []uint32{50, 30, 640})
	shows(t, screen, want, 50+160, 30)

	press(t, screen, root)
	if err := p.Wait(limited(t)); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("it ended with %v after q was pressed", err)
	}
	if err := p.Stop(limited(t)); err != nil {
		t.Error(err)
	}
}

// press presses q on the server's keyboard, with the pointer in the window.
func press(t *testing.T, screen *xgb.Conn, root xproto.Window) {
	t.Helper()
	setup := xproto.Setup(screen)
	keys, err := xproto.GetKeyboardMapping(screen, setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode+1)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(keys.Keysyms, 'q')
	if err := xtest.Init(screen); at < 0 || err != nil {
		t.Fatalf("no key q, or no extension to press it: %v", err)
	}
	key := byte(setup.MinKeycode) + byte(at/int(keys.KeysymsPerKeycode))
	xproto.WarpPointer(screen, 0, root, 0, 0, 0, 0, 100, 100)
	for _, event := range []byte{xproto.KeyPress, xproto.KeyRelease} {
		if err := xtest.FakeInputChecked(screen, event, key, 0, root, 0, 0, 0).Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// Without a display the pictures are on a page whose address is told.
func TestAutoVideoSinkServesAPage(t *testing.T) {
	t.Setenv("DISPLAY", "")
	ctx := limited(t)
	for _, format := range []string{"I420", "RGB", "GRAY8"} {
		p := launch(t, "videotestsrc is-live=true pattern=white ! video/x-raw,width=64,height=48,framerate=50/1,format="+format+" ! autovideosink")
		said := p.Bus().Subscribe(100, bus.TypeInfo)
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		m, err := said.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		said.Close()
		_, url, ok := strings.Cut(m.Payload.(*bus.Info).Text, "http://")
		if !ok {
			t.Fatalf("no address in %q", m.Payload.(*bus.Info).Text)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+url+"picture.jpg", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := jpeg.Decode(answer.Body)
		_ = answer.Body.Close()
		if err != nil || picture.Bounds().Dx() != 64 || picture.Bounds().Dy() != 48 {
			t.Fatalf("%s: %v", format, err)
		}
		if r, g, b, _ := picture.At(30, 20).RGBA(); min(r, g, b) < 0xf000 {
			t.Errorf("%s: white is %x %x %x", format, r, g, b)
		}
		if err := p.Stop(ctx); err != nil {
			t.Error(err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// A display that does not answer is told of, and the page is there.
func TestAutoVideoSinkWithoutItsDisplay(t *testing.T) {
	t.Setenv("DISPLAY", ":98765")
	p := launch(t, "videotestsrc num-buffers=2 ! autovideosink sync=false")
	said := p.Bus().Subscribe(100, bus.TypeInfo, bus.TypeWarning)
	if err := p.Run(limited(t)); err != nil {
		t.Fatal(err)
	}
	said.Close()
	var all []string
	for m := range said.All(limited(t)) {
		switch p := m.Payload.(type) {
		case *bus.Info:
			all = append(all, p.Text)
		case *bus.Warning:
			all = append(all, p.Text)
		}
	}
	if text := strings.Join(all, "\n"); !strings.Contains(text, "DISPLAY") || !strings.Contains(text, "http://127.0.0.1:") {
		t.Errorf("it said %q", text)
	}
}

// What is no picture is an error, not a blank page.
func TestAutoVideoSinkTakesPicturesOnly(t *testing.T) {
	t.Setenv("DISPLAY", "")
	err := launch(t, "fakesrc num-buffers=2 ! autovideosink").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "decodebin") {
		t.Errorf("%v: want an error that names decodebin", err)
	}
}

// What no screen shows does not come to one.
func TestAutoVideoSinkFilters(t *testing.T) {
	t.Setenv("DISPLAY", "")
	e := eiengine.New(eiengine.Options{})
	defer e.Close()
	_, err := e.Launch(`videotestsrc ! video/x-raw,format=RGB ! autovideosink filter-caps="video/x-raw,format=I420"`)
	if err == nil {
		t.Error("RGB came to a sink that was told to take I420")
	}
}
