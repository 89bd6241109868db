package eiengine_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Elements for the tests of the runtime. They are as small as elements can be.

var rgb = frames.MustCaps("video/x-raw, format=RGB, width=[1,4096], height=[1,4096], framerate=[0/1,240/1]")

type countProps struct {
	eiengine.SourceProps
	Live  bool `prop:"is-live" doc:"Capture rather than generate"`
	Block bool `prop:"block" doc:"Block in Read until interrupted"`
}

// counter is a source that writes its frame number into the first byte.
type counter struct {
	eiengine.Settings[countProps]
	n    uint64
	stop time.Duration
}

func (s *counter) SeekRange() (eiengine.SeekRange, error) {
	return eiengine.SeekRange{Stop: frames.NoTime}, nil
}

func (s *counter) Seek(c *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	fps := c.OutFormat(0).Video.FPS
	was = fps.Time(int64(s.n))
	s.n, s.stop = uint64(int64(to.Position)*int64(fps.Num)/int64(fps.Den)/int64(time.Second)), to.Stop
	for fps.Time(int64(s.n)+1) <= to.Position {
		s.n++
	}
	if to.KeyUnit {
		to.Position = fps.Time(int64(s.n))
	}
	return was, nil
}

func (s *counter) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }
func (s *counter) IsLive() bool                         { return s.Load().Live }
func (s *counter) Start(*eiengine.Ctx) error            { s.n, s.stop = 0, 0; return nil }
func (s *counter) Stop(*eiengine.Ctx) error             { return nil }

func (s *counter) Fixate(_ *frames.Format, caps frames.Caps) frames.Caps {
	st := caps.Structures()[0]
	return frames.NewCaps(st.FixateInt("width", 32).FixateInt("height", 16).FixateFraction("framerate", frames.Fraction{Num: 30, Den: 1}))
}

func (s *counter) Read(c *eiengine.Ctx) error {
	if s.Load().Block {
		<-c.Context().Done()
		return c.Context().Err()
	}
	pts := c.OutFormat(0).Video.FPS.Time(int64(s.n))
	if limit := s.Load().NumBuffers; limit >= 0 && s.n >= uint64(limit) || s.stop > 0 && pts >= s.stop {
		return io.EOF
	}
	f, err := c.NewFrame(0)
	if err != nil {
		return err
	}
	f.PTS = f.Format.Video.FPS.Time(int64(s.n))
	f.Duration = f.Format.Video.FPS.Time(1)
	f.Mono = c.Now()
	f.Seq = s.n
	f.Bytes()[0] = byte(s.n)
	s.n++
	return c.Push(0, f)
}

// pass hands frames on; its properties make it misbehave.
type passProps struct {
	PanicAt int    `prop:"panic-at" default:"-1" min:"-1" doc:"Panic at this frame"`
	FailAt  int    `prop:"fail-at" default:"-1" min:"-1" doc:"Fail to process this frame"`
	FatalAt int    `prop:"fatal-at" default:"-1" min:"-1" doc:"Fail for good at this frame"`
	FaultAt int    `prop:"fault-at" default:"-1" min:"-1" doc:"Read memory that is gone at this frame"`
	Hang    bool   `prop:"hang,live" doc:"Block until the element must return"`
	Write   bool   `prop:"write" doc:"Write to the frame"`
	Text    string `prop:"text,live" doc:"Anything"`
}

type pass struct {
	eiengine.Settings[passProps]
	n       int
	changes atomic.Int32
}

func (e *pass) PropertyChanged(*eiengine.Ctx, string) error { e.changes.Add(1); return nil }

func (e *pass) Process(c *eiengine.Ctx, f *frames.Frame) error {
	p := e.Load()
	n := e.n
	e.n++
	switch n {
	case p.PanicAt:
		panic("as asked")
	case p.FaultAt:
		c.Drop(f)
		return readTruncated()
	case p.FailAt:
		c.Drop(f)
		return fmt.Errorf("frame %d is bad", n)
	case p.FatalAt:
		c.Drop(f)
		return eiengine.Fatal(fmt.Errorf("frame %d is the end", n))
	}
	if p.Hang {
		<-c.Context().Done()
	}
	if p.Write {
		if err := c.Writable(f); err != nil {
			f.Release()
			return err
		}
		f.Bytes()[0] = 255
	}
	return c.Push(0, f)
}

// readTruncated reads from a mapped file that somebody made shorter.
func readTruncated() error {
	file, err := os.CreateTemp("", "truncated")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := file.Truncate(8192); err != nil {
		return err
	}
	mapped, err := syscall.Mmap(int(file.Fd()), 0, 8192, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	defer syscall.Munmap(mapped)
	if err := file.Truncate(0); err != nil {
		return err
	}
	return fmt.Errorf("read %d from nowhere", mapped[4096])
}

// collect is a sink that remembers numbers.
type collectProps struct {
	eiengine.SinkProps
	Sync bool `prop:"sync" doc:"Wait for the clock"`
	Keep bool `prop:"keep" doc:"Keep the frames"`

	Count bool `prop:"count" doc:"Remember nothing"`
	Stop  int  `prop:"stop" doc:"End the stream after that many frames, 0 never"`
}

type collect struct {
	eiengine.Settings[collectProps]
	mu            sync.Mutex
	seqs          []uint64
	firsts        []byte
	kept          []*frames.Frame
	times         []time.Duration
	opens, closes int
	n             int
}

func (e *collect) Open(*eiengine.Ctx) error  { e.opens++; return nil }
func (e *collect) Close(*eiengine.Ctx) error { e.closes++; return nil }

func (e *collect) Rendering() eiengine.Rendering { p := e.Load(); return p.Rendering(p.Sync) }

func (e *collect) Process(c *eiengine.Ctx, f *frames.Frame) error {
	if p := e.Load(); p.Count {
		f.Release()
		if e.n++; p.Stop > 0 && e.n >= p.Stop {
			return eiengine.ErrEOS
		}
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seqs = append(e.seqs, f.Seq)
	e.firsts = append(e.firsts, f.Bytes()[0])
	e.times = append(e.times, c.Now())
	if e.Load().Keep {
		e.kept = append(e.kept, f)
		return nil
	}
	f.Release()
	return nil
}

func (e *collect) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.seqs)
}

