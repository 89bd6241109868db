package link_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tiny = "video/x-raw,format=RGB,width=4,height=2,framerate=10/1" // 24 bytes

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// launch builds a line on an engine of its own, which must have all its memory
// back when the test is over.
func launch(t *testing.T, text string) *eiengine.Pipeline {
	t.Helper()
	eng := eiengine.New(eiengine.Options{})
	p, err := eng.Launch(text)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if n := eng.Pool().Stats().InUse; n != 0 {
			t.Errorf("%d bytes of frames are left:\n%s", n, eng.Pool().Leaks())
		}
		if err := eng.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	return p
}

func src(p *eiengine.Pipeline) *link.AppSrc   { return p.Element("in").(*link.AppSrc) }
func sink(p *eiengine.Pipeline) *link.AppSink { return p.Element("out").(*link.AppSink) }

// pooled takes a frame of one byte value from the engine's memory.
func pooled(t *testing.T, p *eiengine.Pipeline, format *frames.Format, size int, value byte) *frames.Frame {
	t.Helper()
	m, err := p.Engine().Pool().Account("test").TryAlloc(size)
	if err != nil {
		t.Fatal(err)
	}
	copy(m.Bytes(), bytes.Repeat([]byte{value}, size))
	return frames.NewFrame(format, m)
}

