package portaudio

import (
	"context"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/capture/pcm"
)

// Write gives data to be played, waiting for room. Its length must be a multiple of the
// size of a sample of all channels. A device that ran dry meanwhile goes on; see
// [Stream.Overruns].
func (s *Stream) Write(ctx context.Context, data []byte) error {
	size := s.audio.FrameBytes()
	if s.direction != pcm.Playback || size == 0 || len(data)%size != 0 {
		return fmt.Errorf("PortAudio device %q: %d bytes cannot be written to it as %v", s.name, len(data), s.audio)
	}
	if err := s.failed; err != nil {
		s.failed = nil
		return err
	}
	for len(data) > 0 {
		n := min(len(data), s.setup.Period*size)
		if err := s.tell(ctx, head{kind: msgSamples}, data[:n]); err != nil {
			return err
		}
		s.running = true
		s.given += uint64(n / size)
		data = data[n:]
		if err := s.glance(); err != nil {
			return err
		}
	}
	return nil
}

// note keeps what the child says of how far it has come.
func (s *Stream) note(h head) {
	if h.kind == msgTaken {
		s.losses, s.taken, s.heard, s.flowing = h.number, h.samples, h.stamp, s.running
	}
}

// Delay is how long it takes until a sample that is written now leaves this machine's
// hands: for the device, or a sound server, which may add its own.
func (s *Stream) Delay() time.Duration {
	if !s.running {
		return 0
	}
	if s.proc == nil {
		return 0
	}
	if s.failed = s.glance(); s.failed != nil {
		return 0 // the next write tells
	}
	waits := s.audio.Duration(int(s.given - s.taken))
	if s.heard == 0 {
		return waits
	}
	return waits + max(time.Duration(s.heard-monotonic()), 0)
}

// Drain waits until everything that was written has been heard.
func (s *Stream) Drain(ctx context.Context) error {
	if !s.running {
		return nil
	}
	if err := s.ask(ctx, msgDrain, nil, nil); err != nil {
		return err
	}
	s.running, s.flowing, s.heard = false, false, 0
	return nil
}
