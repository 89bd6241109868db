package pcm

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// Direction is whether a device records or plays.
type Direction int

// The directions, by ALSA's numbers.
const (
	Playback Direction = iota
	Capture
)

const (
	nonBlock      = 1 // SND_PCM_NONBLOCK
	rwInterleaved = 3 // SND_PCM_ACCESS_RW_INTERLEAVED
	statePrepared = 2 // SND_PCM_STATE_PREPARED
	stateDraining = 5 // SND_PCM_STATE_DRAINING
)

// formats are ALSA's numbers of the engine's sample formats.
var formats = map[frames.SampleFormat]uintptr{
	frames.U8: 1, frames.S16LE: 2, frames.S32LE: 10, frames.F32LE: 14, frames.F64LE: 16, frames.S24LE: 32,
}

const (
	shortest = time.Millisecond       // how long a wait takes at least
	longest  = 100 * time.Millisecond // and at most, before the device is asked again
	stall    = 2 * time.Second        // after how long without a sample it is called dead
)

// PCM is an open device.
type PCM struct {
	lib       *library
	handle    uintptr
	runner    *runner // nil of a card
	device    string
	direction Direction
	audio     frames.AudioInfo
	setup     Setup
	running   bool
	flowing   bool // it runs and has given samples
	lost      bool // since the last chunk
	overruns  uint64
	timer     *time.Timer
	room      []byte // what a device that records gave at once
	taken     []byte // what of it nobody has asked for yet
}

// Open opens a device by its ALSA name, or a [Device.ID]. It must be closed.
func Open(device string, direction Direction) (*PCM, error) {
	lib, err := openLibrary()
	if err != nil {
		return nil, err
	}
	name := device
	if d, ok := Find(device); ok && d.ID == device {
		name = d.Name
	}
	handle, result := lib.open(name, direction)
	if result < 0 {
		errno := unix.Errno(-result)
		return nil, &Error{Device: device, Doing: doingOpen, Errno: errno, Text: lib.strerror(result), Remedy: remedy(name, direction, errno)}
	}
	p := &PCM{lib: lib, handle: handle, device: device, direction: direction}
	if p.card() < 0 {
		p.runner = newRunner(lib, p.handle)
	}
	return p, nil
}

// check makes an error of a negative result.
func (p *PCM) check(doing string, result int) error {
	if result >= 0 {
		return nil
	}
	return &Error{Device: p.device, Doing: doing, Errno: unix.Errno(-result), Text: p.lib.strerror(result)}
}

// Close ends what is under way, without waiting for it to be heard, and closes the
// device.
func (p *PCM) Close() error {
	if p.handle == 0 {
		return nil
	}
	if p.running {
		p.do(fnDrop, nil, 0)
	}
	err := p.check("close", p.do(fnClose, nil, 0))
	p.handle, p.running = 0, false
	if p.runner != nil {
		p.runner.end()
	}
	if errors.Is(err, ErrGone) {
		return nil // there is nothing left to close
	}
	return err
}
