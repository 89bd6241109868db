package link

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// place is the part of its stream that an appsrc gives.
type place struct {
	from, stop time.Duration // wanted, since the last seek; stop is NoTime for no end
	next       time.Duration // the end of the last frame
}

// verdict is whether a frame belongs to the part that is wanted.
type verdict int

const (
	wanted verdict = iota
	tooEarly
	tooLate
)

func (p *place) judge(f *frames.Frame) verdict {
	if f.PTS < 0 {
		return wanted
	}
	end := f.PTS + max(f.Duration, 0)
	switch {
	case p.stop >= 0 && f.PTS >= p.stop:
		return tooLate
	case end < p.from, end == p.from && f.Duration > 0:
		return tooEarly
	}
	p.next = end
	return wanted
}

// SeekRange implements eiengine.Seeker.
func (a *AppSrc) SeekRange() (eiengine.SeekRange, error) {
	p := a.Load()
	switch {
	case p.StreamType == typeStream:
		return eiengine.SeekRange{}, errors.New("appsrc gives its stream once: set stream-type=seekable and connect to seek-data")
	case len(p.SeekData.Handlers()) == 0:
		return eiengine.SeekRange{}, errors.New("nobody tells appsrc how to seek: connect to its signal seek-data")
	}
	r := eiengine.SeekRange{Stop: frames.NoTime}
	if p.Length <= math.MaxInt64 {
		r.Stop = time.Duration(p.Length)
	}
	return r, nil
}

// Seek implements eiengine.Seeker: it drops what is queued and asks the program.
// What the program pushes then that ends before the position is dropped too.
func (a *AppSrc) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	was = a.place.next
	a.queue.change(func() { a.queue.err, a.queue.ended = nil, false })
	a.queue.flush()
	for _, seek := range a.Load().SeekData.Handlers() {
		if !seek(to.Position) {
			return was, fmt.Errorf("the program does not go to %v of its stream", to.Position)
		}
	}
	stop := to.Stop
	if stop <= 0 {
		stop = frames.NoTime
	}
	a.place = place{from: to.Position, stop: stop, next: to.Position}
	a.asked = false
	return was, nil
}
