package capture

import (
	"errors"
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

const (
	// firstPicture is how long a camera may take to give its first.
	firstPicture = 5 * time.Second
	// restartAfter is how many stalls in a row it takes to start the camera anew.
	restartAfter = 5
)

// Read implements eiengine.Source.
func (s *cameraSource) Read(c *eiengine.Ctx) error {
	if err := s.ready(c); err != nil {
		return err
	}
	camera := s.camera.Load()
	if camera == nil {
		return nil // tried again at once, after a wait
	}
	picture, err := camera.Next(c.Context())
	switch {
	case err == nil:
		return s.give(c, &picture)
	case c.Context().Err() != nil:
		return eiengine.ErrFlushing
	case errors.Is(err, v4l2.ErrStalled):
		return s.stalled(c, camera, err)
	}
	return s.lost(c, err)
}

// ready has a camera stream, if there is one.
func (s *cameraSource) ready(c *eiengine.Ctx) error {
	camera := s.camera.Load()
	if camera == nil {
		return s.comeBack(c)
	}
	if s.stream.running {
		return nil
	}
	s.stream.fresh = true
	err := camera.Start(s.options(c))
	switch {
	case errors.Is(err, v4l2.ErrInUse) && s.stream.pictures == 0:
		return eiengine.Fatal(err)
	case err != nil:
		return s.lost(c, err)
	}
	s.stream.running = true
	return nil
}

func (s *cameraSource) options(c *eiengine.Ctx) v4l2.Options {
	return v4l2.Options{
		Stall: s.patience(),
		Spare: func(n int) *frames.Memory {
			f, err := c.NewBuffer(frames.Untyped, n)
			if err != nil {
				return nil // counted by the runtime too, which told why
			}
			m := f.Memory().Retain()
			f.Release()
			return m
		},
	}
}

// patience is how long to wait for a picture.
func (s *cameraSource) patience() time.Duration {
	timeout := time.Duration(s.how().StallTimeout) * time.Millisecond
	if timeout == 0 {
		return 0
	}
	if fps := s.set.FPS; fps.Num > 0 {
		timeout = max(timeout, fps.Time(3))
	}
	if s.stream.fresh {
		timeout = max(timeout, firstPicture)
	}
	return timeout
}

// give pushes a picture.
func (s *cameraSource) give(c *eiengine.Ctx, picture *v4l2.Frame) error {
	st := &s.stream
	st.seq += uint64(picture.Lost)
	if picture.Taken(v4l2.Now()) < time.Duration(s.resumed.Load()) {
		picture.Memory.Release() // of before the pipeline played
		return nil
	}
	f := frames.NewFrame(s.format, picture.Memory)
	f.Truncate(picture.Size)
	if s.format.IsVideo() {
		layout, whole := s.set.Layout(picture)
		if !whole {
			c.Drop(f)
			return fmt.Errorf("%s gave %d bytes of a picture of %d", s.info.Path, picture.Size, layout.Size)
		}
		f.SetLayout(layout)
	} else if !picture.KeyFrame && isVideoStream(s.format) {
		f.Flags |= frames.DeltaUnit
	}
	s.stamp(c, f, picture)
	if st.discont || picture.Lost > 0 {
		f.Flags |= frames.Discont
	}
	f.Seq = st.seq
	st.seq++
	st.discont, st.stalls = false, 0
	s.away.end(c, s.who())
	st.pictures++
	if st.fresh {
		st.fresh = false
		s.camera.Load().SetStall(s.patience())
	}
	return c.Push(0, f)
}

// stamp sets the times of a frame: those of its capture.
func (s *cameraSource) stamp(c *eiengine.Ctx, f *frames.Frame, picture *v4l2.Frame) {
	now := v4l2.Now()
	engine, running := c.Now(), c.Running()
	took := v4l2.Now() - now
	taken := picture.Taken(now)
	f.Mono = taken + s.stream.engine.from(now, engine, took)
	f.PTS = max(0, taken+s.stream.pipeline.from(now, running, took))
	if s.set.FPS.Num > 0 {
		f.Duration = s.set.FPS.Time(1)
	}
	if s.how().DoTimestamp {
		f.PTS = running
	}
}

// clockOffset is what a clock is ahead of the driver's. It is measured again with every
// picture, and kept as long as it is about the same, so that the distances between pictures are
// the driver's own.
type clockOffset struct {
	ahead time.Duration
	known bool
}

// from measures with two clocks that were read one after the other, which took a while: on a
// busy machine other programs may have run in between, so that much is not known.
func (o *clockOffset) from(driver, clock, took time.Duration) time.Duration {
	const same = 5 * time.Millisecond
	if now := clock - driver; !o.known || (now-o.ahead).Abs() > same+took {
		o.ahead, o.known = now, true
	}
	return o.ahead
}

// stalled tells that there are no pictures, and at last starts the camera anew. That there has
// been none yet is no reason to give up: some cameras take long to wake.
func (s *cameraSource) stalled(c *eiengine.Ctx, camera *v4l2.Camera, err error) error {
	st := &s.stream
	if st.pictures == 0 {
		err = fmt.Errorf("%w: is another program using it, or is its cable loose?", err)
	}
	if !s.how().Reconnect {
		return eiengine.Fatal(err)
	}
	st.discont = true
	s.away.tell(c, deviceStalled, s.who(), err)
	if st.stalls++; st.stalls%restartAfter == 0 {
		camera.Stop()
		st.running = false
	}
	return nil
}

// lost closes a camera that cannot go on.
func (s *cameraSource) lost(c *eiengine.Ctx, err error) error {
	if closing := s.forget(); closing != nil {
		err = fmt.Errorf("%w; closing it: %w", err, closing)
	}
	s.stream.running, s.stream.discont = false, true
	return s.away.lose(c, s.how().reconnectProps, s.stream.pictures > 0, s.who(), err)
}

// who is the camera in messages.
func (s *cameraSource) who() bus.Device { return bus.Device{Device: s.info.Path, ID: s.info.ID} }

// comeBack waits, and tries to get the camera back.
func (s *cameraSource) comeBack(c *eiengine.Ctx) error {
	if err := s.away.wait(c); err != nil {
		return err
	}
	path, err := v4l2.Find(s.info.ID, s.info.Port)
	if err != nil {
		return nil // not yet
	}
	if err := s.reopen(c, path); err != nil {
		s.away.failed(c, err)
	}
	return nil
}

func (s *cameraSource) reopen(c *eiengine.Ctx, path string) error {
	camera, err := v4l2.Open(path)
	if err != nil {
		return err
	}
	if err := s.setUp(c, camera); err != nil {
		return errors.Join(err, camera.Close())
	}
	s.info = camera.Info()
	s.camera.Store(camera)
	return nil
}

// setUp makes a camera that is back what the one before was.
func (s *cameraSource) setUp(c *eiengine.Ctx, camera *v4l2.Camera) error {
	if err := s.standard(camera); err != nil {
		return err
	}
	if err := s.applyControls(camera); err != nil {
		return err
	}
	if err := s.configure(c, camera); err != nil {
		return err
	}
	s.stream.fresh = true
	if err := camera.Start(s.options(c)); err != nil {
		return err
	}
	s.stream.running = true
	return nil
}
