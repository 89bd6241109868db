package camera

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

// Next waits for the next picture, which the caller releases. After a fault (see the package
// documentation) it may be called again, and waits until the camera is back; an error is
// ErrClosed after Close, and that of ctx once it has ended.
func (c *Camera) Next(ctx context.Context) (*Frame, error) {
	d, err := c.ready(ctx)
	if err != nil {
		return nil, err
	}
	if !c.running {
		if err := c.start(d); err != nil {
			return nil, c.failed(err)
		}
	}
	picture, err := d.Next(ctx)
	switch {
	case err == nil:
		return c.give(d, &picture), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, v4l2.ErrStalled):
		return nil, c.stalled(d, err)
	}
	return nil, c.failed(err)
}

// ready gives the device, waiting for it if it was lost.
func (c *Camera) ready(ctx context.Context) (device, error) {
	c.mu.Lock()
	d, closed, info := c.device, c.isClosed, c.info
	c.mu.Unlock()
	switch {
	case closed:
		return nil, ErrClosed
	case d != nil:
		return d, nil
	}
	return c.comeBack(ctx, info)
}

// comeBack waits until the camera is there again. Why it is not, if it is plugged in, is told
// once.
func (c *Camera) comeBack(ctx context.Context, info v4l2.CameraInfo) (device, error) {
	pause := firstPause
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.closed:
			return nil, ErrClosed
		case <-timer.C:
		}
		if path, err := c.driver.find(info.ID, info.Port); err == nil {
			d, err := c.reopen(path)
			switch {
			case err == nil:
				c.why, c.resumed = "", true
				return d, nil
			case errors.Is(err, ErrClosed):
				return nil, ErrClosed
			case err.Error() != c.why:
				c.why = err.Error()
				return nil, fmt.Errorf("not back yet: %w", err)
			}
		}
		pause = min(2*pause, longestPause)
		timer.Reset(pause)
	}
}

// reopen opens the camera where it is now, and has it capture.
func (c *Camera) reopen(path string) (device, error) {
	d, err := c.driver.open(path)
	if err != nil {
		return nil, err
	}
	if err := c.adopt(d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := c.start(d); err != nil {
		return nil, c.failed(err)
	}
	return d, nil
}

func (c *Camera) start(d device) error {
	if err := d.Start(c.capturing()); err != nil {
		return err
	}
	c.running, c.fresh = true, true
	return nil
}

func (c *Camera) capturing() v4l2.Options {
	return v4l2.Options{
		Buffers: c.options.Buffers,
		Stall:   max(c.patience(), firstPicture),
		Spare: func(n int) *frames.Memory {
			m, err := c.account.TryAlloc(n)
			if err != nil {
				return nil // left out, and counted
			}
			return m
		},
	}
}

// patience is how long to wait for a picture.
func (c *Camera) patience() time.Duration {
	if fps := c.Format().FPS; fps.Num > 0 {
		return max(c.options.Stall, fps.Time(3))
	}
	return c.options.Stall
}

// stalled has a camera that stands still started anew after some time.
func (c *Camera) stalled(d device, err error) error {
	if c.stalls++; c.stalls%restartAfter == 0 {
		d.Stop()
		c.running, c.resumed = false, true
	}
	if c.fresh {
		return fmt.Errorf("%w: is its cable loose?", err)
	}
	return err
}

// failed closes a device that cannot go on: the next call waits until it is back.
func (c *Camera) failed(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed {
		return ErrClosed
	}
	c.running = false
	if closing := c.forget(); closing != nil {
		err = fmt.Errorf("%w; closing it: %w", err, closing)
	}
	return err
}

// give makes a frame of a picture.
func (c *Camera) give(d device, picture *v4l2.Frame) *Frame {
	if c.fresh {
		c.fresh = false
		d.SetStall(c.patience())
	}
	c.stalls = 0
	c.mu.Lock()
	f := c.header()
	c.held++
	f.format = c.format
	f.Time = c.clock.Add(picture.Taken(v4l2.Now()) - c.since)
	c.mu.Unlock()
	f.raw = *picture
	f.Sequence, f.Lost, f.KeyFrame = picture.Sequence, picture.Lost, picture.KeyFrame
	f.Resumed, c.resumed = c.resumed, false
	f.out.Store(true)
	return f
}

// header takes one that was used before, or makes one; c.mu is held.
func (c *Camera) header() *Frame {
	n := len(c.idle)
	if n == 0 {
		return &Frame{camera: c}
	}
	f := c.idle[n-1]
	c.idle = c.idle[:n-1]
	return f
}
