package pcm

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Write gives data to be played, waiting for room. Its length must be a multiple of the
// size of a sample of all channels. A device that ran dry meanwhile goes on; see
// [PCM.Overruns].
func (p *PCM) Write(ctx context.Context, data []byte) error {
	size := p.audio.FrameBytes()
	if p.direction != Playback || size == 0 || len(data)%size != 0 {
		return fmt.Errorf("sound device %q: %d bytes cannot be written to it as %v", p.device, len(data), p.audio)
	}
	if err := p.start(); err != nil {
		return err
	}
	for idle := time.Duration(0); len(data) > 0; {
		n := p.do(fnWritei, data, len(data)/size)
		switch {
		case n > 0:
			data, idle = data[n*size:], 0
			continue
		case n == 0 || n == -int(unix.EAGAIN):
			if p.do(fnState, nil, 0) == statePrepared { // it takes less than it said
				p.do(fnStart, nil, 0)
			}
			pause, err := p.wait(ctx, min(len(data)/size, p.setup.Period))
			if err != nil {
				return err
			}
			if idle += pause; idle >= p.patience() {
				return fmt.Errorf("%w: %q took nothing for %v", ErrStalled, p.device, idle)
			}
		default:
			if err := p.recover("write to", n); err != nil {
				return err
			}
		}
		if err := p.start(); err != nil {
			return err
		}
	}
	return nil
}

// Delay is how long it takes until a sample that is written now leaves this machine's
// hands: for the device, or a sound server, which may add its own.
func (p *PCM) Delay() time.Duration {
	if !p.running {
		return 0
	}
	return p.audio.Duration(p.setup.Buffer - p.avail())
}

// Drain waits until everything that was written has been heard.
func (p *PCM) Drain(ctx context.Context) error {
	if !p.running {
		return nil
	}
	p.do(fnStart, nil, 0) // if it waits for more yet; if not, it refuses
	deadline := time.Now().Add(p.Delay() + stall)
	for p.do(fnDrain, nil, 0) == -int(unix.EAGAIN) || p.do(fnState, nil, 0) == stateDraining {
		if _, err := p.wait(ctx, p.setup.Period); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%w: %q has not played what it has", ErrStalled, p.device)
		}
	}
	if p.runner != nil && p.runner.hung {
		return p.check("play what it has", -int(unix.ETIMEDOUT))
	}
	p.running = false
	return nil
}

// Drop forgets what has not been heard. The next write starts anew.
func (p *PCM) Drop() {
	if p.running {
		p.do(fnDrop, nil, 0)
	}
	p.running = false
}
