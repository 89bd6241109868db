package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func say(b *Bus, n int) {
	b.Publish(&Message{Type: TypeInfo, Src: "x", Running: -1, Payload: &Info{Text: fmt.Sprint(n)}})
}

func TestEverySubscriberSeesEveryMessageInOrder(t *testing.T) {
	b := New()
	var readers sync.WaitGroup
	for range 3 {
		s := b.Subscribe(0)
		readers.Go(func() {
			n := 0
			for m, info := range Payloads[*Info](context.Background(), s) {
				if info.Text != fmt.Sprint(n) || m.Seq != uint64(n+1) {
					t.Errorf("message %d is %q, number %d", n, info.Text, m.Seq)
				}
				n++
			}
			if n != 500 {
				t.Errorf("%d messages, not 500", n)
			}
		})
	}
	for i := range 500 {
		say(b, i)
	}
	b.Close()
	readers.Wait()
}

func TestASlowReaderLosesTheOldestAndIsTold(t *testing.T) {
	b := New()
	s := b.Subscribe(20)
	for i := range 100 {
		say(b, i)
	}
	m, err := s.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := m.Payload.(*Dropped); !ok || d.Count != 80 || s.Dropped() != 80 {
		t.Errorf("told %+v, counted %d", m.Payload, s.Dropped())
	}
	m, err = s.Next(context.Background())
	if err != nil || m.Payload.(*Info).Text != "80" {
		t.Errorf("then %+v, %v", m, err)
	}
	s.Close()
}

func TestSubscribersChooseTypes(t *testing.T) {
	b := New()
	s := b.Subscribe(0, TypeEOS, TypeError)
	say(b, 0)
	b.Publish(&Message{Type: TypeEOS, Src: "p", Payload: &EOS{}})
	if m, err := s.Next(context.Background()); err != nil || m.Type != TypeEOS {
		t.Errorf("%+v, %v", m, err)
	}
	s.Close()
	if _, err := s.Next(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
	if m := b.Subscribe(0); m == nil {
		t.Error("no subscription")
	}
	b.Close()
	if _, err := b.Subscribe(0).Next(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("on a closed bus: %v", err)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	s := New().Subscribe(0)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	s.Close()
}

func TestMessagesAsJSON(t *testing.T) {
	m := &Message{
		Type: TypeWarning, Src: "infer0", Seq: 7, Running: 33 * time.Millisecond,
		Wall: time.Date(2026, 11, 21, 12, 0, 0, 5, time.UTC), Payload: &Warning{Text: "too hot"},
	}
	got, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"message":"warning","src":"infer0","seq":7,"time":"2026-11-21T12:00:00.000000005Z","running_time":33000000,"name":"warning","structure":{"text":"too hot"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
