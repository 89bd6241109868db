package camera

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a camera whose cable the test holds.
type fake struct {
	t       *testing.T
	formats []v4l2.PixelFormat
	picture []byte
	busy    error // what Start says

	mu      sync.Mutex
	plugged bool
	opened  int
	lent    int
	set     []string // controls
}

// socket is one opening of it.
type socket struct {
	*fake
	format v4l2.Format
	number uint32
	faults chan error // given by Next in place of pictures
	ended  chan struct{}
	once   sync.Once
	begun  time.Duration
}

func (f *fake) driver(s **socket) driver {
	return driver{
		open: func(path string) (device, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			if !f.plugged {
				return nil, v4l2.ErrGone
			}
			f.opened++
			*s = &socket{fake: f, faults: make(chan error, 10), ended: make(chan struct{}), begun: v4l2.Now() - 5*time.Second}
			return *s, nil
		},
		find: func(id, port string) (string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			if id != "usb:1:2:3" || !f.plugged {
				return "", v4l2.ErrNotFound
			}
			return "/dev/video7", nil
		},
	}
}

func (s *socket) Info() v4l2.CameraInfo {
	return v4l2.CameraInfo{Path: "/dev/video0", ID: "usb:1:2:3"}
}
func (s *socket) Formats() ([]v4l2.PixelFormat, error) { return s.formats, nil }
func (s *socket) SetFormat(r v4l2.Request) (v4l2.Format, error) {
	stride := r.Width
	if r.FourCC == v4l2.YUYV {
		stride *= 2
	}
	s.format = v4l2.Format{FourCC: r.FourCC, Width: r.Width, Height: r.Height, FPS: r.FPS, Planes: []v4l2.Plane{{Stride: stride, Size: len(s.picture)}}}
	return s.format, nil
}
func (s *socket) FindControl(name string) (v4l2.Control, error) {
	if name != "gain" {
		return v4l2.Control{}, errors.New("there is gain")
	}
	return v4l2.Control{Name: name}, nil
}
func (s *socket) Set(name, value string) error {
	if _, err := s.FindControl(name); err != nil {
		return err
	}
	s.set = append(s.set, name+"="+value)
	return nil
}
func (s *socket) Value(*v4l2.Control) (string, error) { return "7", nil }
func (s *socket) Start(v4l2.Options) error            { return s.busy }
func (s *socket) SetStall(time.Duration)              {}
func (s *socket) Stop()                               {}
func (s *socket) Stats() v4l2.Stats                   { return v4l2.Stats{Lent: uint64(s.number)} }
func (s *socket) Close() error {
	s.once.Do(func() { close(s.ended) })
	return nil
}

func (s *socket) Next(ctx context.Context) (v4l2.Frame, error) {
	select {
	case <-s.ended:
		return v4l2.Frame{}, v4l2.ErrStopped
	case <-ctx.Done():
		return v4l2.Frame{}, ctx.Err()
	case err := <-s.faults:
		if err == nil { // hang
			select {
			case <-s.ended:
				return v4l2.Frame{}, v4l2.ErrStopped
			case <-ctx.Done():
				return v4l2.Frame{}, ctx.Err()
			}
		}
		return v4l2.Frame{}, err
	default:
	}
	s.mu.Lock()
	s.lent++
	s.mu.Unlock()
	s.number++
	memory := frames.WrapMemory(s.picture, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lent--
	})
	return v4l2.Frame{Memory: memory, Size: len(s.picture), Sequence: s.number, Time: s.begun + time.Duration(s.number)*time.Second}, nil
}

func single(n int) v4l2.Span { return v4l2.Span{Min: n, Max: n, Step: 1} }

func rates(fps ...int) (all []v4l2.Rate) {
	for _, n := range fps {
		r := frames.Fraction{Num: n, Den: 1}
		all = append(all, v4l2.Rate{Min: r, Max: r})
	}
	return all
}

func size(w, h int, fps ...int) v4l2.Size {
	return v4l2.Size{Width: single(w), Height: single(h), Rates: rates(fps...)}
}