func TestFramesGoThrough(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in block=true caps="+tiny+" ! appsink name=out sync=false")
	p.SetState(eiengine.Playing)
	failed := make(chan error, 1)
	go func() {
		for i := range 100 {
			pixels := bytes.Repeat([]byte{byte(i)}, 24)
			if err := src(p).PushBytes(ctx, pixels, time.Duration(i)*100*time.Millisecond); err != nil {
				failed <- err
				return
			}
		}
		src(p).EndOfStream()
		failed <- nil
	}()
	n := 0
	for f := range sink(p).Frames(ctx) {
		picture := f.Picture()
		if row := picture.Row(0, 1); row[11] != byte(n) || f.Seq != uint64(n) || f.PTS != time.Duration(n)*100*time.Millisecond || f.Mono < 0 {
			t.Errorf("frame %d: pixels %d, seq %d, PTS %v, Mono %v", n, row[11], f.Seq, f.PTS, f.Mono)
		}
		if !strings.Contains(f.Format.String(), "width=(int)4") {
			t.Errorf("frame %d is of format %v", n, f.Format)
		}
		f.Release()
		n++
	}
	if err := <-failed; err != nil || n != 100 {
		t.Errorf("%d frames came through, err %v; want 100", n, err)
	}
	if _, err := sink(p).Pull(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("after the end Pull gives %v, want io.EOF", err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Errorf("the pipeline ended with %v", err)
	}
	if err := src(p).PushBytes(ctx, make([]byte, 24), 0); !errors.Is(err, eiengine.ErrEOS) {
		t.Errorf("pushing after the end gives %v, want ErrEOS", err)
	}
}

func TestFramesHeldAfterStop(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in ! appsink name=out sync=false")
	for i := range 8 {
		if err := src(p).Push(ctx, pooled(t, p, nil, 1000, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	p.SetState(eiengine.Playing)
	var held []*frames.Frame
	for range 3 {
		f, err := sink(p).Pull(ctx)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, f)
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	pool := p.Engine().Pool()
	if used := pool.Stats().InUse; used < 3000 || used > 3*1024 {
		t.Errorf("%d bytes in use after stop, want those of the three frames held", used)
	}
	for i, f := range held {
		if f.Bytes()[999] != byte(i) {
			t.Errorf("frame %d changed while it was held", i)
		}
		f.Release()
	}
	if used := pool.Stats().InUse; used != 0 {
		t.Errorf("%d bytes in use after the last release:\n%s", used, pool.Leaks())
	}
	if _, err := sink(p).Pull(ctx); !errors.Is(err, eiengine.ErrFlushing) {
		t.Errorf("after stop Pull gives %v, want ErrFlushing", err)
	}
	if err := src(p).Push(ctx, pooled(t, p, nil, 10, 0)); !errors.Is(err, eiengine.ErrFlushing) {
		t.Errorf("after stop Push gives %v, want ErrFlushing", err)
	}
}

func TestPlaysAgain(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in ! appsink name=out sync=false")
	for run := range 3 {
		p.SetState(eiengine.Paused)
		for {
			err := src(p).Push(ctx, pooled(t, p, nil, 10, byte(run)))
			if err == nil {
				break
			}
			if !errors.Is(err, eiengine.ErrFlushing) || ctx.Err() != nil {
				t.Fatal(err)
			}
		}
		src(p).EndOfStream()
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		f, err := sink(p).Pull(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if f.Bytes()[0] != byte(run) || f.Seq != 0 {
			t.Errorf("run %d gave a frame of run %d, number %d", run, f.Bytes()[0], f.Seq)
		}
		f.Release()
		if err := p.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if err := p.Stop(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAppSrcWhenFull(t *testing.T) {
	ctx := testContext(t)
	push := func(line string, n int) (*eiengine.Pipeline, []error) {
		p := launch(t, line)
		var errs []error
		for i := range n {
			errs = append(errs, src(p).Push(ctx, pooled(t, p, nil, 100, byte(i))))
		}
		return p, errs
	}
	values := func(p *eiengine.Pipeline) (got []byte) {
		src(p).EndOfStream()
		p.SetState(eiengine.Playing)
		for f := range sink(p).Frames(ctx) {
			got = append(got, f.Bytes()[0])
			f.Release()
		}
		return got
	}

	p, errs := push("appsrc name=in max-buffers=2 ! appsink name=out sync=false", 3)
	if errs[1] != nil || !errors.Is(errs[2], link.ErrFull) || !strings.Contains(errs[2].Error(), "block=true") {
		t.Errorf("errors %v, want the third to be ErrFull with a remedy", errs)
	}
	if v, err := p.Get("in", "current-level-buffers"); v != "2" || err != nil {
		t.Errorf("current-level-buffers is %s, %v", v, err)
	}
	if got := values(p); !slices.Equal(got, []byte{0, 1}) {
		t.Errorf("got frames %v", got)
	}

	p, errs = push("appsrc name=in max-bytes=150 leaky-type=downstream ! appsink name=out sync=false", 5)
	if got := values(p); !slices.Equal(got, []byte{3, 4}) || errors.Join(errs...) != nil {
		t.Errorf("leaky-type=downstream: got frames %v, errors %v; want the newest", got, errs)
	}

	p, errs = push("appsrc name=in max-buffers=2 leaky-type=upstream ! appsink name=out sync=false", 5)
	if got := values(p); !slices.Equal(got, []byte{0, 1}) || errors.Join(errs...) != nil {
		t.Errorf("leaky-type=upstream: got frames %v, errors %v; want the oldest", got, errs)
	}

	p, _ = push("appsrc name=in max-buffers=2 block=true ! appsink name=out sync=false", 2)
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if err := src(p).Push(short, pooled(t, p, nil, 100, 2)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("block=true: %v, want to wait until the context ends", err)
	}
	if got := values(p); !slices.Equal(got, []byte{0, 1}) {
		t.Errorf("got frames %v", got)
	}
}

func TestBlockedPushAndPullEndWithThePipeline(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in max-buffers=1 block=true ! appsink name=out max-buffers=1 sync=false")
	p.SetState(eiengine.Playing)
	pushed := make(chan error, 1)
	go func() {
		for {
			if err := src(p).Push(ctx, pooled(t, p, nil, 10, 0)); err != nil {
				pushed <- err
				return
			}
		}
	}()
	f, err := sink(p).Pull(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f.Release()
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-pushed; !errors.Is(err, eiengine.ErrFlushing) {
		t.Errorf("the blocked Push gave %v, want ErrFlushing", err)
	}

	p = launch(t, "appsrc name=in ! appsink name=out sync=false")
	p.SetState(eiengine.Playing)
	pulled := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := sink(p).Pull(ctx)
			pulled <- err
		}()
	}
	src(p).EndOfStream()
	for range 2 {
		if err := <-pulled; !errors.Is(err, io.EOF) {
			t.Errorf("a waiting Pull gave %v, want io.EOF", err)
		}
	}
}

func TestAppSinkDropsOld(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in ! appsink name=out sync=false max-buffers=2 drop=true wait-on-eos=false")
	for i := range 9 {
		if err := src(p).Push(ctx, pooled(t, p, nil, 100, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	src(p).EndOfStream()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if v, err := p.Get("out", "eos"); v != "true" || err != nil {
		t.Errorf("eos is %s, %v", v, err)
	}
	var got []byte
	for f := range sink(p).Frames(ctx) {
		got = append(got, f.Bytes()[0])
		f.Release()
	}
	if !slices.Equal(got, []byte{7, 8}) {
		t.Errorf("got frames %v, want the newest two", got)
	}
	for _, s := range p.Stats() {
		if s.Name == "out" && s.Dropped != 7 {
			t.Errorf("%d frames were counted as dropped, want 7", s.Dropped)
		}
	}
}

func TestAppSinkKeepsTheClock(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out")
	for i := range 4 {
		if err := src(p).PushBytes(ctx, make([]byte, 24), time.Duration(i)*10*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	src(p).EndOfStream()
	start := time.Now()
	p.SetState(eiengine.Playing)
	for f := range sink(p).Frames(ctx) {
		f.Release()
	}
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("frames up to 30 ms took %v", took)
	}
}

func TestAppSrcStampsFrames(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in is-live=true do-timestamp=true num-buffers=2 ! appsink name=out sync=false")
	p.SetState(eiengine.Playing)
	for range 2 {
		if err := src(p).PushBytes(ctx, []byte("x"), frames.NoTime); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for f := range sink(p).Frames(ctx) {
		if f.PTS < 0 || f.PTS > 20*time.Second {
			t.Errorf("PTS %v", f.PTS)
		}
		f.Release()
		n++
	}
	if n != 2 {
		t.Errorf("%d frames, want num-buffers=2", n)
	}
}

func TestAppSrcChecksFrames(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out")
	if err := src(p).PushBytes(ctx, make([]byte, 23), 0); err == nil || !strings.Contains(err.Error(), "24") {
		t.Errorf("a short picture: %v", err)
	}
	gray, err := frames.VideoFormat(frames.VideoInfo{Format: frames.GRAY8, Width: 4, Height: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := src(p).Push(ctx, pooled(t, p, gray, 8, 0)); err == nil || !strings.Contains(err.Error(), "caps property") {
		t.Errorf("another format: %v", err)
	}
	p = launch(t, "appsrc name=in caps=video/x-raw,format=RGB ! appsink name=out")
	if err := src(p).PushBytes(ctx, make([]byte, 24), 0); err == nil || !strings.Contains(err.Error(), "fixed caps") {
		t.Errorf("open caps: %v", err)
	}
	_, err = p.Engine().Launch("appsrc caps=" + tiny + " ! appsink caps=audio/x-raw")
	if err == nil {
		t.Error("appsink took video although its caps say audio")
	}
}

// TestFailureReachesTheProgram: whoever pushes or pulls must not wait for ever.
func TestFailureReachesTheProgram(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "appsrc name=in block=true max-buffers=1 ! appsink name=out sync=false caps=video/x-raw")
	gray, err := frames.VideoFormat(frames.VideoInfo{Format: frames.GRAY8, Width: 4, Height: 2})
	if err != nil {
		t.Fatal(err)
	}
	p.SetState(eiengine.Playing)
	if err := src(p).Push(ctx, pooled(t, p, gray, 8, 0)); err != nil {
		t.Fatal(err)
	}
	f, err := sink(p).Pull(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f.Release()
	audio, err := frames.AudioFormat(frames.AudioInfo{Format: frames.S16LE, Rate: 8000, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := src(p).Push(ctx, pooled(t, p, audio, 8, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := sink(p).Pull(ctx); !errors.Is(err, eiengine.ErrFlushing) {
		t.Errorf("Pull gives %v", err)
	}
	if err := p.Wait(ctx); err == nil || !strings.Contains(err.Error(), "audio/x-raw") {
		t.Errorf("the pipeline failed with %v", err)
	}
	for err = nil; err == nil; {
		err = src(p).Push(ctx, pooled(t, p, gray, 8, 0))
	}
	if !errors.Is(err, eiengine.ErrFlushing) {
		t.Errorf("Push gives %v", err)
	}
}
