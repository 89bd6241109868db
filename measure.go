package eiengine

import (
	"sync/atomic"
	"syscall"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Measure switches the measuring of times on or off, from the next call of an
// element on; see [ElementStats.Time]. It costs two readings of the clock for each
// element and frame, some tenths of a microsecond. Switching it on begins anew.
func (p *Pipeline) Measure(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.measuring.Store(0)
	if !on {
		return
	}
	for _, n := range p.nodes {
		n.forgetTimes()
	}
	p.span.begin(p.engine.clock)
	p.measurements++
	p.measuring.Store(p.measurements)
}

// Usage is what a pipeline and the process that it runs in took.
type Usage struct {
	// Wall is the time since data began to flow, or since it began to be measured,
	// to the end of the stream, to the stop, or to now.
	Wall time.Duration
	// CPU is the processor time of the whole process meanwhile. Models that run as
	// processes of their own are not in it.
	CPU time.Duration
}

// Usage reads what the pipeline took. It is kept after a stop, to the next start.
func (p *Pipeline) Usage() Usage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.span.read(p.engine.clock)
}

// span is the time that Usage is about; Pipeline.mu guards it.
type span struct {
	begun, ended bool
	wall, cpu    time.Duration // at its begin; once ended how much it took
}

func (s *span) begin(c Clock) { *s = span{begun: true, wall: c.Now(), cpu: processTime()} }

func (s *span) end(c Clock) {
	if u := s.read(c); !s.ended {
		s.ended, s.wall, s.cpu = true, u.Wall, u.CPU
	}
}

func (s *span) read(c Clock) Usage {
	switch {
	case s.ended:
		return Usage{s.wall, s.cpu}
	case s.begun:
		return Usage{c.Now() - s.wall, processTime() - s.cpu}
	}
	return Usage{}
}

// processTime is the processor time of this process, 0 if the system does not say.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// meter is what was measured of an element.
type meter struct {
	busy     atomic.Int64 // nanoseconds
	frames   histogram
	late     histogram    // of a sink
	blocked  atomic.Int64 // nanoseconds that the producers of a queue waited
	starving atomic.Int64 // nanoseconds that the reader of a queue waited
}

// measured is the element's meter; the first call of a run makes it.
func (n *node) measured() *meter {
	if m := n.meter.Load(); m != nil {
		return m
	}
	n.meter.CompareAndSwap(nil, new(meter))
	return n.meter.Load()
}

// forgetTimes has the next call begin with a new meter.
func (n *node) forgetTimes() {
	n.meter.Store(nil)
	for _, lane := range n.lanes {
		lane.meter.Store(nil)
	}
}

// lap books the time since the last lap to the element that was being called. A lap
// of another measurement, or a rest, lies between: then there is nothing to book.
func (w *where) lap(p *Pipeline, measurement uint32) {
	now := p.engine.clock.Now()
	if w.node != nil && w.measurement == measurement {
		w.node.measured().busy.Add(int64(now - w.since))
	}
	w.measurement, w.since = measurement, now
}

// rest is called before whoever calls elements waits, or goes on elsewhere: that
// time is nobody's, up to the next lap or to goOn.
func (w *where) rest(p *Pipeline) {
	if m := p.measuring.Load(); m != 0 {
		w.lap(p, m)
		w.measurement = 0
	}
}

func (w *where) goOn(p *Pipeline) {
	if m := p.measuring.Load(); m != 0 {
		w.lap(p, m)
	}
}

// pusher is where the elements stand that the goroutine calls in which n pushes.
func (n *node) pusher() *where {
	if n.kind == kindAsync {
		return &n.chain.at
	}
	return n.at
}

// frameBegins and frameEnds stand around a call for one frame.
func (n *node) frameBegins() time.Duration {
	if n.pipe.measuring.Load() == 0 {
		return frames.NoTime
	}
	return time.Duration(n.measured().busy.Load())
}

func (n *node) frameEnds(begin time.Duration) {
	if begin != frames.NoTime && n.pipe.measuring.Load() != 0 {
		m := n.measured()
		m.frames.note(time.Duration(m.busy.Load()) - begin)
	}
}

// stopwatch is the time, or NoTime if nothing is measured.
func (n *node) stopwatch() time.Duration {
	if n.pipe.measuring.Load() == 0 {
		return frames.NoTime
	}
	return n.pipe.engine.clock.Now()
}

// passed is the time since the stopwatch was read, 0 if it stood.
func (n *node) passedSince(began time.Duration) time.Duration {
	if began == frames.NoTime {
		return 0
	}
	return n.pipe.engine.clock.Now() - began
}
