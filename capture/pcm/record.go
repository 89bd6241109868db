package pcm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Chunk is what a read got.
type Chunk struct {
	// Samples of each channel.
	Samples int
	// Age is how long before the read returned the first of them was recorded.
	Age time.Duration
	// Lost says that samples before these were lost: nobody read them in time.
	Lost bool
}

// Read fills data, whose length must be a multiple of the size of a sample of all
// channels, as soon as the device has that much. An error may come after some samples:
// both are told. What was lost before is told with the next chunk.
func (p *PCM) Read(ctx context.Context, data []byte) (Chunk, error) {
	size := p.audio.FrameBytes()
	if p.direction != Capture || size == 0 || len(data)%size != 0 {
		return Chunk{}, fmt.Errorf("sound device %q: %d bytes cannot be read of it as %v", p.device, len(data), p.audio)
	}
	if err := p.start(); err != nil {
		return Chunk{}, err
	}
	want, got := len(data)/size, 0
	for idle := time.Duration(0); got < want; {
		if n := copy(data[got*size:], p.taken); n > 0 {
			p.taken, got = p.taken[n:], got+n/size
			continue
		}
		n := p.take(size)
		switch {
		case n > 0:
			p.taken, idle, p.flowing = p.room[:n*size], 0, true
			continue
		case n == 0 || n == -int(unix.EAGAIN):
			pause, err := p.wait(ctx, want-got)
			if err != nil {
				return p.chunk(got), err
			}
			if idle += pause; idle >= p.patience() {
				return p.chunk(got), fmt.Errorf("%w: %q gave nothing for %v", ErrStalled, p.device, idle)
			}
		default:
			if err := p.recover("read", n); err != nil {
				return p.chunk(got), err
			}
			got = 0 // what was read before the gap is not joined to what follows
			if err := p.start(); err != nil {
				return Chunk{}, err
			}
		}
	}
	return p.chunk(got), nil
}

// take reads all that there is, into room, however little of it is wanted now. The plugin
// for PulseAudio holds on to a piece of the server's memory as long as it is read in part,
// and if the server ends then, libpulse waits for the piece for ever, with a lock that all
// of the plugin's functions take.
func (p *PCM) take(size int) int {
	if len(p.room) != p.setup.Buffer*size {
		p.room = make([]byte, p.setup.Buffer*size)
	}
	return p.do(fnReadi, p.room, p.setup.Buffer)
}

// chunk describes the samples that were just read.
func (p *PCM) chunk(samples int) Chunk {
	c := Chunk{Samples: samples, Lost: p.lost && samples > 0}
	if samples == 0 {
		return c
	}
	p.lost = false
	c.Age = p.audio.Duration(samples + len(p.taken)/p.audio.FrameBytes() + p.avail())
	return c
}

// avail is how many samples wait to be read, or how many there is room for. (ALSA has a
// call for the delay, which knows of what waits in a sound server too; but it never
// returns if the server ends meanwhile.)
func (p *PCM) avail() int {
	return min(max(p.do(fnAvail, nil, 0), 0), p.setup.Buffer)
}

// Overruns is how often samples were lost since the device was opened; of a device that
// plays, how often it ran dry.
func (p *PCM) Overruns() uint64 { return p.overruns }

// start sets the device going if it stands.
func (p *PCM) start() error {
	if p.running {
		return nil
	}
	if err := p.check("prepare", p.do(fnPrepare, nil, 0)); err != nil {
		return err
	}
	if p.direction == Capture {
		if err := p.check("start", p.do(fnStart, nil, 0)); err != nil {
			return err
		}
	}
	p.running, p.flowing, p.taken = true, false, nil
	return nil
}

// patience is after how long without a sample the device is called dead. One that starts
// may take its time, and servers take sound for seconds at once.
func (p *PCM) patience() time.Duration {
	if p.flowing {
		return stall
	}
	return 3 * stall
}

// wait returns when the device can be expected to have done that many samples. It does
// not ask ALSA to wait: some plugins say that there is something to do where there is
// nothing yet, and keep a processor busy with it.
func (p *PCM) wait(ctx context.Context, samples int) (time.Duration, error) {
	pause := min(max(p.audio.Duration(samples), shortest), longest)
	if p.timer == nil {
		p.timer = time.NewTimer(pause)
	} else {
		p.timer.Reset(pause)
	}
	select {
	case <-p.timer.C:
		return pause, nil
	case <-ctx.Done():
		p.timer.Stop()
		return 0, ctx.Err()
	}
}

// recover makes a stream of which samples were lost, or that slept with the machine,
// ready to start anew. Other errors are returned.
func (p *PCM) recover(doing string, result int) error {
	switch unix.Errno(-result) {
	case unix.EPIPE, unix.ESTRPIPE:
		p.running, p.lost = false, true
		p.overruns++
		return nil
	case unix.EINTR:
		return nil
	}
	p.running = false
	err := p.check(doing, result)
	if errors.Is(err, unix.EBADFD) {
		return fmt.Errorf("%w: %w", err, ErrGone)
	}
	return err
}
