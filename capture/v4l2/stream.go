package v4l2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// Options are how to capture.
type Options struct {
	// Buffers is how many to ask the driver for, 6 if 0. All but two may be held by
	// readers at a time.
	Buffers int
	// Stall is how long Next waits for a picture, for ever if 0.
	Stall time.Duration
	// Spare gives memory of n bytes for a picture that must be copied, since readers
	// hold all buffers but those of the driver. Nil, or if it gives nil: the picture
	// is left out and counted. It must not call the camera.
	Spare func(n int) *frames.Memory
}

const usualBuffers = 6

// Frame is one picture.
type Frame struct {
	// Memory is the caller's: releasing it gives the buffer back to the driver.
	Memory *frames.Memory
	// Size is how many bytes of the memory are the picture's.
	Size int
	// Offset is where the planes of Format.Planes begin in the memory.
	Offset [maxPlanes]int
	// Time is when it was taken, on the clock of [Now]; frames.NoTime if the driver
	// has another clock.
	Time time.Duration
	// Sequence is the driver's number. Lost is how many pictures since the one before
	// are missing, for whatever reason.
	Sequence uint32
	Lost     int
	// KeyFrame says of compressed pictures that this one needs no other; StartOfExposure
	// what Time is of, otherwise it is the moment of its last byte.
	KeyFrame, StartOfExposure bool
	// Copied says that the memory is not the driver's.
	Copied bool

	slot *slot
}

// oldest is the age above which a driver's stamp is not believed.
const oldest = 10 * time.Second

// Taken is Time as far as it can be believed: some drivers have other clocks, or stamp what
// is to come. Of their pictures it is now, which is of [Now].
func (f *Frame) Taken(now time.Duration) time.Duration {
	if f.Time == frames.NoTime || f.Time > now || now-f.Time > oldest {
		return now
	}
	return f.Time
}

// Stats counts what has become of pictures since Open.
type Stats struct {
	Lent    uint64 // given out in the driver's memory
	Copied  uint64 // given out as a copy, since readers held the others
	Dropped uint64 // left out, since there was no memory for a copy either
	Damaged uint64 // left out, since the driver marked them
	Lost    uint64 // numbers that the driver left out
	Held    int    // buffers that readers hold now
}

// Add counts t too, such as those of a camera that has come back.
func (s *Stats) Add(t Stats) {
	s.Lent += t.Lent
	s.Copied += t.Copied
	s.Dropped += t.Dropped
	s.Damaged += t.Damaged
	s.Lost += t.Lost
	s.Held += t.Held
}

// stream is what Next remembers from one picture to the next.
type stream struct {
	options Options
	planes  int
	begun   bool
	next    uint32 // the sequence number that follows
	missing int    // pictures since the last one that was given
}

// Now is CLOCK_MONOTONIC, on which pictures are stamped.
func Now() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // every kernel has this clock
	return time.Duration(t.Nano())
}

// Start begins to capture in the format that was set. After an error nothing is left
// behind, and it may be called again.
func (d *Camera) Start(o Options) error {
	if len(d.format.Planes) == 0 {
		f, err := d.Format()
		if err != nil {
			return err
		}
		d.format = f
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.fd < 0:
		return d.failed("starting", ErrStopped)
	case d.ring != nil:
		return fmt.Errorf("%s is capturing already: call Stop first", d.info.Path)
	}
	if o.Buffers <= 0 {
		o.Buffers = usualBuffers
	}
	r, err := newRing(d.fd, d.typ, len(d.format.Planes), max(o.Buffers, reserve))
	if err != nil {
		return d.refused("starting", err)
	}
	typ := d.typ
	if err := ioctl(d.fd, vidiocStreamOn, unsafe.Pointer(&typ)); err != nil {
		r.end()
		return d.refused("starting", err)
	}
	d.ring, d.stream = r, stream{options: o, planes: len(d.format.Planes)}
	return nil
}

