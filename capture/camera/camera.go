package camera

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

const (
	// firstPicture is how long a camera may take to give its first.
	firstPicture = 5 * time.Second
	// restartAfter is how many stalls in a row it takes to start the camera anew.
	restartAfter = 5
	// firstPause and longestPause bound the time between attempts to get a camera back.
	firstPause, longestPause = 100 * time.Millisecond, time.Second
	// copies bounds the bytes of pictures that were copied, since all buffers were held.
	copies = 128 << 20
)

// Camera is an open camera. Next and Frames are for one goroutine at a time; every other
// method may be called by any.
type Camera struct {
	options Options
	driver  driver
	closed  chan struct{}
	pool    *frames.Pool
	account *frames.Account

	// what Next remembers, for it alone
	running bool
	fresh   bool // has given no picture since it runs
	resumed bool
	stalls  int    // in a row
	why     string // the last failure to come back that was told

	mu       sync.Mutex
	device   device // nil while there is none
	info     v4l2.CameraInfo
	request  v4l2.Request
	format   v4l2.Format
	clock    time.Time // at which v4l2.Now was since
	since    time.Duration
	controls []setting
	before   v4l2.Stats // of devices that were lost
	idle     []*Frame
	held     int
	isClosed bool
}

// setting is a control that was set, and is again when the camera is back.
type setting struct{ name, value string }

// device is an open node: *v4l2.Camera.
type device interface {
	Info() v4l2.CameraInfo
	Formats() ([]v4l2.PixelFormat, error)
	SetFormat(v4l2.Request) (v4l2.Format, error)
	Set(control, value string) error
	FindControl(name string) (v4l2.Control, error)
	Value(c *v4l2.Control) (string, error)
	Start(v4l2.Options) error
	SetStall(time.Duration)
	Next(context.Context) (v4l2.Frame, error)
	Stop()
	Stats() v4l2.Stats
	Close() error
}

// driver finds and opens nodes.
type driver struct {
	open func(path string) (device, error)
	find func(id, port string) (path string, err error)
}

var kernel = driver{
	open: func(path string) (device, error) {
		d, err := v4l2.Open(path)
		if err != nil {
			return nil, err
		}
		return d, nil
	},
	find: v4l2.Find,
}

// Open opens a camera and sets what is nearest to the wishes. It must be closed. The error
// says which cameras there are, or what this one gives.
func Open(o Options) (*Camera, error) {
	path, err := find(o.Device)
	if err != nil {
		return nil, err
	}
	return open(kernel, path, o)
}

func open(k driver, path string, o Options) (*Camera, error) {
	d, err := k.open(path)
	if err != nil {
		return nil, err
	}
	formats, err := d.Formats()
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	o = o.filled()
	request, err := choose(formats, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), d.Close())
	}
	c := &Camera{options: o, driver: k, closed: make(chan struct{}), pool: frames.NewPool(copies), request: request, fresh: true}
	c.account = c.pool.Account("camera")
	if err := c.adopt(d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return c, nil
}

// adopt sets an open device to what was chosen, and takes it over.
func (c *Camera) adopt(d device) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed {
		return ErrClosed
	}
	set, err := d.SetFormat(c.request)
	switch {
	case err != nil:
		return err
	case set.FourCC != c.request.FourCC:
		return fmt.Errorf("%s gives %s where %s was asked for", d.Info().Path, set.FourCC, c.request.FourCC)
	case set.Fields:
		return fmt.Errorf("%s gives the lines of half a picture at a time, which is not supported", d.Info().Path)
	}
	for _, s := range c.controls {
		if err := d.Set(s.name, s.value); err != nil {
			return err
		}
	}
	c.device, c.info, c.format = d, d.Info(), set
	c.clock, c.since = time.Now(), v4l2.Now()
	c.running = false
	return nil
}

// Info says which camera this is. Its path changes if it is plugged in elsewhere.
func (c *Camera) Info() v4l2.CameraInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.info
}

// Format is what the camera gives: encoding, size, rate and colours.
func (c *Camera) Format() v4l2.Format {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.format
}

// Stats counts what has become of pictures since Open. Held is how many frames have not been
// released.
func (c *Camera) Stats() v4l2.Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.before
	if c.device != nil {
		s.Add(c.device.Stats())
	}
	s.Held = c.held
	return s
}

// Set sets a control by its name, such as "brightness"; it is set again whenever the camera
// comes back. The error names those that there are, or the range.
func (c *Camera) Set(name, value string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := setting{name, value}
	if c.device == nil {
		return fmt.Errorf("setting %s: %w", name, c.absent())
	}
	if err := c.device.Set(name, value); err != nil {
		return err
	}
	for i := range c.controls {
		if c.controls[i].name == name {
			c.controls[i] = s
			return nil
		}
	}
	c.controls = append(c.controls, s)
	return nil
}

// Get reads a control by its name.
func (c *Camera) Get(name string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.device == nil {
		return "", fmt.Errorf("reading %s: %w", name, c.absent())
	}
	control, err := c.device.FindControl(name)
	if err != nil {
		return "", err
	}
	return c.device.Value(&control)
}

// absent says why there is no device; c.mu is held.
func (c *Camera) absent() error {
	if c.isClosed {
		return ErrClosed
	}
	return v4l2.ErrGone
}

// Close ends capturing. Loops over Frames end, and a Next under way with ErrClosed. Frames
// that are held stay valid until they are released. A second call does nothing.
func (c *Camera) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed {
		return nil
	}
	c.isClosed = true
	close(c.closed)
	c.idle = nil
	c.account.Close()
	c.pool.Close()
	return c.forget()
}

// forget closes the device and keeps its counts; c.mu is held.
func (c *Camera) forget() error {
	d := c.device
	if d == nil {
		return nil
	}
	c.device = nil
	d.Stop()
	c.before.Add(d.Stats())
	return d.Close()
}

// Frames are the pictures of the camera from now on, and its faults, each told once: stay in
// the loop to wait until it goes on, leave it otherwise. The frames are the caller's to release.
// It ends with ctx and with Close, of which no error is told.
func (c *Camera) Frames(ctx context.Context) iter.Seq2[*Frame, error] {
	return func(yield func(*Frame, error) bool) {
		for {
			f, err := c.Next(ctx)
			if errors.Is(err, ErrClosed) || err != nil && ctx.Err() != nil || !yield(f, err) {
				return
			}
		}
	}
}
