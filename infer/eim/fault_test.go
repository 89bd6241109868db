package eim

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

var scriptScores = []backend.Score{{Label: "a{b", Value: 0.25}, {Label: "}c", Value: 0.5}, {Label: `"d\`, Value: 0.75}}

// TestStreamFaults: one request goes wrong, the next is served by a new process.
func TestStreamFaults(t *testing.T) {
	cases := []struct{ fault, says string }{
		{"die", "ended by signal 9"},
		{"exit", "tensor arena too small"},
		{"close", "closed the connection"},
		{"garbage", "garbled reply"},
		{"unfinished", "garbled reply"},
		{"wrong id", "reply to request 99999"},
		{"no id", "reply without id"},
		{"no result", "without a result"},
	}
	for _, c := range cases {
		for transport, mode := range transports {
			t.Run(c.fault+"/"+transport, func(t *testing.T) {
				hook, events := eventLog()
				m, err := openScript(t, Options{SharedMemory: mode, OnEvent: hook}, "SCRIPT="+c.fault, "SCRIPT_ONCE="+filepath.Join(t.TempDir(), "once"))
				if err != nil {
					t.Fatal(err)
				}
				_, err = m.Classify(context.Background())
				var lost *LostError
				if !errors.Is(err, ErrLost) || !errors.As(err, &lost) || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("got %v", err)
				}
				mustClassify(t, m)
				wait(t, events, Lost)
				if e := wait(t, events, Restored); e.PID != m.PID() {
					t.Errorf("%+v", e)
				}
			})
		}
	}
}

func mustClassify(t *testing.T, m *Model) {
	t.Helper()
	res, err := m.Classify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(res.Classification, scriptScores) {
		t.Errorf("classification %v", res.Classification)
	}
}

// TestStrangeButFine: what is unusual yet within the protocol costs nothing.
func TestStrangeButFine(t *testing.T) {
	for _, fault := range []string{"byte by byte", "no newline", "nul first", "nul late", "flood"} {
		t.Run(fault, func(t *testing.T) {
			m, err := openScript(t, Options{}, "SCRIPT="+fault)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				mustClassify(t, m)
			}
			if m.Restarts() != 0 {
				t.Errorf("%d restarts", m.Restarts())
			}
		})
	}
}

func TestErrorWithoutIDKeepsTheProcess(t *testing.T) {
	m, err := openScript(t, Options{}, "SCRIPT=error without id")
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Classify(context.Background())
	var refused *ModelError
	if !errors.As(err, &refused) || refused.Message != "Missing 'id' field in message" || errors.Is(err, ErrLost) {
		t.Fatalf("got %v", err)
	}
	if m.Restarts() != 0 || m.PID() == 0 {
		t.Errorf("%d restarts", m.Restarts())
	}
}

func TestUnaskedReplyIsNeverTakenForAnother(t *testing.T) {
	m, err := openScript(t, Options{}, "SCRIPT=twice")
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	if _, err := m.Classify(context.Background()); !errors.Is(err, ErrLost) {
		t.Fatalf("a stale reply was taken: %v", err)
	}
	mustClassify(t, m)
}

func TestDeadline(t *testing.T) {
	m, err := openScript(t, Options{Timeout: 50 * time.Millisecond}, "SCRIPT=late", "SCRIPT_ONCE="+filepath.Join(t.TempDir(), "once"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Classify(context.Background())
	if !errors.Is(err, ErrTimeout) || !errors.Is(err, ErrLost) {
		t.Fatalf("got %v", err)
	}
	for err != nil { // a busy machine may need several attempts to be quick enough
		if _, err = m.Classify(context.Background()); err != nil && !errors.Is(err, ErrLost) {
			t.Fatal(err)
		}
	}
}

func TestCancelMidRequest(t *testing.T) {
	m, err := openScript(t, Options{Timeout: time.Minute}, "SCRIPT=late", "SCRIPT_ONCE="+filepath.Join(t.TempDir(), "once"))
	if err != nil {
		t.Fatal(err)
	}
	for !errors.Is(err, ErrLost) { // on a busy machine the time may be up before the request is sent
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		_, err = m.Classify(ctx)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
	}
	mustClassify(t, m)
	done, cancelled := context.WithCancel(context.Background())
	cancelled()
	pid := m.PID()
	if _, err := m.Classify(done); !errors.Is(err, context.Canceled) || errors.Is(err, ErrLost) || m.PID() != pid {
		t.Errorf("cancelled before the request: %v, process %d then %d", err, pid, m.PID())
	}
}

func TestTruncatedSharedMemory(t *testing.T) {
	m, err := openScript(t, Options{}, "SCRIPT=truncate", "SCRIPT_ONCE="+filepath.Join(t.TempDir(), "once"))
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m) // the model truncates before it answers
	in := m.Input()
	for i := range in {
		in[i] = 1 // would fault if this were the truncated memory
	}
	mustClassify(t, m)
	if m.Restarts() != 1 {
		t.Errorf("%d restarts", m.Restarts())
	}
}

func TestCopyFromTruncatedMemoryIsAnError(t *testing.T) {
	m, err := openScript(t, Options{}, "SCRIPT=truncate")
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	if err := copyGuarded(make([]float32, 4), m.worker.in.data); !errors.Is(err, errTruncated) {
		t.Errorf("got %v", err)
	}
	if err := copyGuarded(m.worker.in.data, make([]float32, 4)); !errors.Is(err, errTruncated) {
		t.Errorf("got %v", err)
	}
	// Not sent to a process that would read lost pages.
	if _, err := m.Classify(context.Background()); !errors.Is(err, errTruncated) || !errors.Is(err, ErrLost) {
		t.Errorf("got %v", err)
	}
}

// TestBackOff: a model that dies at every request is not started in a loop,
// and requests meanwhile fail at once.
func TestBackOff(t *testing.T) {
	hook, events := eventLog()
	m, err := openScript(t, Options{OnEvent: hook}, "SCRIPT=die")
	if err != nil {
		t.Fatal(err)
	}
	pauses := []time.Duration{}
	for range 3 {
		for {
			if _, err := m.Classify(context.Background()); !errors.Is(err, ErrLost) {
				t.Fatalf("got %v", err)
			} else if !strings.Contains(err.Error(), "not back yet") {
				break
			}
		}
		pauses = append(pauses, wait(t, events, Lost).Retry)
		wait(t, events, Restored)
	}
	want := []time.Duration{0, 100 * time.Millisecond, 200 * time.Millisecond}
	if !reflect.DeepEqual(pauses, want) {
		t.Errorf("pauses %v, expected %v", pauses, want)
	}
}

// TestModelThatDoesNotRead: a request that does not fit the socket's buffer
// ends by deadline, by cancellation and by Close.
func TestModelThatDoesNotRead(t *testing.T) {
	open := func(t *testing.T, timeout time.Duration) *Model {
		m, err := openScript(t, Options{Timeout: timeout}, "SCRIPT=deaf")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	t.Run("deadline", func(t *testing.T) {
		if _, err := open(t, 100*time.Millisecond).Classify(context.Background()); !errors.Is(err, ErrTimeout) || !errors.Is(err, ErrLost) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if _, err := open(t, time.Minute).Classify(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("close", func(t *testing.T) {
		m := open(t, time.Minute)
		done := make(chan error, 1)
		go func() {
			_, err := m.Classify(context.Background())
			done <- err
		}()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, backend.ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}

// TestKillsAtAnyMoment: whatever the moment, a request succeeds with the right
// answer or says that the process was lost, and in the end all is well.
func TestKillsAtAnyMoment(t *testing.T) {
	for transport, mode := range transports {
		t.Run(transport, func(t *testing.T) {
			m := openEcho(t, Options{SharedMemory: mode}, "ECHO_OUTPUTS=1")
			ctx, stop := context.WithTimeout(context.Background(), 1500*time.Millisecond)
			defer stop()
			var killer sync.WaitGroup
			killer.Go(func() {
				tick := time.NewTicker(23 * time.Millisecond)
				defer tick.Stop()
				for {
					select {
					case <-ctx.Done():
						return
					case <-tick.C:
						if pid := m.PID(); pid != 0 {
							syscall.Kill(pid, syscall.SIGKILL)
						}
					}
				}
			})
			good, lost := 0, 0
			for i := 1; ctx.Err() == nil || good == 0 || m.Restarts() == 0; i++ {
				m.Input()[0] = float32(i)
				res, err := m.Classify(context.Background())
				switch {
				case errors.Is(err, ErrLost):
					lost++
				case err != nil:
					t.Fatal(err)
				case res.Freeform[0][0] != float32(i):
					t.Fatalf("request %d got the answer to %v", i, res.Freeform[0][0])
				default:
					good++
				}
			}
			killer.Wait()
			t.Logf("%d answers, %d losses told, %d restarts", good, lost, m.Restarts())
			clear(m.Input())
			for {
				_, err := m.Classify(context.Background())
				if err == nil {
					break
				}
				if !errors.Is(err, ErrLost) || time.Since(deadlineOf(ctx)) > 30*time.Second {
					t.Fatal(err)
				}
			}
		})
	}
}

func deadlineOf(ctx context.Context) time.Time {
	d, _ := ctx.Deadline()
	return d
}