// yuyv is a camera of 64x48 pictures, in limited range, of which the left half is black.
func yuyv(t *testing.T) *fake {
	p := bytes.Repeat([]byte{16, 128, 16, 128}, 64*48/2)
	for i := 32 * 2; i < len(p); i += 64 * 2 {
		copy(p[i:i+64], bytes.Repeat([]byte{235, 128}, 32))
	}
	return &fake{t: t, plugged: true, picture: p, formats: []v4l2.PixelFormat{{FourCC: v4l2.YUYV, Sizes: []v4l2.Size{size(64, 48, 30)}}}}
}

func openFake(t *testing.T, f *fake, o Options) (*Camera, **socket) {
	t.Helper()
	s := new(*socket)
	c, err := open(f.driver(s), "/dev/video0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if f.lent != 0 || c.Stats().Held != 0 {
			t.Errorf("%d pictures are not back with the driver, %d frames held", f.lent, c.Stats().Held)
		}
	})
	return c, s
}

func next(t *testing.T, c *Camera) *Frame {
	t.Helper()
	f, err := c.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFramesAreImagesWithTimes(t *testing.T) {
	c, _ := openFake(t, yuyv(t), Options{})
	var times []time.Time
	for f, err := range c.Frames(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Image()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := m.(*image.YCbCr); !ok || m.Bounds() != image.Rect(0, 0, 64, 48) {
			t.Errorf("the image is a %T of %v", m, m.Bounds())
		}
		left, _, _, _ := m.At(3, 20).RGBA()
		right, _, _, _ := m.At(60, 20).RGBA()
		if left != 0 || right != 0xffff { // limited range has become full
			t.Errorf("black is %#x and white %#x", left, right)
		}
		times = append(times, f.Time)
		f.Release()
		if len(times) == 3 {
			break
		}
	}
	if times[2].Sub(times[0]) != 2*time.Second {
		t.Errorf("times are %v", times)
	}
	if s := c.Stats(); s.Lent != 3 || s.Held != 0 {
		t.Errorf("counted %+v", s)
	}
}

func TestHeldFramesStayThemselves(t *testing.T) {
	c, s := openFake(t, yuyv(t), Options{})
	a, b := next(t, c), next(t, c)
	imageA, _ := a.Image()
	b.Image()
	if c.Stats().Held != 2 || a.Sequence == b.Sequence {
		t.Errorf("%+v, numbers %d and %d", c.Stats(), a.Sequence, b.Sequence)
	}
	b.Release()
	if white, _, _, _ := imageA.At(60, 0).RGBA(); white != 0xffff {
		t.Error("the image of a frame that is held has changed")
	}
	(*s).faults <- v4l2.ErrGone
	c.Next(t.Context())
	c.Close()
	if len(a.Bytes()) != 64*48*2 {
		t.Error("a frame that is held does not outlive its camera")
	}
	a.Release()
	defer func() {
		if recover() == nil {
			t.Error("a second release went unnoticed")
		}
	}()
	a.Release()
}

func TestUnplugDuringRange(t *testing.T) {
	f := yuyv(t)
	c, s := openFake(t, f, Options{})
	if err := c.Set("gain", "3"); err != nil {
		t.Fatal(err)
	}
	var told []error
	pictures := 0
	for frame, err := range c.Frames(t.Context()) {
		if err != nil {
			told = append(told, err)
			f.mu.Lock()
			f.plugged = len(told) > 0 // plugged in again once it was told
			f.mu.Unlock()
			continue
		}
		pictures++
		resumed := frame.Resumed
		frame.Release()
		if pictures == 2 {
			f.mu.Lock()
			f.plugged = false
			f.mu.Unlock()
			(*s).faults <- v4l2.ErrGone
		}
		if resumed != (pictures == 3) {
			t.Errorf("picture %d is told as resumed: %v", pictures, resumed)
		}
		if resumed {
			break
		}
	}
	if len(told) != 1 || !errors.Is(told[0], v4l2.ErrGone) {
		t.Errorf("told %v", told)
	}
	if f.opened != 2 || strings.Join(f.set, " ") != "gain=3 gain=3" {
		t.Errorf("opened %d times, controls set: %v", f.opened, f.set)
	}
	if s := c.Stats(); s.Lent != 3 {
		t.Errorf("the counts of before are gone: %+v", s)
	}
}

// TestInUse: another program has the camera. That is told once; then Next waits.
func TestInUse(t *testing.T) {
	f := yuyv(t)
	f.busy = errors.New("in use")
	c, _ := openFake(t, f, Options{})
	told := 0
	for range 2 { // by the first start, and by the first attempt after
		if _, err := c.Next(t.Context()); err == nil || !strings.Contains(err.Error(), "in use") {
			t.Fatalf("told %v", err)
		}
		told++
	}
	ctx, cancel := context.WithCancel(t.Context())
	stop := time.AfterFunc(10*time.Millisecond, cancel)
	defer stop.Stop()
	if _, err := c.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("after %d: %v, want to wait until the context ends", told, err)
	}
}

