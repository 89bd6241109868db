package eim

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// start begins a request.
func start(t *testing.T, m *Model) {
	t.Helper()
	if ok, err := m.TryStart(context.Background()); !ok || err != nil {
		t.Fatal(ok, err)
	}
}

// TestRequestsThatOneGoroutineBeginsAndAnotherEnds gives the same answers, and
// recovers from the same faults.
func TestRequestsThatOneGoroutineBeginsAndAnotherEnds(t *testing.T) {
	for _, fault := range []string{"", "die", "wrong id", "close"} {
		t.Run("fault "+fault, func(t *testing.T) {
			hook, events := eventLog()
			m, err := openScript(t, Options{OnEvent: hook}, "SCRIPT="+fault, "SCRIPT_ONCE="+filepath.Join(t.TempDir(), "once"))
			if err != nil {
				t.Fatal(err)
			}
			finish := func() (res *backend.Result, err error) {
				done := make(chan struct{})
				go func() {
					defer close(done)
					res, err = m.Finish()
				}()
				<-done
				return res, err
			}
			if fault != "" {
				start(t, m)
				if _, err := finish(); !errors.Is(err, ErrLost) {
					t.Fatalf("got %v", err)
				}
				wait(t, events, Restored)
			}
			for range 3 {
				start(t, m)
				res, err := finish()
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(res.Classification, scriptScores) {
					t.Errorf("classification %v", res.Classification)
				}
				mustClassify(t, m) // both ways in turn
			}
		})
	}
}

func TestFinishEndsWithTheDeadlineTheContextAndClose(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(m *Model, cancel func())
		want error
		left time.Duration
	}{
		{"deadline", func(*Model, func()) {}, ErrTimeout, 50 * time.Millisecond},
		{"context", func(_ *Model, cancel func()) { cancel() }, context.Canceled, time.Minute},
		{"close", func(m *Model, _ func()) { go m.Close() }, backend.ErrClosed, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := openScript(t, Options{Timeout: c.left}, "SCRIPT=late")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			ok, err := m.TryStart(ctx)
			c.end(m, cancel)
			if ok {
				_, err = m.Finish()
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, expected %v", err, c.want)
			}
		})
	}
}

// TestStartRefusesWhatTakesTime: features that would travel as JSON, and a process
// that is not there.
func TestStartRefusesWhatTakesTime(t *testing.T) {
	m, err := openScript(t, Options{SharedMemory: SharedMemoryNever})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := m.TryStart(context.Background()); ok || err != nil {
		t.Errorf("by JSON: %v, %v", ok, err)
	}
	mustClassify(t, m)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if ok, err := m.TryStart(context.Background()); ok || err != nil {
		t.Errorf("closed: %v, %v", ok, err)
	}
}

// TestContextsOfRequestsThatAreOver cut nothing short.
func TestContextsOfRequestsThatAreOver(t *testing.T) {
	m, err := openScript(t, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := m.Classify(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		mustClassify(t, m)
	}
	if m.Restarts() != 0 {
		t.Errorf("%d restarts", m.Restarts())
	}
}
