package portaudio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
)

const (
	// stall is after how long without a sign of life a child that records is ended, and
	// stallPlaying one that plays: servers take sound in larger portions than they give.
	stall, stallPlaying = 1500 * time.Millisecond, 3 * time.Second
	// begin is how long a device may take until its first sample.
	begin = 6 * time.Second
	// answer is how long the answer to a request may take: PortAudio tries all devices
	// that there are.
	answer = 20 * time.Second
	// look is how often a wait looks whether it was called off.
	look = 20 * time.Millisecond
)

// patience is after how long without a sample the device is called dead.
func (s *Stream) patience() time.Duration {
	switch {
	case !s.flowing:
		return begin
	case s.direction == pcm.Playback:
		return stallPlaying
	}
	return stall
}

// ask sends a request and waits for its answer.
func (s *Stream) ask(ctx context.Context, what kind, payload, reply any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	s.asked++
	if err := s.tell(ctx, head{kind: what, number: s.asked}, b); err != nil {
		return err
	}
	for {
		h, err := s.receive(ctx, answer)
		if err != nil {
			return err
		}
		b, err := s.payload(h)
		switch {
		case err != nil:
			return err
		case h.kind == msgFailed:
			return s.failure(b)
		case h.kind == msgDone && h.number != s.asked: // nobody waits for it any more
		case h.kind == msgDone && reply == nil:
			return nil
		case h.kind == msgDone:
			return json.Unmarshal(b, reply)
		case h.kind == msgTaken:
			s.note(h)
		}
	}
}

// payload reads what follows a head, which is not of samples that are wanted.
func (s *Stream) payload(h head) ([]byte, error) {
	b := make([]byte, h.size)
	return b, s.fill(b)
}

// failure is the error that the child tells of.
func (s *Stream) failure(payload []byte) error {
	var f failure
	if err := json.Unmarshal(payload, &f); err != nil {
		return err
	}
	if f.NoLibrary {
		return &libraryError{f.Text}
	}
	e := &Error{Device: s.name, Doing: f.Doing, Code: f.Code, Text: f.Text}
	if s.flowing {
		return fmt.Errorf("%w: %w", pcm.ErrGone, e)
	}
	return e
}

// libraryError is ErrNoLibrary in the words of the child.
type libraryError struct{ text string }

func (e *libraryError) Error() string { return e.text }
func (e *libraryError) Unwrap() error { return ErrNoLibrary }

// tell sends a message. Called off, it sends all of it or nothing.
func (s *Stream) tell(ctx context.Context, h head, payload []byte) error {
	if s.proc == nil {
		return s.closed()
	}
	h.size = uint32(len(payload))
	n := headSize + len(payload)
	if len(s.out) < n {
		s.out = make([]byte, n)
	}
	h.put(s.out)
	copy(s.out[headSize:], payload)
	patience := s.patience()
	limit := time.Now().Add(patience)
	for rest := s.out[:n]; len(rest) > 0; {
		if err := ctx.Err(); err != nil && len(rest) == n {
			return err
		}
		now := time.Now()
		if !now.Before(limit) {
			return s.stalled("took", patience)
		}
		_ = s.proc.down.SetWriteDeadline(now.Add(look)) // pipes have deadlines
		done, err := s.proc.down.Write(rest)
		rest = rest[done:]
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return s.disconnected(err)
		}
	}
	return nil
}

// receive waits for the head of the next message. One that the wait was called off in
// the middle of is gone on with next time.
func (s *Stream) receive(ctx context.Context, patience time.Duration) (head, error) {
	if s.proc == nil {
		return head{}, s.closed()
	}
	if s.left > 0 { // of a block that nobody wants any more
		if _, err := s.payload(head{size: uint32(s.left)}); err != nil {
			return head{}, err
		}
		s.left = 0
	}
	for limit := time.Now().Add(patience); s.have < headSize; {
		if err := ctx.Err(); err != nil {
			return head{}, err
		}
		now := time.Now()
		if !now.Before(limit) {
			return head{}, s.stalled("gave", patience)
		}
		_ = s.proc.up.SetReadDeadline(now.Add(look)) // pipes have deadlines
		n, err := s.proc.up.Read(s.in[s.have:])
		s.have += n
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return head{}, s.disconnected(err)
		}
	}
	s.have = 0
	return parseHead(s.in[:]), nil
}

// fill reads the rest of a message, which is on its way.
func (s *Stream) fill(b []byte) error {
	if s.proc == nil {
		return s.closed()
	}
	_ = s.proc.up.SetReadDeadline(time.Now().Add(stall)) // pipes have deadlines
	_, err := io.ReadFull(s.proc.up, b)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return s.stalled("gave", stall)
	case err != nil:
		return s.disconnected(err)
	}
	return nil
}

// glance notes what the child has said, without waiting.
func (s *Stream) glance() error {
	for {
		if err := s.proc.raw.Control(s.peek); err != nil {
			return s.disconnected(err)
		}
		switch {
		case s.peekErr == unix.EAGAIN || s.peekErr == unix.EINTR:
			return nil
		case s.peekErr != nil:
			return s.disconnected(s.peekErr)
		case s.peeked == 0:
			return s.disconnected(io.EOF)
		}
		if s.have += s.peeked; s.have < headSize {
			continue
		}
		s.have = 0
		h := parseHead(s.in[:])
		s.note(h)
		if h.size == 0 {
			continue
		}
		b, err := s.payload(h)
		switch {
		case err != nil:
			return err
		case h.kind == msgFailed:
			return s.failure(b)
		}
	}
}

// stalled ends a child that stands still.
func (s *Stream) stalled(did string, patience time.Duration) error {
	s.broken()
	return fmt.Errorf("%w: PortAudio device %q %s nothing for %v", pcm.ErrStalled, s.name, did, patience)
}

// disconnected ends a child that the connection to broke.
func (s *Stream) disconnected(err error) error {
	why := s.proc.why(err)
	s.broken()
	return fmt.Errorf("%w: PortAudio device %q: %w", pcm.ErrGone, s.name, why)
}

func (s *Stream) closed() error {
	return fmt.Errorf("PortAudio device %q: %w", s.name, os.ErrClosed)
}