type fork struct {
	eiengine.Settings[eiengine.NoProps]
}

func (*fork) Process(c *eiengine.Ctx, f *frames.Frame) error { return c.Broadcast(f) }

type buffer struct {
	eiengine.Settings[bufferProps]
}

type bufferProps struct {
	Max  int           `prop:"max" default:"5" doc:"Frames"`
	Leak eiengine.Leak `prop:"leak,live" doc:"Where it leaks"`
}

func (b *buffer) QueueLimits() eiengine.QueueLimits {
	p := b.Load()
	return eiengine.QueueLimits{Buffers: p.Max, Leak: p.Leak}
}

// later answers from goroutines of its own, out of order.
type laterProps struct {
	FailEvery int `prop:"fail-every" doc:"Fail every n-th frame, 0 never"`
}

type later struct {
	eiengine.Settings[laterProps]
	n       int
	working sync.WaitGroup
}

func (*later) Start(*eiengine.Ctx) error { return nil }

// Stop waits for answers that a seek made void: they hold frames.
func (e *later) Stop(*eiengine.Ctx) error {
	e.working.Wait()
	return nil
}

func (*later) Window() int { return 4 }

func (e *later) Submit(c *eiengine.Ctx, f *frames.Frame, done eiengine.Ticket) {
	n := e.n
	e.n++
	every := e.Load().FailEvery
	e.working.Go(func() {
		if n%2 == 0 {
			time.Sleep(time.Millisecond)
		}
		if every > 0 && n%every == every-1 {
			done.Fail(f, fmt.Errorf("no answer for %d", n))
			return
		}
		done.Done(f)
	})
}

// merge is an aggregator that passes on what comes.
type merge struct {
	eiengine.Settings[eiengine.NoProps]
}

func (*merge) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{Depth: 2} }

func (*merge) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	for i := range in.Pads() {
		if f := in.Take(i); f != nil {
			if err := c.Push(0, f); err != nil {
				return err
			}
		}
	}
	return nil
}

type limitProps struct {
	Caps frames.Caps `prop:"caps,live" doc:"What may pass"`
}

type limit struct{ eiengine.Settings[limitProps] }

func (l *limit) Limit() frames.Caps                           { return l.Load().Caps }
func (*limit) Process(c *eiengine.Ctx, f *frames.Frame) error { return c.Push(0, f) }

func testRegistry() *eiengine.Registry {
	r := eiengine.NewRegistry()
	any := frames.AnyCaps()
	requested := func(name string, d eiengine.Direction) eiengine.PadTemplate {
		return eiengine.PadTemplate{Name: name, Direction: d, Presence: eiengine.OnRequest, Caps: any}
	}
	for _, f := range []eiengine.Factory{
		{Name: "counter", Pads: []eiengine.PadTemplate{eiengine.SrcPad(rgb)}, New: func() eiengine.Element { return new(counter) }},
		{Name: "pass", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), eiengine.SrcPad(any)}, New: func() eiengine.Element { return new(pass) }},
		{Name: "later", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), eiengine.SrcPad(any)}, New: func() eiengine.Element { return new(later) }},
		{Name: "buffer", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), eiengine.SrcPad(any)}, New: func() eiengine.Element { return new(buffer) }},
		{Name: "capsfilter", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), eiengine.SrcPad(any)}, New: func() eiengine.Element { return new(limit) }},
		{Name: "fork", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), requested("src_%u", eiengine.Src)}, New: func() eiengine.Element { return new(fork) }},
		{Name: "merge", Pads: []eiengine.PadTemplate{requested("sink_%u", eiengine.Sink), eiengine.SrcPad(any)}, New: func() eiengine.Element { return new(merge) }},
		{Name: "collect", Pads: []eiengine.PadTemplate{eiengine.SinkPad(any)}, New: func() eiengine.Element { return new(collect) }},
		{Name: "pngonly", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.MustCaps("image/png"))}, New: func() eiengine.Element { return new(collect) }},
	} {
		if err := r.Register(f); err != nil {
			panic(err)
		}
	}
	return r
}

func newEngine(t testing.TB, o eiengine.Options) *eiengine.Engine {
	t.Helper()
	o.Registry = testRegistry()
	e := eiengine.New(o)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing the engine: %v", err)
		}
		if leaks := e.Pool().Leaks(); leaks != "" {
			t.Errorf("frames leaked:\n%s", leaks)
		}
	})
	return e
}

func launch(t testing.TB, e *eiengine.Engine, text string) *eiengine.Pipeline {
	t.Helper()
	p, err := e.Launch(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run(t testing.TB, p *eiengine.Pipeline) {
	t.Helper()
	if err := p.Run(soon(t)); err != nil {
		t.Fatal(err)
	}
}

func sink(p *eiengine.Pipeline, name string) *collect { return p.Element(name).(*collect) }

// until waits for a condition that another goroutine brings about.
func until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it did not happen within 30 s", what)
		}
		time.Sleep(time.Millisecond)
	}
}
