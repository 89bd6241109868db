package portaudio

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// Options say what to open.
type Options struct {
	// Device is a name of PortAudio's list, a part of a name that no other has, or a
	// number of the list; the default device if it is empty.
	Device string
	// Direction is whether it records or plays.
	Direction pcm.Direction
	// Log gets, for debugging, what the libraries below PortAudio print; nil drops it.
	Log *slog.Logger
}

// Stream is an open device.
type Stream struct {
	proc      *process
	name      string
	direction pcm.Direction
	abilities pcm.Abilities
	audio     frames.AudioInfo
	setup     pcm.Setup
	out       []byte         // a message to be sent
	in        [headSize]byte // the head of the one that arrives
	have      int            // bytes of it
	running   bool
	flowing   bool // it runs and something came of it
	losses    uint64
	asked     uint64 // requests so far

	// Of what records.
	starts, begun uint64 // how often it was told to start, and which of them it is at
	left          int    // bytes of the block that is being read
	stamp         int64  // when the next of them was recorded
	lost          bool   // since the last chunk

	// Of what plays.
	given, taken uint64 // samples
	heard        int64  // when the last of those taken will have been
	failed       error  // to be told by the next write
	// peek reads what the child has said of the head of a message, without waiting.
	peek    func(fd uintptr)
	peeked  int
	peekErr error
}

// Open opens a device and asks what it can do. The stream must be closed.
func Open(ctx context.Context, o Options) (*Stream, error) {
	s, err := connect(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	s.name, s.direction = o.Device, o.Direction
	var reply openReply
	if err := s.ask(ctx, msgOpen, openRequest{Device: o.Device, Direction: o.Direction}, &reply); err != nil {
		s.end(closeGrace)
		return nil, err
	}
	s.name, s.abilities = reply.Name, reply.Abilities
	return s, nil
}

// connect starts a child that has no device yet.
func connect(ctx context.Context, log *slog.Logger) (*Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p, err := startProcess(log)
	if err != nil {
		return nil, err
	}
	s := &Stream{proc: p, out: make([]byte, headSize)}
	s.peek = func(fd uintptr) { s.peeked, s.peekErr = unix.Read(int(fd), s.in[s.have:]) }
	return s, nil
}

// end ends the child, which has so long to do it itself.
func (s *Stream) end(grace time.Duration) {
	if s.proc != nil {
		s.proc.hangUp(grace)
	}
	s.proc = nil
}

// broken ends the child, with which nothing can be done any more.
func (s *Stream) broken() {
	if s.proc != nil {
		s.proc.kill()
	}
	s.end(0)
}

// Close ends what is under way, without waiting for it to be heard, and closes the
// device. The process is gone when it returns.
func (s *Stream) Close() error {
	s.end(closeGrace)
	return nil
}

// Name is what the device is called in PortAudio's list: what to open it by again.
func (s *Stream) Name() string { return s.name }

// Abilities are what the device can be set to. Card is the system by which PortAudio
// reaches it. The error is always nil: the device was asked when it was opened.
func (s *Stream) Abilities() (*pcm.Abilities, error) { return &s.abilities, nil }

// Configure sets format, rate and channels exactly, and the lengths as near as the
// device can: period is how much is handed over at once, buffer how much may wait. It
// may be called again between streams.
func (s *Stream) Configure(audio frames.AudioInfo, period, buffer time.Duration) (pcm.Setup, error) {
	s.Drop()
	var setup pcm.Setup
	request := configureRequest{Format: audio.Format, Rate: audio.Rate, Channels: audio.Channels, Period: period, Buffer: buffer}
	if err := s.ask(context.Background(), msgConfigure, request, &setup); err != nil {
		return pcm.Setup{}, err
	}
	s.audio, s.setup = audio, setup
	s.out = make([]byte, headSize+setup.Period*audio.FrameBytes())
	if s.direction == pcm.Capture {
		hold(s.proc.up, len(s.out)) // what waits here does not wait in the device
	} else {
		hold(s.proc.down, len(s.out))
	}
	return setup, nil
}

// Overruns is how often samples were lost since the device was opened; of a device that
// plays, how often it ran dry.
func (s *Stream) Overruns() uint64 { return s.losses }

// Drop stops the device and forgets what has not been read, or heard. The next read or
// write starts anew.
func (s *Stream) Drop() {
	if !s.running {
		return
	}
	s.running, s.flowing = false, false
	what := msgStop
	if s.direction == pcm.Playback {
		what, s.heard = msgDrop, 0
	}
	if err := s.tell(context.Background(), head{kind: what}, nil); err != nil {
		s.broken()
	}
}

// AnyCaps is all raw sound that devices may give and take.
func AnyCaps() frames.Caps {
	return frames.MustCaps("audio/x-raw,format={F32LE,S32LE,S24LE,S16LE,U8},layout=interleaved,rate=[1,2147483647],channels=[1,2147483647]")
}
