package portaudio

import (
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// kind is what a message between parent and child is.
type kind uint32

const (
	// From the parent. The payloads of the first three are JSON.
	msgDevices   kind = iota + 1 // answered by msgDone, with a list of Device
	msgOpen                      // an openRequest: answered by msgDone with an openReply
	msgConfigure                 // a configureRequest: answered by msgDone with a pcm.Setup
	msgStart                     // record: answered by msgStarted with the same number, then msgSamples
	msgStop                      // do not record
	msgDrain                     // play what is there to its end: answered by msgDone
	msgDrop                      // forget what is there

	msgSamples // either way: a block of samples

	// From the child.
	msgDone
	msgStarted
	msgTaken  // samples were given to the device
	msgFailed // a failure, of a request or of the device that runs, which is stopped
)

// head goes before the payload of each message.
type head struct {
	kind kind
	size uint32 // bytes of the payload
	// number is: of requests that are answered by msgDone, and of that, which request; of
	// msgStart and msgStarted, which start; of msgSamples from the child
	// and of msgTaken, how often samples were lost, or the device ran dry, so far.
	number uint64
	// samples of each channel that were given to the device so far, of msgTaken.
	samples uint64
	// stamp by CLOCK_MONOTONIC: when the first of the samples was recorded; or when the
	// last of those taken will have been played.
	stamp int64
}

const headSize = 32

func (h *head) put(b []byte) {
	binary.LittleEndian.PutUint32(b, uint32(h.kind))
	binary.LittleEndian.PutUint32(b[4:], h.size)
	binary.LittleEndian.PutUint64(b[8:], h.number)
	binary.LittleEndian.PutUint64(b[16:], h.samples)
	binary.LittleEndian.PutUint64(b[24:], uint64(h.stamp))
}

func parseHead(b []byte) head {
	return head{
		kind: kind(binary.LittleEndian.Uint32(b)), size: binary.LittleEndian.Uint32(b[4:]),
		number: binary.LittleEndian.Uint64(b[8:]), samples: binary.LittleEndian.Uint64(b[16:]),
		stamp: int64(binary.LittleEndian.Uint64(b[24:])),
	}
}

type openRequest struct {
	Device    string
	Direction pcm.Direction
}

type openReply struct {
	Name      string // in PortAudio's list
	Abilities pcm.Abilities
}

type configureRequest struct {
	Format         frames.SampleFormat
	Rate, Channels int
	Period, Buffer time.Duration
}

// failure is the payload of msgFailed.
type failure struct {
	NoLibrary bool
	Doing     string
	Code      int
	Text      string
}

// monotonic is the time by the clock that parent and child share.
func monotonic() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0 // every Linux has this clock
	}
	return t.Nano()
}
