package xwindow

import (
	"errors"
	"fmt"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// ErrClosed means that somebody closed the window, or pressed q or Escape in it.
var ErrClosed = errors.New("the window was closed")

// Window is an open window. Show and Close are called by one goroutine.
type Window struct {
	conn   *xgb.Conn
	id     xproto.Window
	gc     xproto.Gcontext
	depth  byte
	delete xproto.Atom
	scaled frames.Picture // the picture as large as it is shown, in its own format

	drawing sync.Mutex // of canvas
	canvas  *canvas    // nil before the first picture

	mu            sync.Mutex
	width, height int // as the server told
	closed        bool
	ended         chan struct{} // no more events come
}

const (
	keyEscape = 0xff1b
	keyQ      = 0x71
)

// Open opens a window on the server that DISPLAY names.
func Open(title string, width, height int) (*Window, error) {
	xgb.Logger.SetOutput(discard{}) // it prints what it returns too
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("the X server that DISPLAY names does not answer: %w", err)
	}
	w := &Window{conn: conn, width: width, height: height, ended: make(chan struct{})}
	if err := w.create(title); err != nil {
		conn.Close()
		return nil, err
	}
	keys, err := w.closingKeys()
	if err != nil {
		conn.Close()
		return nil, err
	}
	go w.events(keys)
	return w, nil
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (w *Window) create(title string) error {
	setup := xproto.Setup(w.conn)
	screen := setup.DefaultScreen(w.conn)
	if w.depth = screen.RootDepth; w.depth != 24 && w.depth != 32 || setup.ImageByteOrder != xproto.ImageOrderLSBFirst {
		return fmt.Errorf("the X server's screen has %d bits a pixel: 24 in little-endian order are needed", screen.RootDepth)
	}
	var err error
	if w.id, err = xproto.NewWindowId(w.conn); err != nil {
		return err
	}
	if w.gc, err = xproto.NewGcontextId(w.conn); err != nil {
		return err
	}
	const events = xproto.EventMaskStructureNotify | xproto.EventMaskKeyPress | xproto.EventMaskExposure
	if err := xproto.CreateWindowChecked(w.conn, screen.RootDepth, w.id, screen.Root, 0, 0, uint16(w.width), uint16(w.height), 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel|xproto.CwEventMask, []uint32{screen.BlackPixel, events}).Check(); err != nil {
		return fmt.Errorf("a window of %dx%d: %w", w.width, w.height, err)
	}
	if err := xproto.CreateGCChecked(w.conn, w.gc, xproto.Drawable(w.id), 0, nil).Check(); err != nil {
		return err
	}
	protocols, err := w.atom("WM_PROTOCOLS")
	if err != nil {
		return err
	}
	if w.delete, err = w.atom("WM_DELETE_WINDOW"); err != nil {
		return err
	}
	var name [4]byte
	xgb.Put32(name[:], uint32(w.delete))
	xproto.ChangeProperty(w.conn, xproto.PropModeReplace, w.id, protocols, xproto.AtomAtom, 32, 1, name[:])
	xproto.ChangeProperty(w.conn, xproto.PropModeReplace, w.id, xproto.AtomWmName, xproto.AtomString, 8, uint32(len(title)), []byte(title))
	return xproto.MapWindowChecked(w.conn, w.id).Check()
}

func (w *Window) atom(name string) (xproto.Atom, error) {
	reply, err := xproto.InternAtom(w.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, err
	}
	return reply.Atom, nil
}

// closingKeys are the keys of this keyboard that close the window.
func (w *Window) closingKeys() (map[xproto.Keycode]bool, error) {
	setup := xproto.Setup(w.conn)
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	reply, err := xproto.GetKeyboardMapping(w.conn, setup.MinKeycode, count).Reply()
	if err != nil {
		return nil, err
	}
	keys := map[xproto.Keycode]bool{}
	for i, sym := range reply.Keysyms {
		if sym == keyEscape || sym == keyQ {
			keys[setup.MinKeycode+xproto.Keycode(i/int(reply.KeysymsPerKeycode))] = true
		}
	}
	return keys, nil
}

// events follows what happens to the window, until the connection ends.
func (w *Window) events(keys map[xproto.Keycode]bool) {
	defer close(w.ended)
	for {
		event, err := w.conn.WaitForEvent()
		if event == nil && err == nil {
			w.close()
			return
		}
		switch e := event.(type) {
		case xproto.ConfigureNotifyEvent:
			w.mu.Lock()
			w.width, w.height = max(int(e.Width), 1), max(int(e.Height), 1)
			w.mu.Unlock()
		case xproto.ExposeEvent:
			if e.Count == 0 { // the last of those that belong together
				w.again()
			}
		case xproto.KeyPressEvent:
			if keys[e.Detail] {
				w.close()
			}
		case xproto.ClientMessageEvent:
			if e.Format == 32 && xproto.Atom(e.Data.Data32[0]) == w.delete {
				w.close()
			}
		case xproto.DestroyNotifyEvent:
			w.close()
		}
	}
}

// again draws what was shown last, where something has covered it.
func (w *Window) again() {
	w.drawing.Lock()
	defer w.drawing.Unlock()
	if w.canvas != nil {
		_ = w.canvas.put(w) // the next picture tells what is wrong
	}
}

func (w *Window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
}

// size is how large the window is now.
func (w *Window) size() (width, height int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, 0, ErrClosed
	}
	return w.width, w.height, nil
}

