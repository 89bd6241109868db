package v4l2

import (
	"errors"
	"fmt"
	"testing"
	"time"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/guest"
)

// Controls with which vivid injects faults.
const (
	wrapSequence  = 0xf0f026
	wrapTime      = 0xf0f027
	dropped       = 0xf0f040
	disconnect    = 0xf0f041
	damageNext    = 0xf0f042
	failRequest   = 0xf0f043
	failQueue     = 0xf0f044
	failStart     = 0xf0f045
	breakStream   = 0xf0f046
	startOfFrames = 0xf0f018
)

// inject sets a control that only vivid has, buttons among them.
func inject(t testing.TB, c *Camera, id uint32, value int32) {
	t.Helper()
	arg := struct {
		id    uint32
		value int32
	}{id, value}
	if err := c.control(request(read|write, 28, unsafe.Sizeof(arg)), unsafe.Pointer(&arg)); err != nil {
		t.Fatalf("fault %#x: %v", id, err)
	}
}

// vivid is the camera of a test of faults, set and not started.
func vivid(t testing.TB, n int) *Camera {
	t.Helper()
	c := open(t, guest.Vivid(t, n))
	set(t, c, Request{FourCC: YUYV, Width: 320, Height: 180, FPS: qvga})
	return c
}

func TestGuestDamagedBuffer(t *testing.T) {
	guest.Need(t)
	for n := range 2 {
		c := vivid(t, n)
		start(t, c, Options{})
		next(t, c).Memory.Release()
		inject(t, c, damageNext, 1)
		for c.Stats().Damaged == 0 {
			f := next(t, c)
			if c.Stats().Damaged > 0 && f.Lost == 0 {
				t.Error("the picture after the damaged one does not tell of it")
			}
			f.Memory.Release()
		}
		c.Stop()
	}
}

// TestGuestStartFails: whatever fails, the next attempt finds nothing in its way.
func TestGuestStartFails(t *testing.T) {
	guest.Need(t)
	for name, fault := range map[string]uint32{"REQBUFS": failRequest, "QBUF": failQueue, "STREAMON": failStart} {
		for n := range 2 {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				c := vivid(t, n)
				for range 3 {
					inject(t, c, fault, 1)
					if err := c.Start(Options{Stall: guest.Patience}); err == nil {
						t.Fatal("it started")
					} else {
						t.Log(err)
					}
					set(t, c, Request{FourCC: YUYV, Width: 640, Height: 360, FPS: qvga})
					start(t, c, Options{})
					next(t, c).Memory.Release()
					c.Stop()
				}
			})
		}
	}
}

// TestGuestReleaseRefused has the driver refuse a buffer that comes back: it is offered
// again.
func TestGuestReleaseRefused(t *testing.T) {
	guest.Need(t)
	c := vivid(t, 0)
	start(t, c, Options{Buffers: 3})
	defer c.Stop()
	for range 10 { // more often than there are buffers
		f := next(t, c)
		inject(t, c, failQueue, 1)
		f.Memory.Release()
	}
	if s := c.Stats(); s.Held != 0 || s.Lent != 10 {
		t.Errorf("%+v", s)
	}
}

func TestGuestStreamBreaks(t *testing.T) {
	guest.Need(t)
	for n := range 2 {
		c := vivid(t, n)
		start(t, c, Options{})
		next(t, c).Memory.Release()
		inject(t, c, breakStream, 1)
		for range 3 { // for good, and at once
			if err := untilError(t, c); !errors.Is(err, ErrBroken) {
				t.Fatalf("%v is not ErrBroken", err)
			}
		}
		c.Stop()
		start(t, c, Options{})
		next(t, c).Memory.Release()
		c.Stop()
	}
}

// untilError takes pictures until there is an error.
func untilError(t testing.TB, c *Camera) error {
	t.Helper()
	ctx := guest.Context(t)
	for {
		f, err := c.Next(ctx)
		if err != nil {
			return err
		}
		f.Memory.Release()
	}
}

// TestGuestDisconnect: vivid's camera is back once it was closed everywhere.
func TestGuestDisconnect(t *testing.T) {
	guest.Need(t)
	c := vivid(t, 0)
	start(t, c, Options{})
	held := next(t, c)
	inject(t, c, disconnect, 1)
	if err := untilError(t, c); !errors.Is(err, ErrGone) {
		t.Fatalf("%v is not ErrGone", err)
	}
	held.Memory.Release()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	again := vivid(t, 0)
	start(t, again, Options{})
	next(t, again).Memory.Release()
	again.Stop()
}

func TestGuestGapsAreCounted(t *testing.T) {
	guest.Need(t)
	c := vivid(t, 0)
	inject(t, c, dropped, 50)
	defer inject(t, c, dropped, 0)
	start(t, c, Options{})
	defer c.Stop()
	lost, last := 0, Frame{}
	for i := range 60 {
		f := next(t, c)
		if i > 0 {
			if gap := max(0, int(f.Sequence-last.Sequence)-1); gap != f.Lost {
				t.Errorf("number %d after %d: told that %d are lost", f.Sequence, last.Sequence, f.Lost)
			}
			lost += f.Lost
		}
		last = f
		f.Memory.Release()
	}
	if s := c.Stats(); lost == 0 || s.Lost != uint64(lost) {
		t.Errorf("%d lost, counted as %d: half of them should be", lost, s.Lost)
	}
}

// TestGuestNumbersWrap: a counter that begins anew is no loss of four thousand million.
func TestGuestNumbersWrap(t *testing.T) {
	guest.Need(t)
	c := vivid(t, 0)
	inject(t, c, wrapSequence, 1)
	inject(t, c, wrapTime, 1)
	defer inject(t, c, wrapSequence, 0)
	defer inject(t, c, wrapTime, 0)
	start(t, c, Options{})
	defer c.Stop()
	first := next(t, c)
	first.Memory.Release()
	wrapped := first.Sequence < 1000
	deadline := guest.Context(t)
	for !wrapped && deadline.Err() == nil {
		f := next(t, c)
		wrapped = f.Sequence < first.Sequence
		if f.Lost > 1000 {
			t.Errorf("%d lost", f.Lost)
		}
		f.Memory.Release()
	}
	if !wrapped {
		t.Errorf("number %d never wrapped", first.Sequence)
	}
}

// TestGuestTimesAreGoTimes: stamps of the start of exposure lie in the past, and not
// far.
func TestGuestTimesAreGoTimes(t *testing.T) {
	guest.Need(t)
	c := vivid(t, 0)
	inject(t, c, startOfFrames, 1)
	defer inject(t, c, startOfFrames, 0)
	begin := Now()
	start(t, c, Options{})
	defer c.Stop()
	for range 10 {
		f := next(t, c)
		if now := Now(); f.Time == frames.NoTime || f.Time > now || f.Time < begin-time.Second || !f.StartOfExposure {
			t.Errorf("taken at %v, read at %v, started at %v", f.Time, now, begin)
		}
		f.Memory.Release()
	}
}