// Free is an error that says what to do if somebody captures from the camera already, here
// or in another program.
func (d *Camera) Free() error {
	none := requestBuffers{typ: d.typ, memory: memoryMmap} // only who captures may ask for them
	if err := d.control(vidiocReqBufs, unsafe.Pointer(&none)); err != nil {
		return d.refused("asking whether it is free", err)
	}
	return nil
}

// SetStall changes Options.Stall of a camera that captures, from the next picture on.
func (d *Camera) SetStall(stall time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stream.options.Stall = stall
}

// Stop ends capturing. A Next under way ends with ErrStopped. It does not wait for
// readers: what they hold stays valid. Start may be called again, also in another
// format.
func (d *Camera) Stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.halt()
	d.interrupt()
}

// halt ends the stream; d.mu is held.
func (d *Camera) halt() {
	if d.ring == nil {
		return
	}
	typ := d.typ
	_ = ioctl(d.fd, vidiocStreamOff, unsafe.Pointer(&typ)) // fails only if the camera is gone
	d.ring.end()
	d.retired = append(d.retired, d.ring)
	d.ring = nil
}

// Stats counts what has become of pictures. Any goroutine may call it.
func (d *Camera) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retired = slices.DeleteFunc(d.retired, func(r *ring) bool {
		s := r.reading()
		if s.Held == 0 {
			d.totals.Add(s)
		}
		return s.Held == 0
	})
	all := d.totals
	for _, r := range d.retired {
		all.Add(r.reading())
	}
	if d.ring != nil {
		all.Add(d.ring.reading())
	}
	return all
}

func (r *ring) reading() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Held = r.lent
	return s
}

// Next waits for the next picture. The error wraps ErrStalled, ErrGone, ErrBroken,
// ErrStopped, or is that of ctx.
func (d *Camera) Next(ctx context.Context) (Frame, error) {
	d.waiting.Lock()
	defer d.waiting.Unlock()
	if err := d.watch(ctx); err != nil {
		return Frame{}, err
	}
	deadline := time.Time{}
	if stall := d.prepare(); stall > 0 {
		deadline = time.Now().Add(stall)
	}
	for {
		if err := ctx.Err(); err != nil {
			return Frame{}, err
		}
		events, err := d.poll(deadline)
		if err != nil {
			return Frame{}, err
		}
		frame, ok, err := d.take(events)
		if ok || err != nil {
			return frame, err
		}
	}
}

// prepare gives the driver what it refused before, and tells how long to wait.
func (d *Camera) prepare() (stall time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ring != nil {
		d.ring.offer()
	}
	return d.stream.options.Stall
}

// poll waits until the driver has something, somebody wants Next to end, or it is
// deadline, which is ErrStalled.
func (d *Camera) poll(deadline time.Time) (events int16, err error) {
	timeout := -1
	if !deadline.IsZero() {
		timeout = int(max(time.Until(deadline), 0)/time.Millisecond) + 1
	}
	fd := d.FD()
	if fd < 0 {
		return 0, d.failed("waiting", ErrStopped)
	}
	d.polled = [2]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(d.wake), Events: unix.POLLIN}}
	n, err := unix.Poll(d.polled[:], timeout)
	switch {
	case errors.Is(err, unix.EINTR):
		return 0, nil
	case err != nil:
		return 0, d.failed("waiting", err)
	case n == 0:
		return 0, d.failed("waiting", ErrStalled)
	}
	if d.polled[1].Revents != 0 {
		var b [8]byte
		_, _ = unix.Read(d.wake, b[:]) // empty already if two readers were woken
	}
	return d.polled[0].Revents, nil
}

