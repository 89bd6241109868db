package eiengine_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

func TestBranchesComeAndGoWithoutLossElsewhere(t *testing.T) {
	for name, branch := range map[string]string{
		"in the tee's goroutine": "pass ! collect name=b",
		"behind a queue":         "buffer ! pass ! collect name=b",
		"async":                  "later ! collect name=b",
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=s")
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			goroutines := runtime.NumGoroutine()
			for i := range 100 {
				b, err := p.AddBranch(soon(t), "t", branch)
				if err != nil {
					t.Fatal(err)
				}
				got := sink(p, "b")
				until(t, "the branch gets frames", func() bool { return got.count() > 3 })
				if err := b.Remove(soon(t), i%2 == 0); err != nil {
					t.Fatal(err)
				}
				if got.closes != 1 {
					t.Fatalf("the sink was closed %d times", got.closes)
				}
				for j := 1; j < len(got.seqs); j++ {
					if got.seqs[j] != got.seqs[j-1]+1 {
						t.Fatalf("the branch missed frames between %d and %d", got.seqs[j-1], got.seqs[j])
					}
				}
			}
			if p.Element("b") != nil {
				t.Error("the removed element is still there")
			}
			until(t, "the goroutines of the branches end", func() bool { return runtime.NumGoroutine() <= goroutines })
			p.SendEOS()
			if err := p.Wait(soon(t)); err != nil {
				t.Fatal(err)
			}
			if err := p.Stop(soon(t)); err != nil {
				t.Fatal(err)
			}
			if got := sink(p, "s"); !slices.Equal(got.seqs, numbers(len(got.seqs))) {
				t.Error("the other branch lost frames")
			}
		})
	}
}

func TestAFailingBranchFailsAlone(t *testing.T) {
	for name, c := range map[string]struct{ branch, want string }{
		"panic":          {"buffer ! pass panic-at=2 ! collect", "panic: as asked"},
		"fatal":          {"pass fatal-at=2 ! collect", "frame 2 is the end"},
		"format refused": {"pass ! pngonly", "could not link"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=s")
			sub := p.Bus().Subscribe(0, bus.TypeWarning)
			defer sub.Close()
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			b, err := p.AddBranch(soon(t), "t", c.branch)
			if err != nil {
				t.Fatal(err)
			}
			until(t, "the branch fails", func() bool { return b.Err() != nil })
			before := sink(p, "s").count()
			until(t, "the other branch goes on", func() bool { return sink(p, "s").count() > before+10 })
			if err := b.Remove(soon(t), true); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("removing says %v, want %q", err, c.want)
			}
			if _, err := sub.Next(soon(t)); err != nil {
				t.Error("no warning")
			}
		})
	}
}

func TestBranchThatBlocksIsCut(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	b, err := p.AddBranch(soon(t), "t", "buffer max=1 ! pass hang=true ! collect name=b")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := b.Remove(ctx, true); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	before := sink(p, "s").count()
	until(t, "the other branch goes on", func() bool { return sink(p, "s").count() > before+10 })
}

func TestMistakesInABranchAreReported(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter ! fork name=t ! collect name=s")
	if _, err := p.AddBranch(soon(t), "t", "collect"); err == nil || !strings.Contains(err.Error(), "null") {
		t.Errorf("at null: %v", err)
	}
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"nosuch":         `no element "nosuch"`,
		"collect name=s": `named "s"`,
		"counter":        "sink",
		"collect !":      "syntax error",
	} {
		if _, err := p.AddBranch(soon(t), "t", text); err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := p.AddBranch(soon(t), "x", "collect"); err == nil {
		t.Error("no such tee, but no error")
	}
}
