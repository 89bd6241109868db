package link_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestAppSrcWhenFull(t *testing.T) {
	ctx := graphtest.Context(t)
	push := func(line string, n int) (*eiengine.Pipeline, []error) {
		p := graphtest.Launch(t, line)
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

func TestAppSrcStampsFrames(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in is-live=true do-timestamp=true num-buffers=2 ! appsink name=out sync=false")
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
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "appsrc name=in caps="+tiny+" ! appsink name=out")
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
	p = graphtest.Launch(t, "appsrc name=in caps=video/x-raw,format=RGB ! appsink name=out")
	if err := src(p).PushBytes(ctx, make([]byte, 24), 0); err == nil || !strings.Contains(err.Error(), "fixed caps") {
		t.Errorf("open caps: %v", err)
	}
	_, err = p.Engine().Launch("appsrc caps=" + tiny + " ! appsink caps=audio/x-raw")
	if err == nil {
		t.Error("appsink took video although its caps say audio")
	}
}
