package eiengine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// stamp writes the last letter of its text into a frame.
type stamp struct {
	eiengine.Settings[stampProps]
	place int
}

type stampProps struct {
	Text  string `prop:"text,live" default:"a" doc:"What to write"`
	Again string `prop:"again,live" default:"a" doc:"What to write behind it"`
	Level int    `prop:"level,live" max:"9" doc:"A number"`
	Fixed int    `prop:"fixed" doc:"Cannot be set while data flows"`
}

func (s *stamp) Process(c *eiengine.Ctx, f *frames.Frame) error {
	if err := c.Writable(f); err != nil {
		f.Release()
		return err
	}
	p := s.Load()
	f.Bytes()[s.place], f.Bytes()[s.place+1] = p.Text[0], p.Again[0]
	return c.Push(0, f)
}

// stamped collects what six stamps wrote.
type stamped struct {
	eiengine.Settings[eiengine.NoProps]
	mu    sync.Mutex
	seen  map[string]int
	last  string
	order []string
}

func (s *stamped) Process(_ *eiengine.Ctx, f *frames.Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text := string(f.Bytes()[:6]); text != s.last {
		s.last = text
		s.order = append(s.order, text)
	}
	s.seen[s.last]++
	f.Release()
	return nil
}

func (s *stamped) latest() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

func stampEngine(t *testing.T) *eiengine.Engine {
	t.Helper()
	e := newEngine(t, eiengine.Options{})
	for i := range 3 {
		addElement(t, e, fmt.Sprintf("stamp%d", i), func() eiengine.Element { return &stamp{place: 2 * i} })
	}
	if err := e.Registry().Register(eiengine.Factory{
		Name: "stamped", Pads: []eiengine.PadTemplate{eiengine.SinkPad(rgb)},
		New: func() eiengine.Element { return &stamped{seen: map[string]int{}} },
	}); err != nil {
		t.Fatal(err)
	}
	return e
}

func letters(elements []string, letter string) (all []eiengine.Assignment) {
	for _, e := range elements {
		all = append(all, eiengine.Assignment{Element: e, Property: "text", Value: letter}, eiengine.Assignment{Element: e, Property: "again", Value: letter})
	}
	return all
}

