package eiengine_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// frame is when frame n of 30 in a second begins.
func frame(n int64) time.Duration { return frames.Fraction{Num: 30, Den: 1}.Time(n) }

// paused takes a pipeline to paused.
func paused(t testing.TB, p *eiengine.Pipeline) *eiengine.Pipeline {
	t.Helper()
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	return p
}

func seek(t testing.TB, p *eiengine.Pipeline, to eiengine.SeekEvent) {
	t.Helper()
	if err := p.Seek(soon(t), to); err != nil {
		t.Fatal(err)
	}
}

// playToEnd plays a pipeline to the end of its stream and stops it.
func playToEnd(t testing.TB, p *eiengine.Pipeline) {
	t.Helper()
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
}

func stop(t testing.TB, p *eiengine.Pipeline) {
	t.Helper()
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// span is from, from+1 up to but without to.
func span(from, to uint64) []uint64 {
	var list []uint64
	for ; from < to; from++ {
		list = append(list, from)
	}
	return list
}

func (e *collect) numbers() []uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.seqs)
}

// Every kind of boundary stands once between the source and the sink.
var seekLines = map[string]string{
	"one chain":      "counter num-buffers=300 ! pass ! collect name=s",
	"queue":          "counter num-buffers=300 ! buffer max=3 ! collect name=s",
	"queues":         "counter num-buffers=300 ! buffer ! pass ! buffer max=1 ! pass ! collect name=s",
	"async":          "counter num-buffers=300 ! later ! collect name=s",
	"async, queue":   "counter num-buffers=300 ! buffer ! later ! buffer ! collect name=s",
	"aggregator":     "counter num-buffers=300 ! merge ! collect name=s",
	"three on a tee": "counter num-buffers=300 ! fork name=t  t. ! collect name=s  t. ! buffer ! collect name=s1  t. ! buffer ! later ! merge ! collect name=s2",
}

func TestSeekWhilePausedGoesToTheFrame(t *testing.T) {
	for name, line := range seekLines {
		t.Run(name, func(t *testing.T) {
			p := paused(t, launch(t, newEngine(t, eiengine.Options{}), line))
			seek(t, p, eiengine.SeekEvent{Position: frame(150), Flush: true})
			if state, _ := p.State(); state != eiengine.Paused {
				t.Errorf("the pipeline is %v after the seek, want paused", state)
			}
			if got := p.Position(); got != frame(150) {
				t.Errorf("the position is %v while paused, want %v", got, frame(150))
			}
			playToEnd(t, p)
			for _, s := range []string{"s", "s1", "s2"} {
				e, ok := p.Element(s).(*collect)
				if !ok {
					continue
				}
				if got := e.numbers(); !slices.Equal(got, span(150, 300)) {
					t.Errorf("%s got the frames %v, want 150 to 299", s, got)
				}
			}
			stop(t, p)
		})
	}
}

func TestSeekAfterTheEndPlaysAgain(t *testing.T) {
	for name, line := range seekLines {
		t.Run(name, func(t *testing.T) {
			p := launch(t, newEngine(t, eiengine.Options{}), line)
			playToEnd(t, p)
			before := sink(p, "s").count()
			seek(t, p, eiengine.SeekEvent{Position: frame(290), Flush: true})
			if err := p.Wait(soon(t)); err != nil {
				t.Fatal(err)
			}
			if got := sink(p, "s").numbers()[before:]; !slices.Equal(got, span(290, 300)) {
				t.Errorf("the sink got the frames %v after the seek, want 290 to 299", got)
			}
			if got := p.Position(); got != frame(299)+frame(1) {
				t.Errorf("the position is %v at the end, want %v", got, frame(299)+frame(1))
			}
			stop(t, p)
		})
	}
}

func TestStopEndsTheStreamAtThatFrame(t *testing.T) {
	for name, line := range seekLines {
		t.Run(name, func(t *testing.T) {
			p := paused(t, launch(t, newEngine(t, eiengine.Options{}), line))
			seek(t, p, eiengine.SeekEvent{Position: frame(10), Stop: frame(20), Flush: true})
			playToEnd(t, p)
			if got := sink(p, "s").numbers(); !slices.Equal(got, span(10, 20)) {
				t.Errorf("the sink got the frames %v, want 10 to 19", got)
			}
			stop(t, p)
		})
	}
}

func TestSeekBeyondTheEndEndsTheStream(t *testing.T) {
	p := paused(t, launch(t, newEngine(t, eiengine.Options{}), seekLines["queue"]))
	seek(t, p, eiengine.SeekEvent{Position: time.Hour, Flush: true})
	playToEnd(t, p)
	if got := sink(p, "s").count(); got != 0 {
		t.Errorf("the sink got %d frames, want none", got)
	}
	stop(t, p)
}

func TestManySeeksWhilePlaying(t *testing.T) {
	for name, line := range seekLines {
		t.Run(name, func(t *testing.T) {
			line := strings.ReplaceAll(line, "name=s", "sync=true name=s")
			p := launch(t, newEngine(t, eiengine.Options{}), line)
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(1, 2))
			for range 200 / len(seekLines) {
				n := random.Int64N(280)
				seek(t, p, eiengine.SeekEvent{Position: frame(n), Flush: true})
				if got := p.Position(); got < frame(n) || got > frame(n)+time.Minute {
					t.Fatalf("the position is %v after a seek to %v", got, frame(n))
				}
				if random.IntN(4) == 0 {
					p.SetState(eiengine.State(int(eiengine.Paused) + random.IntN(2)))
				}
			}
			before := sink(p, "s").count()
			seek(t, p, eiengine.SeekEvent{Position: frame(297), Flush: true})
			playToEnd(t, p)
			got := sink(p, "s").numbers()
			if got = got[len(got)-3:]; !slices.Equal(got, span(297, 300)) {
				t.Errorf("the last frames are %v, want 297 to 299 (%d came before)", got, before)
			}
			stop(t, p)
		})
	}
}

