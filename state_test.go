package eiengine_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

func TestPausedPrerollsOneFramePerSink(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=a  t. ! buffer ! collect name=b")
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	if sink(p, "a").count()+sink(p, "b").count() != 0 {
		t.Error("frames were shown while paused")
	}
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	until(t, "frames come", func() bool { return sink(p, "a").count() > 10 && sink(p, "b").count() > 10 })
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	// At most the frame being shown comes after the pause.
	n := sink(p, "a").count()
	runtime.Gosched()
	if now := sink(p, "a").count(); now > n+1 {
		t.Errorf("%d frames more while paused", now-n)
	}
}

func TestLivePipelinesGiveNothingWhilePaused(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter is-live=true ! collect name=s")
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Stats() {
		if s.In+s.Out != 0 {
			t.Errorf("%s saw frames", s.Name)
		}
	}
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	until(t, "frames come", func() bool { return sink(p, "s").count() > 3 })
}

func TestSyncShowsFramesWhenTheyAreDue(t *testing.T) {
	clock := eiengine.NewFakeClock()
	e := newEngine(t, eiengine.Options{Clock: clock})
	p := launch(t, e, "counter num-buffers=4 ! collect name=s sync=true")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 4; i++ {
		if err := clock.BlockUntil(soon(t), 1); err != nil {
			t.Fatal(err)
		}
		if got := sink(p, "s").count(); got != i {
			t.Errorf("%d frames at %v, not %d", got, clock.Now(), i)
		}
		clock.Advance(time.Second / 30)
		until(t, "the next frame", func() bool { return sink(p, "s").count() > i || i == 3 })
	}
	go func() {
		for range 100 {
			clock.Advance(time.Second / 30)
			time.Sleep(time.Millisecond)
		}
	}()
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
}

func TestSendEOSEndsAnEndlessStream(t *testing.T) {
	for name, text := range map[string]string{
		"running": "counter ! buffer ! later ! collect",
		"blocked": "counter is-live=true block=true ! collect",
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, newEngine(t, eiengine.Options{}), text)
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			p.SendEOS()
			if err := p.Wait(soon(t)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLivePropertiesAreTold(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! pass name=x ! collect")
	sub := p.Bus().Subscribe(0, bus.TypePropertyNotify)
	defer sub.Close()
	if err := p.Set("x", "write", "true"); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("x", "text", "hello"); err != nil {
		t.Fatal(err)
	}
	x := p.Element("x").(*pass)
	until(t, "the element is told", func() bool { return x.changes.Load() == 1 })
	if v, err := p.Get("x", "text"); err != nil || v != "hello" {
		t.Errorf("got %q, %v", v, err)
	}
	for property, want := range map[string]string{"write": "stop it first", "nosuch": `no property "nosuch"`} {
		if err := p.Set("x", property, "1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", property, err, want)
		}
	}
}

func TestCapsChangedWhilePlayingRenegotiates(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), `counter ! capsfilter name=f ! collect name=s`)
	sub := p.Bus().Subscribe(0, bus.TypePropertyNotify)
	defer sub.Close()
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("f", "caps", "video/x-raw,width=64"); err != nil {
		t.Fatal(err)
	}
	for m, n := range bus.Payloads[*bus.PropertyNotify](soon(t), sub) {
		if n.Element == "s" && strings.Contains(n.Value, "width=(int)64") {
			return
		}
		_ = m
	}
	t.Error("the sink never got the new width")
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestTenThousandStartsAndStopsLeaveNothing(t *testing.T) {
	cycles := 10000
	if testing.Short() || raceEnabled {
		cycles = 500
		t.Logf("%d cycles only: short or race", cycles)
	}
	e := newEngine(t, eiengine.Options{})
	cycle := func() {
		p := launch(t, e, "counter num-buffers=2 ! buffer ! pass ! collect")
		if err := p.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		cycle()
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	goroutines, files, memory := runtime.NumGoroutine(), openFiles(t), heap()
	for range cycles {
		cycle()
	}
	// The last ones may have said that they are through and not have returned yet.
	until(t, "the goroutines return", func() bool { return runtime.NumGoroutine() <= goroutines })
	if now := openFiles(t); now > files {
		t.Errorf("%d open files, %d before", now, files)
	}
	if now := heap(); now > memory+1<<20 {
		t.Errorf("%d bytes of heap, %d before", now, memory)
	}
}