// Show shows a picture of any format, as large as fits. It reads the picture only during
// the call.
func (w *Window) Show(p *frames.Picture) error {
	width, height, err := w.size()
	if err != nil {
		return err
	}
	w.drawing.Lock()
	defer w.drawing.Unlock()
	if w.canvas == nil || w.canvas.picture.Width != width || w.canvas.picture.Height != height {
		if err := w.resize(width, height); err != nil {
			return w.gone(err)
		}
	}
	place := inside(p.Width, p.Height, width, height)
	into := w.canvas.picture.Crop(place)
	if err := w.draw(&into, p); err != nil {
		return err
	}
	return w.gone(w.canvas.put(w))
}

// gone is ErrClosed if that is why something failed.
func (w *Window) gone(err error) error {
	if err == nil {
		return nil
	}
	if _, _, closed := w.size(); closed != nil {
		return closed
	}
	return fmt.Errorf("showing a picture: %w", err)
}

func (w *Window) resize(width, height int) error {
	if w.canvas != nil {
		w.canvas.free(w.conn)
		w.canvas = nil
	}
	c, err := newCanvas(w.conn, width, height)
	if err != nil {
		return err
	}
	w.canvas = c
	return nil
}

// draw scales and converts p into what is shown.
func (w *Window) draw(into, p *frames.Picture) error {
	if p.Width == into.Width && p.Height == into.Height {
		return pixel.Convert(into, p)
	}
	if w.scaled.Format != p.Format || w.scaled.Width != into.Width || w.scaled.Height != into.Height {
		w.scaled = frames.NewPicture(p.Format, into.Width, into.Height)
	}
	w.scaled.Color = p.Color
	if err := pixel.Scale(&w.scaled, p, pixel.Bilinear); err != nil {
		return err
	}
	return pixel.Convert(into, &w.scaled)
}

// inside is the largest place of a picture's shape in the middle of a window.
func inside(width, height, windowWidth, windowHeight int) frames.Rect {
	w, h := windowWidth, windowHeight
	if width*windowHeight > height*windowWidth {
		h = max(1, height*windowWidth/width)
	} else {
		w = max(1, width*windowHeight/height)
	}
	return frames.Rect{X: (windowWidth - w) / 2, Y: (windowHeight - h) / 2, W: w, H: h}
}

// Close closes the window.
func (w *Window) Close() error {
	w.drawing.Lock()
	if w.canvas != nil {
		w.canvas.free(w.conn)
		w.canvas = nil
	}
	w.drawing.Unlock()
	w.conn.Close()
	<-w.ended
	return nil
}
