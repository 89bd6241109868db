package infer_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
	_ "github.com/eiengine/eiengine/infer"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/eimserve"
)

// The test binary is also the models that the tests run: with one of these as
// its first argument it serves the protocol instead of testing.
const (
	roleShapes = "role=shapes" // builtin:shapes in a process of its own
	roleProbe  = "role=probe"  // a probe model, see probe_test.go
	roleFinder = "role=finder" // finds what is bright, see mapping_test.go
	roleReplay = "role=replay" // answers with recordings, see replay_test.go
	roleStamp  = "role=stamp"  // the smallest model process, see stamp_test.go
	roleRecord = "role=record" // passes on to a real model and keeps what it is fed
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case roleShapes:
			os.Exit(serve(os.Args[2:], func() (backend.Model, error) { return builtin.Open("shapes") }))
		case roleProbe:
			os.Exit(serve(os.Args[2:], newProbe))
		case roleFinder:
			os.Exit(serve(os.Args[2:], newFinder))
		case roleReplay:
			os.Exit(serveReplay(os.Args[2:]))
		case roleStamp:
			os.Exit(stamp(os.Args[2:]))
		case roleRecord:
			os.Exit(serve(os.Args[2:], newRecorder))
		}
	}
	// Models of the tests write what they saw there.
	if err := os.Setenv("EIENGINE_MODEL_WRITABLE", os.TempDir()); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// serve is a model process. Its number goes to the file PID_FILE, one a line.
func serve(args []string, open func() (backend.Model, error)) int {
	if name := os.Getenv("PID_FILE"); name != "" {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Fprintln(f, os.Getpid())
		f.Close()
	}
	m, err := open()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer m.Close()
	return eimserve.Main(m, args)
}

// program writes a .eim that runs this test binary in a role, with environment.
func program(t testing.TB, role string, env ...string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), strings.TrimPrefix(role, "role=")+".eim")
	var b strings.Builder
	b.WriteString("#!/bin/sh\nGORACE=atexit_sleep_ms=0\nexport GORACE\n")
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		fmt.Fprintf(&b, "%s='%s'\nexport %s\n", name, value, name)
	}
	fmt.Fprintf(&b, "exec '%s' %s \"$@\"\n", exe, role)
	if err := os.WriteFile(path, []byte(b.String()), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// recorder passes on to the model MODEL and appends what it is fed to RECORD.
type recorder struct {
	backend.Model
	out *bufio.Writer
	f   *os.File
}

func newRecorder() (backend.Model, error) {
	m, err := eim.Open(context.Background(), os.Getenv("MODEL"), eim.Options{})
	if err != nil {
		return nil, err
	}
	f, err := os.Create(os.Getenv("RECORD"))
	return &recorder{Model: m, f: f, out: bufio.NewWriter(f)}, err
}

func (r *recorder) Classify(ctx context.Context) (*backend.Result, error) {
	if err := r.keep(r.Input()); err != nil {
		return nil, err
	}
	return r.Model.Classify(ctx)
}

func (r *recorder) ClassifyContinuous(ctx context.Context) (*backend.Result, error) {
	if err := r.keep(r.Input()[:r.Info().SliceSize]); err != nil {
		return nil, err
	}
	return r.Model.ClassifyContinuous(ctx)
}

func (r *recorder) keep(in []float32) error {
	if _, err := r.f.Write(floatBytes(in)); err != nil {
		return err
	}
	return nil
}

func (r *recorder) Close() error {
	r.f.Close()
	return r.Model.Close()
}

// feeder is a source that a test writes to; sent frames carry what make gives.
type feeder struct {
	eiengine.Settings[eiengine.NoProps]
	format *frames.Format
	size   int
	fill   func(n int, f *frames.Frame) error // io.EOF ends the stream
	n      int
}

func (s *feeder) Configure(_ *eiengine.Ctx, _, out *frames.Format) error { return nil }
func (s *feeder) Limit() frames.Caps                                     { return s.format.Caps() }
func (s *feeder) Start(*eiengine.Ctx) error                              { s.n = 0; return nil }
func (s *feeder) Stop(*eiengine.Ctx) error                               { return nil }

func (s *feeder) Read(c *eiengine.Ctx) error {
	format := c.OutFormat(0)
	size := s.size
	if size == 0 {
		size = format.FrameSize()
	}
	f, err := c.NewBuffer(format, size)
	if err != nil {
		return err
	}
	f.Seq, f.Mono = uint64(s.n), c.Now()
	if err := s.fill(s.n, f); err != nil {
		f.Release()
		return err
	}
	s.n++
	return c.Push(0, f)
}

// seen is a frame that arrived at the end.
type seen struct {
	seq     uint64
	pts     time.Duration
	size    int
	regions []*frames.Region
	metas   []string
	result  *frames.InferenceResult
	first   byte
	lit     bool // a byte is not zero; only if the collector looks
}

type collector struct {
	eiengine.Settings[eiengine.NoProps]
	bare   bool // count only
	lit    bool // look for what is not black
	mu     sync.Mutex
	frames []seen
	each   func(n int)
}

func (s *collector) Process(_ *eiengine.Ctx, f *frames.Frame) error {
	if s.bare {
		f.Release()
		return nil
	}
	r, _ := frames.MetaOf[*frames.InferenceResult](f)
	one := seen{seq: f.Seq, pts: f.PTS, size: f.Size(), regions: f.Regions(), result: r, first: f.Bytes()[0]}
	one.lit = s.lit && slices.ContainsFunc(f.Bytes(), func(b byte) bool { return b != 0 })
	for m := range f.Metas() {
		one.metas = append(one.metas, m.MetaName())
	}
	f.Release()
	s.mu.Lock()
	s.frames = append(s.frames, one)
	n, each := len(s.frames), s.each
	s.mu.Unlock()
	if each != nil {
		each(n)
	}
	return nil
}

func (s *collector) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.frames)
}