func TestSeekWithoutFlushLosesNothing(t *testing.T) {
	clock := eiengine.NewFakeClock()
	p := launch(t, newEngine(t, eiengine.Options{Clock: clock}), "counter num-buffers=300 ! buffer max=2 ! collect sync=true name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	seek(t, p, eiengine.SeekEvent{Position: frame(290)})
	until(t, "all frames are shown", func() bool {
		clock.Advance(frame(1))
		s := sink(p, "s")
		return s.count() > 0 && s.numbers()[s.count()-1] == 299
	})
	got := sink(p, "s").numbers()
	i := slices.Index(got, 290)
	if !slices.Equal(got[:i], span(0, uint64(i))) || !slices.Equal(got[i:], span(290, 300)) {
		t.Errorf("the sink got the frames %v, want some from 0 on without a gap, then 290 to 299", got)
	}
	s := p.Segment()
	if want := (eiengine.SegmentEvent{Start: frame(290), Stop: frames.NoTime, Base: frame(int64(i))}); s != want {
		t.Errorf("the segment is %+v, want %+v", s, want)
	}
	stop(t, p)
}

func TestRunningTimeBeginsAnewAfterASeek(t *testing.T) {
	clock := eiengine.NewFakeClock()
	p := paused(t, launch(t, newEngine(t, eiengine.Options{Clock: clock}), "counter num-buffers=300 ! collect sync=true name=s"))
	clock.Advance(time.Hour)
	seek(t, p, eiengine.SeekEvent{Position: 5*time.Second + 10*time.Millisecond, Stop: 5*time.Second + 100*time.Millisecond, Flush: true})
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	tick(t, p, clock)
	s := sink(p, "s")
	if got := s.numbers(); !slices.Equal(got, span(150, 153)) {
		t.Fatalf("the sink got the frames %v, want 150 to 152", got)
	}
	for i, want := range []time.Duration{0, 24 * time.Millisecond, 57 * time.Millisecond} {
		if got := s.times[i] - time.Hour; got != want {
			t.Errorf("frame %d was shown at %v, want %v: 10 ms earlier than if it had begun at 5 s", 150+i, got, want)
		}
	}
	stop(t, p)
}

func TestKeyUnitBeginsWithTheWholeFrame(t *testing.T) {
	p := paused(t, launch(t, newEngine(t, eiengine.Options{}), "counter ! collect"))
	seek(t, p, eiengine.SeekEvent{Position: 5*time.Second + 10*time.Millisecond, KeyUnit: true, Flush: true})
	if s := p.Segment(); s.Start != 5*time.Second {
		t.Errorf("the segment begins at %v, want 5s", s.Start)
	}
	stop(t, p)
}

// still is a source that has no other place to go to.
type still struct{ eiengine.Settings[countProps] }

func (s *still) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }
func (s *still) IsLive() bool                         { return s.Load().Live }

func (s *still) Read(c *eiengine.Ctx) error {
	f, err := c.NewFrame(0)
	if err != nil {
		return err
	}
	return c.Push(0, f)
}

func TestSeeksThatCannotBeDoneSayWhy(t *testing.T) {
	flush := eiengine.SeekEvent{Position: time.Second, Flush: true}
	for _, c := range []struct {
		line string
		to   eiengine.SeekEvent
		want string
	}{
		{"still name=source ! collect", flush, "source: still has no other place"},
		{"counter name=camera is-live=true ! collect", flush, "camera: it is live"},
		{"counter ! merge name=m  still name=other ! m.  m. ! collect", flush, "other: still has"},
		{"counter ! collect", eiengine.SeekEvent{Rate: 2, Flush: true}, "rate 2"},
		{"counter ! collect", eiengine.SeekEvent{Position: -1, Flush: true}, "0 or more"},
		{"counter ! collect", eiengine.SeekEvent{Position: 2, Stop: 1, Flush: true}, "behind the position"},
		{"counter num-buffers=1 ! collect", eiengine.SeekEvent{Position: 1}, "set Flush"},
	} {
		e := newEngine(t, eiengine.Options{})
		if err := e.Registry().Register(eiengine.Factory{Name: "still", Pads: []eiengine.PadTemplate{eiengine.SrcPad(rgb)},
			New: func() eiengine.Element { return new(still) }}); err != nil {
			t.Fatal(err)
		}
		p := paused(t, launch(t, e, c.line))
		if strings.Contains(c.line, "num-buffers") {
			playToEnd(t, p)
		}
		err := p.Seek(soon(t), c.to)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s, %+v: the error is %v, want one line with %q", c.line, c.to, err, c.want)
		}
		stop(t, p)
		if err := p.Seek(soon(t), flush); err == nil || c.to == flush && !strings.Contains(err.Error(), "is null; pause or play it first") {
			t.Errorf("%s: the error of a seek at null is %v", c.line, err)
		}
	}
}

func TestStopDuringASeek(t *testing.T) {
	for range 20 {
		p := paused(t, launch(t, newEngine(t, eiengine.Options{}), seekLines["queues"]))
		done := make(chan error)
		go func() { done <- p.Seek(soon(t), eiengine.SeekEvent{Position: frame(9), Flush: true}) }()
		stop(t, p)
		<-done // nil or an error, but it returns
	}
}
