package portaudio

import (
	"context"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/capture/pcm"
)

// Read fills data, whose length must be a multiple of the size of a sample of all
// channels, as soon as the device has that much. An error may come after some samples:
// both are told. What was lost before is told with the next chunk.
func (s *Stream) Read(ctx context.Context, data []byte) (pcm.Chunk, error) {
	size := s.audio.FrameBytes()
	if s.direction != pcm.Capture || size == 0 || len(data)%size != 0 {
		return pcm.Chunk{}, fmt.Errorf("PortAudio device %q: %d bytes cannot be read of it as %v", s.name, len(data), s.audio)
	}
	if err := s.startRecording(ctx); err != nil {
		return pcm.Chunk{}, err
	}
	var recorded int64
	got := 0
	for got < len(data) {
		if s.left == 0 || s.begun != s.starts {
			gap, err := s.nextBlock(ctx)
			if err != nil {
				return s.chunk(got/size, recorded), err
			}
			if gap {
				got = 0 // what was read before it is not joined to what follows
			}
		}
		if got == 0 {
			recorded = s.stamp
		}
		n := min(s.left, len(data)-got)
		if err := s.fill(data[got : got+n]); err != nil {
			return s.chunk(got/size, recorded), err
		}
		got, s.left = got+n, s.left-n
		s.stamp += int64(s.audio.Duration(n / size))
	}
	return s.chunk(got/size, recorded), nil
}

// startRecording sets the device going if it stands.
func (s *Stream) startRecording(ctx context.Context) error {
	if s.running {
		return nil
	}
	s.starts++
	if err := s.tell(ctx, head{kind: msgStart, number: s.starts}, nil); err != nil {
		return err
	}
	s.running = true
	return nil
}

// nextBlock waits for a block that was recorded after the latest start. gap says that
// samples before it were lost.
func (s *Stream) nextBlock(ctx context.Context) (gap bool, err error) {
	for {
		h, err := s.receive(ctx, s.patience())
		if err != nil {
			return false, err
		}
		switch {
		case h.kind == msgSamples && s.begun == s.starts:
			gap = h.number > s.losses
			s.losses, s.lost = h.number, s.lost || gap
			s.left, s.stamp, s.flowing = int(h.size), h.stamp, true
			return gap, nil
		case h.kind == msgStarted:
			s.begun = h.number
		}
		b, err := s.payload(h)
		if err != nil {
			return false, err
		}
		if h.kind == msgFailed {
			s.running = false
			return false, s.failure(b)
		}
	}
}

// chunk describes the samples that were just read, the first of which was recorded at
// that time.
func (s *Stream) chunk(samples int, recorded int64) pcm.Chunk {
	c := pcm.Chunk{Samples: samples, Lost: s.lost && samples > 0}
	if samples == 0 {
		return c
	}
	s.lost = false
	c.Age = max(time.Duration(monotonic()-recorded), s.audio.Duration(samples))
	return c
}