type busMessage = bus.Message

// rig is a pipeline "feed ! ELEMENTS ! collect" and everything it said.
type rig struct {
	t       testing.TB
	engine  *eiengine.Engine
	p       *eiengine.Pipeline
	out     *collector
	sub     *bus.Subscription
	mu      sync.Mutex
	msgs    []*bus.Message
	read    chan struct{}
	changed chan struct{}
}

func newRig(t testing.TB, src *feeder, elements string) *rig {
	t.Helper()
	return newRigOf(t, "feed ! "+elements, source("feed", src))
}

// source is a kind of element of which there is one.
func source(name string, src *feeder) eiengine.Factory {
	return eiengine.Factory{
		Name: name, Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())}, New: func() eiengine.Element { return src },
	}
}

// newRigOf is a rig of "TEXT ! collect", with more kinds of elements.
func newRigOf(t testing.TB, text string, more ...eiengine.Factory) *rig {
	t.Helper()
	return newRigAt(t, nil, text, more...)
}

// newRigAt is newRigOf by another clock.
func newRigAt(t testing.TB, clock eiengine.Clock, text string, more ...eiengine.Factory) *rig {
	t.Helper()
	reg := eiengine.NewRegistry()
	for _, f := range eiengine.DefaultRegistry().All() {
		if err := reg.Register(*f); err != nil {
			t.Fatal(err)
		}
	}
	out := &collector{}
	more = append(more, eiengine.Factory{
		Name: "collect", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())}, New: func() eiengine.Element { return out },
	})
	for _, f := range more {
		if err := reg.Register(f); err != nil {
			t.Fatal(err)
		}
	}
	r := &rig{t: t, engine: eiengine.New(eiengine.Options{Registry: reg, Clock: clock}), out: out, read: make(chan struct{}), changed: make(chan struct{}, 1)}
	var err error
	if r.p, err = r.engine.Launch(text + " ! collect"); err != nil {
		t.Fatal(err)
	}
	r.sub = r.p.Bus().Subscribe(1 << 16)
	go func() {
		defer close(r.read)
		for m := range r.sub.All(context.Background()) {
			r.mu.Lock()
			r.msgs = append(r.msgs, m)
			r.mu.Unlock()
			select {
			case r.changed <- struct{}{}:
			default:
			}
		}
	}()
	t.Cleanup(func() {
		if err := r.engine.Close(); err != nil {
			t.Error(err)
		}
		<-r.read
		if n := r.engine.Pool().Stats().InUse; n != 0 {
			t.Errorf("%d bytes of frames leaked: %s", n, r.engine.Pool().Leaks())
		}
	})
	return r
}

// run plays to the end.
func (r *rig) run() {
	r.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	if err := r.p.Run(ctx); err != nil {
		r.t.Fatal(err)
	}
	r.settle()
}

// settle returns when every message so far was read.
func (r *rig) settle() {
	r.p.Bus().Publish(&bus.Message{Type: bus.TypeInfo, Src: "test", Payload: &bus.Notice{Name: "test-settled"}})
	r.await(func(m *bus.Message) bool { return m.Payload.StructureName() == "test-settled" })
}

// await returns when a message was seen for which want is true.
func (r *rig) await(want func(m *bus.Message) bool) *bus.Message {
	r.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		r.mu.Lock()
		for _, m := range r.msgs {
			if want(m) {
				r.mu.Unlock()
				return m
			}
		}
		r.mu.Unlock()
		select {
		case <-r.changed:
		case <-limit:
			r.t.Fatal("the message did not come within 30 s")
		}
	}
}

func payloads[T bus.Payload](r *rig) (all []T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.msgs {
		if p, ok := m.Payload.(T); ok {
			all = append(all, p)
		}
	}
	return all
}

func (r *rig) texts() string {
	var b strings.Builder
	for _, w := range payloads[*bus.Warning](r) {
		fmt.Fprintln(&b, "warning:", w.Text)
	}
	for _, i := range payloads[*bus.Info](r) {
		fmt.Fprintln(&b, "info:", i.Text)
	}
	return b.String()
}

// shapesFeed shows a scene of known shapes, n frames of 30 a second.
func shapesFeed(t testing.TB, n, width, height int, s *scene.Scene) *feeder {
	return pictures(t, n, frames.VideoInfo{Format: frames.RGB, Width: width, Height: height, FPS: frames.Fraction{Num: 30, Den: 1}},
		func(i int, p frames.Picture) { s.Draw(i, p.Data[0], p.Stride[0]) })
}

func pictures(t testing.TB, n int, info frames.VideoInfo, draw func(i int, p frames.Picture)) *feeder {
	t.Helper()
	format, err := frames.VideoFormat(info)
	if err != nil {
		t.Fatal(err)
	}
	return &feeder{format: format, fill: func(i int, f *frames.Frame) error {
		if i == n {
			return io.EOF
		}
		f.PTS = time.Duration(i) * time.Second / 30
		f.Duration = time.Second / 30
		draw(i, f.Picture())
		return nil
	}}
}