func TestStallIsToldAndWaited(t *testing.T) {
	c, s := openFake(t, yuyv(t), Options{})
	next(t, c).Release()
	for range restartAfter {
		(*s).faults <- v4l2.ErrStalled
		if _, err := c.Next(t.Context()); !errors.Is(err, v4l2.ErrStalled) {
			t.Fatalf("%v is not ErrStalled", err)
		}
	}
	f := next(t, c)
	if !f.Resumed {
		t.Error("the camera was started anew, and nobody is told")
	}
	f.Release()
}

func TestWaitingEnds(t *testing.T) {
	for name, lost := range map[string]bool{"for a picture": false, "for the camera": true} {
		for _, closes := range []bool{false, true} {
			f := yuyv(t)
			c, s := openFake(t, f, Options{})
			(*s).faults <- nil // a picture that never comes
			if lost {
				f.plugged = false
				<-(*s).faults
				(*s).faults <- v4l2.ErrGone
				c.Next(t.Context())
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() {
				for _, err := range c.Frames(ctx) {
					ended <- err
					return
				}
				ended <- nil
			}()
			if closes {
				c.Close()
			} else {
				cancel()
			}
			if err := <-ended; err != nil {
				t.Errorf("%s, closed %v: the loop was told %v", name, closes, err)
			}
			cancel()
			if closes {
				if _, err := c.Next(t.Context()); !errors.Is(err, ErrClosed) {
					t.Errorf("after Close: %v", err)
				}
				if err := c.Set("gain", "1"); !errors.Is(err, ErrClosed) {
					t.Errorf("a control after Close: %v", err)
				}
			}
		}
	}
}

func TestMJPEGIsDecoded(t *testing.T) {
	f := yuyv(t)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	f.picture = b.Bytes()
	f.formats[0].FourCC = v4l2.MJPEG
	c, _ := openFake(t, f, Options{})
	frame := next(t, c)
	m, err := frame.Image()
	if err != nil {
		t.Fatal(err)
	}
	if y, ok := m.(*image.YCbCr); !ok || y.YCbCrAt(5, 5).Y != 0 || !bytes.Equal(frame.Bytes(), f.picture) {
		t.Errorf("the image is a %T", m)
	}
	frame.Release()

	f.picture = f.picture[:60]
	frame = next(t, c)
	if _, err := frame.Image(); err == nil {
		t.Error("a picture that is cut off is an image")
	}
	frame.Release()
}

func TestIncompletePictures(t *testing.T) {
	f := yuyv(t)
	c, _ := openFake(t, f, Options{})
	f.picture = f.picture[:100]
	frame := next(t, c)
	defer frame.Release()
	if _, err := frame.Image(); err == nil || !strings.Contains(err.Error(), "100 bytes of") {
		t.Errorf("100 bytes are an image: %v", err)
	}
}

func TestCompressedIsPassedOn(t *testing.T) {
	f := yuyv(t)
	f.formats = append(f.formats, v4l2.PixelFormat{FourCC: v4l2.H264, Sizes: []v4l2.Size{size(64, 48, 30)}})
	c, _ := openFake(t, f, Options{FourCC: v4l2.H264})
	frame := next(t, c)
	defer frame.Release()
	if _, err := frame.Image(); err == nil || !strings.Contains(err.Error(), "Bytes") || len(frame.Bytes()) == 0 {
		t.Errorf("an image of H264: %v", err)
	}
}

func TestNothingIsAllocatedPerFrame(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c, _ := openFake(t, yuyv(t), Options{})
	ctx := t.Context()
	n := testing.AllocsPerRun(100, func() {
		f, err := c.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Image(); err != nil {
			t.Fatal(err)
		}
		f.Release()
	})
	if n > 2 { // those of the fake: the memory and its function
		t.Errorf("%v allocations for a frame", n)
	}
}
