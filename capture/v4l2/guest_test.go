package v4l2

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/guest"
)

// open opens a camera until the test ends, when no frame may be held.
func open(t testing.TB, path string) *Camera {
	t.Helper()
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if s := c.Stats(); s.Held != 0 {
			t.Errorf("%d frames are still held", s.Held)
		}
	})
	return c
}

// set sets a format that the camera is known to have.
func set(t testing.TB, c *Camera, r Request) Format {
	t.Helper()
	f, err := c.SetFormat(r)
	if err != nil {
		t.Fatal(err)
	}
	if f.FourCC != r.FourCC || f.Width != r.Width || f.Height != r.Height {
		t.Fatalf("asked for %s %dx%d, got %s %dx%d", r.FourCC, r.Width, r.Height, f.FourCC, f.Width, f.Height)
	}
	return f
}

func start(t testing.TB, c *Camera, o Options) {
	t.Helper()
	if o.Stall == 0 {
		o.Stall = guest.Patience
	}
	if err := c.Start(o); err != nil {
		t.Fatal(err)
	}
}

func next(t testing.TB, c *Camera) Frame {
	t.Helper()
	f, err := c.Next(guest.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// control sets a control by its name.
func control(t testing.TB, c *Camera, name, value string) {
	t.Helper()
	if err := c.Set(name, value); err != nil {
		t.Fatal(err)
	}
}

var qvga = frames.Fraction{Num: 30, Den: 1}

func TestGuestListsCamerasOnly(t *testing.T) {
	guest.Need(t)
	guest.PlugIn(t)
	all, err := Cameras()
	if err != nil || len(all) != 3 {
		t.Fatalf("want two of vivid and one on USB, without its node of metadata; got %+v, %v", all, err)
	}
	ids := map[string]bool{}
	for _, c := range all {
		t.Logf("%+v", c)
		ids[c.ID] = true
		if path, err := Find(c.ID, c.Port); err != nil || path != c.Path {
			t.Errorf("%s is found at %q, %v; want %s", c.ID, path, err, c.Path)
		}
	}
	if len(ids) != 3 || !ids["usb:1d6b:0102:0001"] {
		t.Errorf("identities are %v", ids)
	}
}

func TestGuestSaysWhatItCanDo(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 0))
	all, err := c.Formats()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.FourCC != YUYV {
			continue
		}
		t.Logf("of %d formats: %+v", len(all), f)
		for _, s := range f.Sizes {
			if s.Width.Max == 640 && s.Height.Max == 360 && s.Width.Single() && len(s.Rates) > 3 && s.Rates[0].Single() {
				return
			}
		}
	}
	t.Errorf("no YUYV of 640x360 in %+v", all)
}

// TestGuestFormats takes a second or two of several formats, one after the other
// from one open camera.
func TestGuestFormats(t *testing.T) {
	guest.Need(t)
	for n, codes := range []string{"YUYV NV12 YU12 RGB3 GREY", "NM12 YM12 YUYV"} {
		c := open(t, guest.Vivid(t, n))
		if c.Info().Multiplanar != (n == 1) {
			t.Fatalf("camera %d: %+v", n, c.Info())
		}
		control(t, c, "osd_text_mode", "2") // nothing written into the picture
		for _, name := range bytes.Fields([]byte(codes)) {
			t.Run(string(name), func(t *testing.T) { sixty(t, c, code(string(name))) })
		}
	}
}

func sixty(t *testing.T, c *Camera, code FourCC) {
	f := set(t, c, Request{FourCC: code, Width: 320, Height: 180, FPS: qvga})
	video, ok := f.Video()
	if !ok || f.FPS != qvga {
		t.Fatalf("format %+v", f)
	}
	start(t, c, Options{})
	defer c.Stop()
	var all [60]Frame
	for i := range all {
		p := next(t, c)
		all[i] = p
		layout, ok := f.Layout(&p)
		if !ok {
			t.Fatalf("picture %d has %d bytes, its planes %+v", i, p.Size, layout)
		}
		if i == 0 {
			bars(t, video.Picture(p.Memory.Bytes(), layout))
		} else if before := all[i-1]; p.Time <= before.Time || p.Sequence < before.Sequence {
			// vivid gives a number twice when it is late.
			t.Fatalf("picture %d: %v after %v, %d after %d", i, p.Time, before.Time, p.Sequence, before.Sequence)
		}
		p.Memory.Release()
	}
	rate := rate(all[:])
	t.Logf("%+v: %.3f pictures a second", f, rate)
	if math.Abs(rate-30)/30 > 0.02 {
		t.Errorf("%.2f pictures a second by the driver's times, want 30", rate)
	}
}

