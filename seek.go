package eiengine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Seeker is for elements whose stream can go on from another time: sources that
// count in time, and elements that make times out of bytes.
type Seeker interface {
	// SeekRange is which times there are. An error says why the element cannot
	// seek, and what would help. Any goroutine may call it.
	SeekRange() (SeekRange, error)
	// Seek has the element go on so that its next frame is the one that
	// to.Position falls into, and its last one the one before to.Stop; it returns
	// the PTS at which it would have gone on otherwise. With to.KeyUnit it sets
	// to.Position to the time of that next frame. It is called in the goroutine
	// that processes, and the element's own Flush is not called before: it
	// knows what becomes void. Sources count num-buffers themselves from then on.
	Seek(c *Ctx, to *SeekEvent) (was time.Duration, err error)
}

// OffsetSeeker is a Seeker that takes bytes, such as a parser of a file. Its Seek
// is called when the bytes from its offset on are the next that it gets.
type OffsetSeeker interface {
	Seeker
	// SeekOffset is the first byte that is needed to go on at a time. Any
	// goroutine may call it.
	SeekOffset(t time.Duration) int64
}

// ByteSeeker is for sources of bytes.
type ByteSeeker interface {
	// SeekSize is how many bytes there are, -1 if that is not known. An
	// error says why the element cannot seek. Any goroutine may call it.
	SeekSize() (int64, error)
	// SeekByte has the next frame begin with that byte; beyond the last one the
	// stream ends.
	SeekByte(c *Ctx, offset int64) error
}

// SeekTranslator is for elements whose output has other times than their input.
type SeekTranslator interface {
	// TranslateSeek says what to ask upstream for. Any goroutine may call it.
	TranslateSeek(to SeekEvent) (SeekEvent, error)
}

// SeekRange is the part of a stream that can be sought in. Stop is NoTime if it
// goes on without a known end.
type SeekRange struct{ Start, Stop time.Duration }

// Seek has the stream go on from another time, for every sink. The pipeline must
// be paused or playing; afterwards it is so again.
//
// With to.Flush what is under way is dropped, and Seek returns when every sink has
// its first frame of the new position, which is then due at once: running time
// begins anew. So it does after the end of the stream. Without, the new position
// follows what is under way; Seek returns at once.
//
// The error names the element that cannot seek; then nothing has changed. When ctx
// ends Seek returns its error, and the seek goes on.
func (p *Pipeline) Seek(ctx context.Context, to SeekEvent) error {
	if err := to.check(); err != nil {
		return err
	}
	if err := p.takeMove(ctx); err != nil {
		return err
	}
	result := make(chan error, 1)
	go func() {
		result <- p.seek(to)
		p.move() // also to what was asked for meanwhile
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *SeekEvent) check() error {
	switch {
	case e.Rate != 0 && e.Rate != 1:
		return fmt.Errorf("cannot seek with rate %g: streams play forward at rate 1 only; for another speed of pictures put videorate, with its property rate, before the sink", e.Rate)
	case e.Position < 0:
		return fmt.Errorf("cannot seek to %v: give a position of 0 or more", e.Position)
	case e.Stop > 0 && e.Stop <= e.Position:
		return fmt.Errorf("cannot seek to %v with the stop at %v: let it stop behind the position", e.Position, e.Stop)
	}
	return nil
}

// stop is the end of the segment.
func (e *SeekEvent) stop() time.Duration {
	if e.Stop > 0 {
		return e.Stop
	}
	return frames.NoTime
}

// takeMove waits until the state stands still and keeps others from changing it
// until p.move is called.
func (p *Pipeline) takeMove(ctx context.Context) error {
	for {
		p.mu.Lock()
		state, failure, moving, changed := p.state, p.failure, p.moving, p.changed
		if !moving && failure == nil && state >= Paused {
			p.moving = true
			p.mu.Unlock()
			return nil
		}
		p.mu.Unlock()
		switch {
		case failure != nil:
			return failure
		case !moving:
			return fmt.Errorf("cannot seek: %s is %s; pause or play it first", p.name, state)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// seek does it, as the one who may change the state.
func (p *Pipeline) seek(to SeekEvent) error {
	plan, err := p.planSeek(to)
	if err != nil {
		return err
	}
	if !to.Flush {
		return p.seekInBand(plan)
	}
	playing := p.isPlaying()
	if playing {
		p.standStill()
	}
	err = p.seekFlushing(plan)
	if err == nil && !p.IsLive() {
		err = p.waitPreroll()
	}
	if playing {
		p.runClock()
	}
	if err == nil && p.main.ending() {
		err = p.whyEnding()
	}
	return err
}

func (p *Pipeline) whyEnding() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil {
		return p.failure
	}
	return fmt.Errorf("%s was stopped during the seek", p.name)
}

// seekInBand has the sources go on elsewhere once they have pushed what they are
// at.
func (p *Pipeline) seekInBand(plan *seekPlan) error {
	p.mu.Lock()
	ended := p.eos
	p.mu.Unlock()
	if ended {
		return errors.New("cannot seek without a flush: the stream has ended; set Flush")
	}
	for _, o := range plan.origins {
		o.node.post(func() {
			if o.node.chain.ended {
				o.node.pipe.warn(o.node.name, errors.New("the seek came after the end of the stream: seek with Flush"))
				return
			}
			if err := o.begin(); err != nil && !isFlow(err) {
				o.node.fail(err)
			}
		})
	}
	return nil
}
