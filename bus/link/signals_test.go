package link_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func connect(t *testing.T, p *eiengine.Pipeline, element, signal string, f any) {
	t.Helper()
	if _, err := p.Connect(element, signal, f); err != nil {
		t.Fatal(err)
	}
}

// TestAppSrcAsksForData pushes a frame whenever the source asks for one.
func TestAppSrcAsksForData(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in blocksize=50 caps="+tiny+" ! appsink name=out sync=false")
	var pushed int
	connect(t, p, "in", "need-data", func(bytes uint) {
		if bytes != 50 {
			t.Errorf("asked for %d bytes, want 50", bytes)
		}
		if pushed == 10 {
			src(p).EndOfStream()
			return
		}
		if err := src(p).Push(ctx, pooled(t, p, nil, 24, byte(pushed))); err != nil {
			t.Error(err)
		}
		pushed++
	})
	p.SetState(eiengine.Playing)
	var got []byte
	for f := range sink(p).Frames(ctx) {
		got = append(got, f.Bytes()[0])
		f.Release()
	}
	if !slices.Equal(got, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("got %v", got)
	}
}

func TestAppSrcAsksBeforeItIsEmpty(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in max-bytes=240 min-percent=50 caps="+tiny+" ! appsink name=out sync=false")
	asked := make(chan uint64, 100)
	connect(t, p, "in", "need-data", func(uint) {
		level, err := p.Get("in", "current-level-buffers")
		if err != nil {
			t.Error(err)
		}
		asked <- uint64(level[0] - '0')
	})
	for i := range 9 {
		if err := src(p).Push(ctx, pooled(t, p, nil, 24, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	src(p).EndOfStream()
	p.SetState(eiengine.Playing)
	for f := range sink(p).Frames(ctx) {
		f.Release()
	}
	if first := <-asked; first != 4 {
		t.Errorf("asked first with %d frames left, want 4: fewer than half of max-bytes", first)
	}
}

func TestAppSrcSaysThatItHasEnough(t *testing.T) {
	ctx := graphtest.Context(t)
	for line, want := range map[string]int{
		"max-buffers=3": 2, "max-bytes=72": 2, "max-time=300000000": 2,
		"max-buffers=3 leaky-type=downstream": 2, "max-buffers=3 emit-signals=false leaky-type=upstream": 0,
	} {
		p := graphtest.Launch(t, "appsrc name=in "+line+" caps="+tiny+" ! appsink name=out sync=false")
		enough := 0
		connect(t, p, "in", "enough-data", func() { enough++ })
		for i := range 5 {
			f := pooled(t, p, nil, 24, byte(i))
			f.PTS, f.Duration = time.Duration(i)*100*time.Millisecond, 100*time.Millisecond
			err := src(p).Push(ctx, f)
			if full := i > 2 && !strings.Contains(line, "leaky"); (err != nil) != full {
				t.Errorf("%s: frame %d: %v", line, i, err)
			}
		}
		if enough != want {
			t.Errorf("%s: enough %d times, want %d", line, enough, want)
		}
		if v, err := p.Get("in", "current-level-time"); v != "300000000" || err != nil {
			t.Errorf("%s: current-level-time is %s, %v", line, v, err)
		}
		src(p).EndOfStream()
		p.SetState(eiengine.Playing)
		for f := range sink(p).Frames(ctx) {
			f.Release()
		}
	}
}

func TestAppSrcSeeks(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in stream-type=seekable duration=1000000000 caps="+tiny+" ! appsink name=out sync=false")
	if err := src(p).Push(ctx, pooled(t, p, nil, 24, 0)); err != nil {
		t.Fatal(err)
	}
	p.SetState(eiengine.Paused)
	if err := p.WaitState(ctx, eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	if err := p.Seek(ctx, eiengine.SeekEvent{Position: 300 * time.Millisecond, Flush: true}); err == nil || !strings.Contains(err.Error(), "seek-data") {
		t.Errorf("%v, want an error that names seek-data", err)
	}
	connect(t, p, "in", "seek-data", func(to time.Duration) bool {
		for i := max(0, int(to/(100*time.Millisecond))-2); i < 10; i++ { // begins before, as coarse programs do
			f := pooled(t, p, nil, 24, byte(i))
			f.PTS, f.Duration = time.Duration(i)*100*time.Millisecond, 100*time.Millisecond
			if err := src(p).Push(ctx, f); err != nil {
				t.Error(err)
			}
		}
		src(p).EndOfStream()
		return true
	})
	if err := p.Seek(ctx, eiengine.SeekEvent{Position: 300 * time.Millisecond, Stop: 600 * time.Millisecond, Flush: true}); err != nil {
		t.Fatal(err)
	}
	p.SetState(eiengine.Playing)
	var got []byte
	for f := range sink(p).Frames(ctx) {
		got = append(got, f.Bytes()[0])
		f.Release()
	}
	if !slices.Equal(got, []byte{3, 4, 5}) {
		t.Errorf("got frames %v, want 3 to 5", got)
	}
	if d, known := p.Duration(); d != time.Second || !known {
		t.Errorf("the stream lasts %v, %v", d, known)
	}
}

func TestActionsDoWhatTheMethodsDo(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out sync=false")
	do := func(element, action string, args ...any) []any {
		t.Helper()
		results, err := p.Do(element, action, args...)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	for i, r := range [][]any{
		do("in", "push-buffer", ctx, pooled(t, p, nil, 24, 0)), do("in", "push-sample", ctx, pooled(t, p, nil, 24, 1)),
		do("in", "push-buffer-list", ctx, []*frames.Frame{pooled(t, p, nil, 24, 2), pooled(t, p, nil, 24, 3)}),
	} {
		if r[0] != nil {
			t.Errorf("push %d: %v", i, r[0])
		}
	}
	do("in", "end-of-stream")
	p.SetState(eiengine.Playing)
	for i := range 4 {
		var r []any
		if i%2 == 0 {
			r = do("out", "pull-sample", ctx)
		} else {
			r = do("out", "try-pull-sample", 10*time.Second)
		}
		f := r[0].(*frames.Frame)
		if f == nil || f.Bytes()[0] != byte(i) {
			t.Fatalf("pull %d: %v", i, r)
		}
		f.Release()
	}
	if r := do("out", "try-pull-sample", time.Second); !errors.Is(r[1].(error), io.EOF) {
		t.Errorf("after the last one: %v", r)
	}
}

func TestAppSinkGivesWhatItHoldsWhilePaused(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out sync=false emit-signals=true")
	var prerolls, samples atomic.Int64
	ended := make(chan struct{})
	connect(t, p, "out", "new-preroll", func() { prerolls.Add(1) })
	connect(t, p, "out", "new-sample", func() { samples.Add(1) })
	connect(t, p, "out", "eos", func() { close(ended) })
	if r, err := p.Do("out", "try-pull-preroll", time.Millisecond); err != nil || !errors.Is(r[1].(error), context.DeadlineExceeded) {
		t.Errorf("before the first frame: %v, %v", r, err)
	}
	for i := range 3 {
		if err := src(p).Push(ctx, pooled(t, p, nil, 24, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	src(p).EndOfStream()
	p.SetState(eiengine.Paused)
	if err := p.WaitState(ctx, eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	held, err := sink(p).PullPreroll(ctx)
	if err != nil || held.Bytes()[0] != 0 || prerolls.Load() != 1 || samples.Load() != 0 {
		t.Fatalf("held %v, %v; %d prerolls, %d samples", held, err, prerolls.Load(), samples.Load())
	}
	held.Release()
	p.SetState(eiengine.Playing)
	<-ended
	if samples.Load() != 3 || prerolls.Load() != 1 {
		t.Errorf("told %d samples, %d prerolls; want 3 and 1", samples.Load(), prerolls.Load())
	}
	for i := range 3 {
		f, err := sink(p).Pull(ctx)
		if err != nil || f.Bytes()[0] != byte(i) {
			t.Fatalf("frame %d: %v, %v", i, f, err)
		}
		f.Release()
	}
	if _, err := sink(p).PullPreroll(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v, want io.EOF", err)
	}
}
