package eiengine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// pack makes batches of three frames.
type pack struct {
	eiengine.Settings[eiengine.NoProps]
	held []*frames.Frame
}

func (*pack) BatchAware() {}

func (e *pack) Process(c *eiengine.Ctx, f *frames.Frame) error {
	e.held = append(e.held, f)
	if len(e.held) < 3 {
		return nil
	}
	return e.Drain(c)
}

func (e *pack) Flush(c *eiengine.Ctx) {
	for _, f := range e.held {
		c.Drop(f)
	}
	e.held = nil
}

func (e *pack) Drain(c *eiengine.Ctx) error {
	held := e.held
	e.held = nil
	if len(held) == 0 {
		return nil
	}
	return c.Push(0, frames.NewBatch(c.OutFormat(0), held))
}

// look writes down which frames came together and passes them on.
type look struct {
	eiengine.Settings[eiengine.NoProps]
	mu   sync.Mutex
	seen []string
}

func (*look) BatchAware() {}

func (e *look) Process(c *eiengine.Ctx, f *frames.Frame) error {
	var seqs []string
	for _, child := range f.Children() {
		seqs = append(seqs, fmt.Sprint(child.Seq))
	}
	e.mu.Lock()
	e.seen = append(e.seen, fmt.Sprintf("%v: %s", f.PTS.Milliseconds(), strings.Join(seqs, " ")))
	e.mu.Unlock()
	return c.Push(0, f)
}

func batchEngine(t *testing.T, process func(c *eiengine.Ctx, f *frames.Frame) error) *eiengine.Engine {
	t.Helper()
	e := newEngine(t, eiengine.Options{})
	pads := []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())}
	for name, make := range map[string]func() eiengine.Element{
		"pack": func() eiengine.Element { return new(pack) },
		"look": func() eiengine.Element { return new(look) },
		"stub": func() eiengine.Element { return &stub{process: process} },
	} {
		if err := e.Registry().Register(eiengine.Factory{Name: name, Pads: pads, New: make}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func TestElementsWithoutBatchesGetTheChildren(t *testing.T) {
	odd := func(c *eiengine.Ctx, f *frames.Frame) error {
		switch {
		case f.Seq%2 == 1:
			c.Drop(f)
			return nil
		case f.Seq == 4:
			f.Release()
			return errors.New("frame 4 is bad")
		}
		return c.Push(0, f)
	}
	for name, test := range map[string]struct {
		text    string
		process func(c *eiengine.Ctx, f *frames.Frame) error
		batches []string
		frames  []uint64
	}{
		"a filter": {
			text:    "counter num-buffers=7 ! pack ! pass write=true ! look name=l ! collect name=s",
			batches: []string{"0: 0 1 2", "100: 3 4 5", "200: 6"},
			frames:  []uint64{0, 1, 2, 3, 4, 5, 6},
		},
		"dropped and failed children are missing": {
			text:    "counter num-buffers=9 ! pack ! stub ! look name=l ! collect name=s",
			process: odd,
			batches: []string{"0: 0 2", "200: 6 8"},
			frames:  []uint64{0, 2, 6, 8},
		},
		"several frames for one": {
			text: "counter num-buffers=3 ! pack ! stub ! look name=l ! collect name=s",
			process: func(c *eiengine.Ctx, f *frames.Frame) error {
				if err := c.Push(0, f.Share()); err != nil {
					return err
				}
				return c.Push(0, f)
			},
			batches: []string{"0: 0 0 1 1 2 2"},
			frames:  []uint64{0, 0, 1, 1, 2, 2},
		},
		"branches, one of which writes": {
			text:    "counter num-buffers=6 ! pack ! fork name=t ! buffer ! pass write=true ! collect t. ! buffer ! look name=l ! collect name=s",
			batches: []string{"0: 0 1 2", "100: 3 4 5"},
			frames:  []uint64{0, 1, 2, 3, 4, 5},
		},
		"answers that come later": {
			text:    "counter num-buffers=7 ! pack ! later fail-every=3 ! look name=l ! collect name=s",
			batches: []string{"0: 0 1 2", "100: 3 4 5", "200: 6"},
			frames:  []uint64{0, 1, 2, 3, 4, 5, 6},
		},
		"an aggregator gets single frames": {
			text:    "counter num-buffers=4 ! pack ! merge ! look name=l ! collect name=s",
			batches: []string{"0: ", "33: ", "66: ", "100: "},
			frames:  []uint64{0, 1, 2, 3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, batchEngine(t, test.process), test.text)
			run(t, p)
			if got := p.Element("l").(*look).seen; !slices.Equal(got, test.batches) {
				t.Errorf("batches %q, want %q", got, test.batches)
			}
			s := sink(p, "s")
			if !slices.Equal(s.seqs, test.frames) {
				t.Errorf("the sink got %v, want %v", s.seqs, test.frames)
			}
			if strings.Contains(test.text, "t.") && s.firsts[2] != 2 {
				t.Error("what another branch wrote is seen")
			}
		})
	}
}

func TestAChildThatFailsIsTold(t *testing.T) {
	p := launch(t, batchEngine(t, nil), "counter num-buffers=3 ! pack ! pass name=p fail-at=1 ! collect name=s")
	var told []string
	for msg, err := range p.Messages(soon(t)) {
		if err != nil {
			t.Fatal(err)
		}
		if w, ok := msg.Payload.(*bus.Warning); ok {
			told = append(told, w.Text)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "frame 1 is bad") {
		t.Errorf("told %q", told)
	}
	if got := sink(p, "s").seqs; !slices.Equal(got, []uint64{0, 2}) {
		t.Errorf("the sink got %v", got)
	}
}

// A format that an element announces for one child parts its batch.
func TestChildrenOfSeveralFormatsLeaveInSeveralBatches(t *testing.T) {
	slow, err := frames.NewFormat(frames.MustCaps("video/x-raw, format=RGB, width=32, height=16, framerate=15/1"))
	if err != nil {
		t.Fatal(err)
	}
	e := batchEngine(t, func(c *eiengine.Ctx, f *frames.Frame) error {
		if f.Seq == 2 {
			f.Format = slow
		}
		return c.Push(0, f)
	})
	p := launch(t, e, "counter num-buffers=3 ! pack ! stub ! look name=l ! collect name=s")
	run(t, p)
	if got := p.Element("l").(*look).seen; !slices.Equal(got, []string{"0: 0 1", "0: 2"}) {
		t.Errorf("batches %q", got)
	}
}

func TestBatchesAreStoppedInTheMiddle(t *testing.T) {
	for _, text := range []string{
		"counter ! pack ! later ! buffer ! collect name=s stop=20 count=true",
		"counter ! pack ! pass hang=true ! collect name=s",
		"counter ! pack ! later ! pass hang=true ! collect name=s",
		"counter ! pack ! buffer ! merge ! pass hang=true ! collect name=s",
		"counter ! pack ! buffer ! later ! merge ! collect name=s count=true",
	} {
		e := batchEngine(t, nil)
		p := launch(t, e, text)
		p.SetState(eiengine.Playing)
		until(t, "batches flow", func() bool { return p.Stats()[1].Out > 0 })
		if err := p.Stop(soon(t)); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