// rate is pictures a second by the driver's times: the median over pictures that
// lie half of the whole apart, so that a few late ones do not count.
func rate(all []Frame) float64 {
	half := len(all) / 2
	var rates []float64
	for i, b := range all[half:] {
		a := all[i]
		rates = append(rates, float64(b.Sequence-a.Sequence)/(b.Time-a.Time).Seconds())
	}
	slices.Sort(rates)
	return rates[len(rates)/2]
}

// bars looks for vivid's bars of colour, white to black from left to right.
func bars(t *testing.T, p frames.Picture) {
	t.Helper()
	at := func(plane, x, y, bytes int) byte { return p.Row(plane, y)[x*bytes] }
	stride := p.Format.PixelStride()
	if p.Format == frames.UYVY {
		p.Data[0] = p.Data[0][1:] // luma comes second
	}
	white, black := at(0, p.Width/16, p.Height/2, stride), at(0, p.Width-p.Width/16, p.Height/2, stride)
	if white < 160 || black > 60 {
		t.Errorf("the picture goes from %d to %d, not from white to black", white, black)
	}
	if p.Format.Planes() > 1 {
		w, h := p.Width/2, p.Height/2
		n := 4 - p.Format.Planes() // bytes of a sample of chroma: 1, or 2 if interleaved
		if grey := at(1, w/16, h/2, n); grey < 120 || grey > 136 {
			t.Errorf("chroma of white is %d", grey)
		}
		if yellow := at(1, w*3/16, h/2, n); yellow > 100 && yellow < 136 {
			t.Errorf("chroma of yellow is %d", yellow)
		}
	}
}

func TestGuestZeroCopy(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 0))
	set(t, c, Request{FourCC: YUYV, Width: 320, Height: 180, FPS: frames.Fraction{Num: 60, Den: 1}})
	start(t, c, Options{Spare: func(n int) *frames.Memory { return frames.WrapMemory(make([]byte, n), nil) }})
	defer c.Stop()
	want := guest.Frames(300)
	ctx := context.Background()
	allocated := testing.AllocsPerRun(want, func() {
		f, err := c.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f.Memory.Release()
	})
	s := c.Stats()
	t.Logf("%+v, %.2f allocations a picture", s, allocated)
	if s.Lent != uint64(want)+1 || s.Copied+s.Dropped != 0 || s.Held != 0 {
		t.Errorf("%+v: want all in the driver's memory and none held", s)
	}
	if allocated > 0 {
		t.Errorf("%.2f allocations a picture", allocated)
	}
}

// TestGuestSlowReader holds more frames than there are buffers: the driver goes on.
func TestGuestSlowReader(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 0))
	set(t, c, Request{FourCC: YUYV, Width: 320, Height: 180, FPS: qvga})
	copies := 0
	start(t, c, Options{Buffers: 5, Spare: func(n int) *frames.Memory {
		if copies++; copies > 2 {
			return nil
		}
		return frames.WrapMemory(make([]byte, n), nil)
	}})
	defer c.Stop()
	var held []Frame
	for range 5 {
		held = append(held, next(t, c))
	}
	for i, f := range held {
		if f.Copied != (i >= 3) {
			t.Errorf("picture %d: copied %v; three of five buffers may be held", i, f.Copied)
		}
	}
	for c.Stats().Dropped == 0 {
		short, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if _, err := c.Next(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("with all held: %v, want to wait", err)
		}
		stop()
	}
	held[0].Memory.Release()
	f := next(t, c)
	if f.Copied || f.Lost == 0 {
		t.Errorf("after a release: copied %v, %d lost before it", f.Copied, f.Lost)
	}
	if s := c.Stats(); s.Copied != 2 || s.Dropped == 0 || s.Held != 3 {
		t.Errorf("%+v", s)
	}
	for _, f := range append(held[1:], f) {
		f.Memory.Release()
	}
}

