package bus

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// DefaultDepth is the number of messages a subscription holds for a slow reader.
const DefaultDepth = 1024

// ErrClosed ends a subscription: it or its bus was closed and nothing is left.
var ErrClosed = errors.New("bus: subscription closed")

// Bus hands messages to subscribers. It is safe for concurrent use.
type Bus struct {
	mu     sync.Mutex
	seq    uint64
	subs   []*Subscription
	closed bool
}

// New makes a bus without subscribers.
func New() *Bus { return &Bus{} }

// Publish numbers the message, stamps it with the time of day if it has none,
// and hands it to every subscriber that wants its type. It never blocks. A
// message must not be changed after this.
func (b *Bus) Publish(m *Message) {
	if m.Wall.IsZero() {
		m.Wall = time.Now()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	m.Seq = b.seq
	for _, s := range b.subs {
		s.offer(m)
	}
}

// Subscribe starts to collect messages of the given types, all if none is given.
// depth is how many are kept for a slow reader, DefaultDepth if 0.
func (b *Bus) Subscribe(depth int, types ...Type) *Subscription {
	if depth <= 0 {
		depth = DefaultDepth
	}
	s := &Subscription{bus: b, types: types, depth: depth, wake: make(chan struct{}, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		s.closed = true
		return s
	}
	b.subs = append(b.subs, s)
	return s
}

// Close ends all subscriptions once they have read what they hold.
func (b *Bus) Close() {
	b.mu.Lock()
	subs := b.subs
	b.subs, b.closed = nil, true
	b.mu.Unlock()
	for _, s := range subs {
		s.end()
	}
}

// Subscription is one reader's view of a bus. It is read by one goroutine.
type Subscription struct {
	bus   *Bus
	types []Type
	depth int
	wake  chan struct{}

	mu      sync.Mutex
	ring    []*Message // grows up to depth, then wraps
	head    int        // oldest
	count   int
	lost    uint64 // since the last TypeDropped
	dropped uint64 // ever
	closed  bool
}

func (s *Subscription) offer(m *Message) {
	if len(s.types) > 0 && !slices.Contains(s.types, m.Type) {
		return
	}
	s.mu.Lock()
	if s.count == s.depth {
		s.ring[s.head] = nil
		s.head = (s.head + 1) % len(s.ring)
		s.count--
		s.lost++
		s.dropped++
	}
	if s.count == len(s.ring) {
		s.grow()
	}
	s.ring[(s.head+s.count)%len(s.ring)] = m
	s.count++
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) grow() {
	ring := make([]*Message, min(max(2*len(s.ring), 16), s.depth))
	for i := range s.count {
		ring[i] = s.ring[(s.head+i)%len(s.ring)]
	}
	s.ring, s.head = ring, 0
}

func (s *Subscription) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Next waits for a message. It returns ctx's error when ctx ends, and ErrClosed
// when the subscription ended and everything was read.
func (s *Subscription) Next(ctx context.Context) (*Message, error) {
	for {
		m, closed := s.take()
		if m != nil {
			return m, nil
		}
		if closed {
			return nil, ErrClosed
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *Subscription) take() (m *Message, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost > 0 {
		m = &Message{Type: TypeDropped, Src: "bus", Running: -1, Wall: time.Now(), Payload: &Dropped{s.lost}}
		s.lost = 0
		return m, false
	}
	if s.count == 0 {
		return nil, s.closed
	}
	m = s.ring[s.head]
	s.ring[s.head] = nil
	s.head = (s.head + 1) % len(s.ring)
	s.count--
	return m, false
}

// All yields messages until ctx ends or the subscription is closed.
func (s *Subscription) All(ctx context.Context) iter.Seq[*Message] {
	return func(yield func(*Message) bool) {
		for {
			m, err := s.Next(ctx)
			if err != nil || !yield(m) {
				return
			}
		}
	}
}

// Payloads yields the messages whose payload is a T, with it.
func Payloads[T Payload](ctx context.Context, s *Subscription) iter.Seq2[*Message, T] {
	return func(yield func(*Message, T) bool) {
		for m := range s.All(ctx) {
			if p, ok := m.Payload.(T); ok && !yield(m, p) {
				return
			}
		}
	}
}

// Dropped is the number of messages lost since the subscription began.
func (s *Subscription) Dropped() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.bus.mu.Lock()
	s.bus.subs = slices.DeleteFunc(s.bus.subs, func(t *Subscription) bool { return t == s })
	s.bus.mu.Unlock()
	s.end()
}

func (s *Subscription) end() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.signal()
}