// TestChangeIsOneStep: whatever several goroutines change at a time, every frame
// carries the values of one change alone.
func TestChangeIsOneStep(t *testing.T) {
	for name, line := range map[string]string{
		"a source's chain": "counter ! stamp0 name=a ! stamp1 name=b ! stamp2 name=c ! stamped name=s",
		"a queue's chain":  "counter ! buffer ! stamp0 name=a ! stamp1 name=b ! stamp2 name=c ! stamped name=s",
		"through a tee":    "counter ! stamp0 name=a ! fork name=t ! stamp1 name=b ! stamp2 name=c ! stamped name=s  t. ! buffer ! collect count=true",
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, stampEngine(t), line)
			ctx := soon(t)
			if err := p.Play(ctx); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for g := range 3 {
				all.Go(func() {
					for i := range 30 {
						if err := p.Change(ctx, letters([]string{"a", "b", "c"}, string(rune('b'+(3*i+g)%20)))...); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			if err := p.Change(ctx, letters([]string{"c", "b", "a"}, "z")...); err != nil {
				t.Fatal(err)
			}
			s := p.Element("s").(*stamped)
			until(t, "the last change", func() bool { return s.latest() == "zzzzzz" })
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			for text := range s.seen {
				if strings.Count(text, text[:1]) != len(text) {
					t.Errorf("a frame has %s", text)
				}
			}
		})
	}
}

// TestChangeAcrossQueues: each side changes in one step, and nothing stands still.
func TestChangeAcrossQueues(t *testing.T) {
	p := launch(t, stampEngine(t), "counter ! stamp0 name=a ! buffer max=1 ! stamp1 name=b ! buffer max=1 ! stamp2 name=c ! stamped name=s")
	ctx := soon(t)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if err := p.Change(ctx, letters([]string{"a", "b", "c"}, string(rune('b'+i%20)))...); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Change(ctx, letters([]string{"a", "b", "c"}, "z")...); err != nil {
		t.Fatal(err)
	}
	s := p.Element("s").(*stamped)
	until(t, "the last change", func() bool { return s.latest() == "zzzzzz" })
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for text := range s.seen {
		if text[0] != text[1] || text[2] != text[3] || text[4] != text[5] {
			t.Errorf("an element has half a change: %s", text)
		}
	}
}

// TestChangeIsAllOrNothing: one mistake, and nothing is set; each is told.
func TestChangeIsAllOrNothing(t *testing.T) {
	p := launch(t, stampEngine(t), "counter ! stamp0 name=a ! stamp1 name=b ! stamp2 name=c ! stamped name=s")
	ctx := soon(t)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	err := p.Change(ctx,
		eiengine.Assignment{"a", "text", "q"}, eiengine.Assignment{"d", "text", "q"}, eiengine.Assignment{"b", "txt", "q"},
		eiengine.Assignment{"b", "level", "many"}, eiengine.Assignment{"c", "level", "10"}, eiengine.Assignment{"c", "fixed", "1"})
	for _, want := range []string{
		`d: no element named "d"`, `b: no property "txt" in element "stamp1"; did you mean text?`, `b: could not set property "level" in element "stamp1" to "many"`,
		`c: could not set property "level" in element "stamp2" to "10"`, `c: property "fixed" of c cannot be set while the pipeline is playing`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not said: %s\nin: %v", want, err)
		}
	}
	if v, err := p.Get("a", "text"); err != nil || v != "a" {
		t.Errorf("text is %q, %v", v, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestChangeOfWhatDoesNotRun: at null everything may be set, at once.
func TestChangeOfWhatDoesNotRun(t *testing.T) {
	p := launch(t, stampEngine(t), "counter num-buffers=2 ! stamp0 name=a ! stamp1 name=b ! stamp2 name=c ! stamped name=s")
	if err := p.Change(soon(t), append(letters([]string{"a", "b", "c"}, "x"), eiengine.Assignment{"c", "fixed", "7"})...); err != nil {
		t.Fatal(err)
	}
	if err := p.Change(soon(t)); err != nil {
		t.Errorf("nothing to change: %v", err)
	}
	run(t, p)
	if s := p.Element("s").(*stamped); s.seen["xxxxxx"] != 2 {
		t.Errorf("frames with %v", s.seen)
	}
	if v, _ := p.Get("c", "fixed"); v != "7" {
		t.Errorf("fixed is %s", v)
	}
}

// TestChangeTakesEffectLater: who does not want to wait is told so, and what was
// asked for happens all the same.
func TestChangeTakesEffectLater(t *testing.T) {
	e := stampEngine(t)
	entered, release := make(chan struct{}, 100), make(chan struct{})
	addStub(t, e, "slow", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		entered <- struct{}{}
		select {
		case <-release:
		case <-c.Context().Done():
		}
		return c.Push(0, f)
	}})
	p := launch(t, e, "counter num-buffers=3 ! slow ! stamp0 name=a ! stamp1 name=b ! stamp2 name=c ! stamped name=s")
	p.SetState(eiengine.Playing)
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Change(ctx, letters([]string{"a", "b", "c"}, "y")...); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	if s := p.Element("s").(*stamped); fmt.Sprint(s.order) != "[aaaaaa yyyyyy]" {
		t.Errorf("frames came with %v", s.order)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestChangeOfFormats: caps and what goes with them change between the same two
// frames.
func TestChangeOfFormats(t *testing.T) {
	e := stampEngine(t)
	var mu sync.Mutex
	seen := map[string]bool{}
	addStub(t, e, "look", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		mu.Lock()
		seen[fmt.Sprintf("%d%c", f.Format.Video.Width, f.Bytes()[0])] = true
		mu.Unlock()
		return c.Push(0, f)
	}})
	p := launch(t, e, "counter ! stamp0 name=a text=3 ! capsfilter name=f caps=video/x-raw,width=30 ! look ! collect count=true")
	ctx := soon(t)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		digit := string(rune('3' + i%5))
		if err := p.Change(ctx, eiengine.Assignment{"f", "caps", "video/x-raw,width=" + digit + "0"}, eiengine.Assignment{"a", "text", digit}); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the last change", func() bool { mu.Lock(); defer mu.Unlock(); return seen["707"] })
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for text := range seen {
		if text[0] != text[2] {
			t.Errorf("a frame of width %s0 was stamped %s", text[:1], text[2:])
		}
	}
}
