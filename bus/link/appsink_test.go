package link_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestFramesHeldAfterStop(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in ! appsink name=out sync=false")
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

func TestAppSinkDropsOld(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in ! appsink name=out sync=false max-buffers=2 drop=true wait-on-eos=false")
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
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out")
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

// Example runs a frame of one's own through a pipeline.
func Example() {
	ctx := context.Background()
	p, err := eiengine.Default().Launch("appsrc name=in caps=video/x-raw,format=GRAY8,width=4,height=1,framerate=1/1 ! appsink name=out")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	in, out := p.Element("in").(*link.AppSrc), p.Element("out").(*link.AppSink)
	p.SetState(eiengine.Playing)
	if err := in.PushBytes(ctx, []byte{1, 2, 3, 4}, 0); err != nil {
		fmt.Println(err)
		return
	}
	in.EndOfStream()
	for f := range out.Frames(ctx) {
		fmt.Println(f.Format, f.Bytes())
		f.Release()
	}
	// Output: video/x-raw, format=(string)GRAY8, width=(int)4, height=(int)1, framerate=(fraction)1/1 [1 2 3 4]
}