// TestGuestFramesOutliveTheStream reads a frame after its camera was stopped, set to
// another format, started again, and closed.
func TestGuestFramesOutliveTheStream(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 1))
	set(t, c, Request{FourCC: NV12M, Width: 320, Height: 180, FPS: qvga})
	start(t, c, Options{})
	f := next(t, c)
	before := bytes.Clone(f.Memory.Bytes()[:f.Size])
	c.Stop()
	if _, err := c.Next(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("after Stop: %v", err)
	}
	set(t, c, Request{FourCC: YUYV, Width: 640, Height: 360, FPS: qvga})
	start(t, c, Options{})
	next(t, c).Memory.Release()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(before, f.Memory.Bytes()[:f.Size]) {
		t.Error("the frame has changed")
	}
	f.Memory.Release()
}

func TestGuestExport(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 1))
	set(t, c, Request{FourCC: NV12M, Width: 320, Height: 180, FPS: qvga})
	start(t, c, Options{})
	defer c.Stop()
	f := next(t, c)
	defer f.Memory.Release()
	for plane, size := range []int{320 * 180, 320 * 90} {
		fd, err := f.Export(plane)
		if err != nil {
			t.Fatal(err)
		}
		data, err := unix.Mmap(fd, 0, size, unix.PROT_READ, unix.MAP_SHARED)
		unix.Close(fd)
		if err != nil {
			t.Fatal(err)
		}
		at := f.Offset[plane]
		if !bytes.Equal(data, f.Memory.Bytes()[at:at+size]) {
			t.Errorf("plane %d is another through its DMA-BUF", plane)
		}
		_ = unix.Munmap(data)
	}
}

func TestGuestNextIsWoken(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 0))
	set(t, c, Request{FourCC: YUYV, Width: 320, Height: 180, FPS: frames.Fraction{Num: 1, Den: 1}})
	start(t, c, Options{})
	next(t, c).Memory.Release() // a second until the one after
	for _, end := range []func(cancel func()){
		func(cancel func()) { cancel() },
		func(func()) { c.Stop() },
		func(func()) { _ = c.Close() },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			for {
				f, err := c.Next(ctx)
				if err != nil {
					ended <- err
					return
				}
				f.Memory.Release()
			}
		}()
		end(cancel)
		if err := <-ended; !errors.Is(err, context.Canceled) && !errors.Is(err, ErrStopped) {
			t.Errorf("ended by %v", err)
		}
		cancel()
	}
}

func TestGuestControls(t *testing.T) {
	guest.Need(t)
	c := open(t, guest.Vivid(t, 0))
	seen := map[ControlType]bool{}
	all, err := c.Controls()
	if err != nil {
		t.Fatal(err)
	}
	for _, ctrl := range all {
		seen[ctrl.Type] = true
	}
	for name, values := range map[string][2]string{
		"brightness": {"77", "77"}, "boolean": {"true", "1"}, "menu": {"Menu Item 3", "3"},
		"integer_64_bits": {"81985529216486895", "81985529216486895"}, "string": {"four", "four"}, "bitmask": {"0x80002000", "-2147475456"},
	} {
		ctrl, err := c.FindControl(name)
		if err != nil {
			t.Error(err)
			continue
		}
		before, err := c.Value(&ctrl)
		if err != nil {
			t.Error(err)
		}
		defer func() { // for the tests of other packages
			if err := c.SetValue(&ctrl, before); err != nil {
				t.Error(err)
			}
		}()
		if err := c.SetValue(&ctrl, values[0]); err != nil {
			t.Error(err)
		}
		if got, err := c.Value(&ctrl); err != nil || got != values[1] {
			t.Errorf("%s %s reads as %q, %v", ctrl.Type, name, got, err)
		}
		if !seen[ctrl.Type] {
			t.Errorf("%s is not listed", name)
		}
	}
	if _, err := c.FindControl("brightnes"); err == nil {
		t.Error("a control was found that is none")
	}
}
