package link_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tiny = "video/x-raw,format=RGB,width=4,height=2,framerate=10/1" // 24 bytes

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
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in block=true caps="+tiny+" ! appsink name=out sync=false")
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

func TestPlaysAgain(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in ! appsink name=out sync=false")
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

func TestBlockedPushAndPullEndWithThePipeline(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in max-buffers=1 block=true ! appsink name=out max-buffers=1 sync=false")
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

	p = graphtest.Launch(t, "appsrc name=in ! appsink name=out sync=false")
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

// TestFailureReachesTheProgram: whoever pushes or pulls must not wait for ever.
func TestFailureReachesTheProgram(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in block=true max-buffers=1 ! appsink name=out sync=false caps=video/x-raw")
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

func TestNoAllocationPerFrame(t *testing.T) {
	if raceEnabled {
		t.Skip("headers are not recycled under the race detector")
	}
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in block=true max-buffers=4 ! appsink name=out sync=false max-buffers=4")
	p.SetState(eiengine.Playing)
	account := p.Engine().Pool().Account("test")
	step := func() {
		m, err := account.TryAlloc(1000)
		if err == nil {
			err = src(p).Push(ctx, frames.NewFrame(nil, m))
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := sink(p).Pull(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
	for range 1000 {
		step()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20000 {
		step()
	}
	runtime.ReadMemStats(&after)
	if n := float64(after.Mallocs-before.Mallocs) / 20000; n > 0.02 {
		t.Errorf("%.3f allocations per frame from the program and back, want none", n)
	}
}