// take takes a picture from the driver; ok is false if there is none yet, or it was
// left out.
func (d *Camera) take(events int16) (f Frame, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.ring
	if r == nil {
		return f, false, d.failed("waiting", ErrStopped)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	*d.in = buffer{typ: d.typ, memory: memoryMmap}
	if d.typ == captureMulti {
		d.in.m, d.in.length = uint64(uintptr(unsafe.Pointer(d.planes))), maxPlanes
	}
	err = ioctl(d.fd, vidiocDQBuf, unsafe.Pointer(d.in))
	switch {
	case err == nil:
		f, ok = d.give(r)
		return f, ok, nil
	case errors.Is(err, unix.EAGAIN) && events&unix.POLLERR == 0:
		return f, false, nil
	case errors.Is(err, unix.ENODEV):
		return f, false, d.failed("capturing", ErrGone)
	}
	return f, false, d.failed("capturing", fmt.Errorf("%w (%w)", ErrBroken, err))
}

// Flags of buffers.
const (
	flagError        = 0x40
	flagKeyFrame     = 0x8
	clockMask        = 0xe000
	clockMonotonic   = 0x2000
	sourceMask       = 0x70000
	startOfExposure  = 0x10000
	sequenceGapLimit = 1 << 30 // more than this is a counter that began anew
)

// give makes a frame of the buffer that the driver gave; r.mu is held. ok is false if
// the picture is left out.
func (d *Camera) give(r *ring) (f Frame, ok bool) {
	if int(d.in.index) >= len(r.slots) {
		return f, false
	}
	s := r.slots[d.in.index]
	s.state = withNobody
	r.queued--
	gap := d.gap()
	r.stats.Lost += uint64(gap)
	d.stream.missing += gap + 1 // unless it is given, it is missing too
	f = d.describe(s)
	switch {
	case d.in.flags&flagError != 0 || f.Size == 0:
		r.stats.Damaged++
	case r.queued >= reserve:
		s.state = withReader
		r.lent++
		r.stats.Lent++
		s.memory = s.memory.Again()
		f.Memory, f.slot = s.memory, s
	default:
		f.Memory, f.Copied = d.copy(s, f.Size), true
		if f.Memory == nil {
			r.stats.Dropped++
			break
		}
		r.stats.Copied++
	}
	if s.state != withReader {
		_ = r.queue(s) // offered again if it is refused
	}
	if f.Memory == nil {
		return f, false
	}
	f.Lost, d.stream.missing = d.stream.missing-1, 0
	return f, true
}

// gap is how many numbers the driver left out before this buffer.
func (d *Camera) gap() int {
	gap := d.in.sequence - d.stream.next
	begun := d.stream.begun
	d.stream.begun, d.stream.next = true, d.in.sequence+1
	if !begun || gap >= sequenceGapLimit {
		return 0
	}
	return int(gap)
}

// copy is the picture in memory of the reader's, nil if it has none.
func (d *Camera) copy(s *slot, size int) *frames.Memory {
	if d.stream.options.Spare == nil {
		return nil
	}
	m := d.stream.options.Spare(size)
	if m != nil {
		copy(m.Bytes(), s.data[:size])
	}
	return m
}

// describe says what the driver told of the buffer.
func (d *Camera) describe(s *slot) Frame {
	in := d.in
	f := Frame{
		Sequence: in.sequence, Offset: s.start, Size: int(in.bytesUsed), Time: frames.NoTime,
		KeyFrame: in.flags&flagKeyFrame != 0, StartOfExposure: in.flags&sourceMask == startOfExposure,
	}
	if d.typ == captureMulti {
		f.Size = 0
		for p := range min(d.stream.planes, maxPlanes) {
			used := int(d.planes[p].bytesUsed)
			f.Offset[p] += int(d.planes[p].dataOffset)
			if used > 0 {
				f.Size = s.start[p] + used
			}
		}
	}
	f.Size = min(f.Size, len(s.data))
	if in.flags&clockMask == clockMonotonic {
		f.Time = time.Duration(in.seconds)*time.Second + time.Duration(in.microseconds)*time.Microsecond
	}
	return f
}
