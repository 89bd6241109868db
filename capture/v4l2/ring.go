package v4l2

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// reserve is how many buffers always stay with the driver: the one that it fills
// and the one after that.
const reserve = 2

// ring is the buffers of one stream. It outlives the stream until its last buffer
// is released.
type ring struct {
	typ   uint32
	slots []*slot

	mu     sync.Mutex
	fd     int  // -1 once the stream has ended
	queued int  // with the driver
	lent   int  // with readers
	late   bool // a buffer could not be given back and waits
	stats  Stats
}

// slot is one buffer: planes mapped one behind the other.
type slot struct {
	ring   *ring
	data   []byte
	start  [maxPlanes]int // where the planes begin in data
	memory *frames.Memory
	state  slotState

	buf    buffer
	planes [maxPlanes]plane
}

// slotState says who has a buffer.
type slotState uint8

const (
	withDriver slotState = iota
	withReader
	withNobody // taken out, or refused by the driver
)

// newRing asks the driver for n buffers, maps them and gives them all to it. The
// kernel is told addresses in slots, which are pinned by being on the heap and
// referenced: Go does not move what is there.
func newRing(fd int, typ uint32, planes, n int) (_ *ring, err error) {
	r := &ring{typ: typ, fd: fd}
	req := requestBuffers{count: uint32(n), typ: typ, memory: memoryMmap}
	if err := ioctl(fd, vidiocReqBufs, unsafe.Pointer(&req)); err != nil {
		return nil, fmt.Errorf("asking for %d buffers: %w", n, err)
	}
	defer func() {
		if err != nil {
			r.end()
		}
	}()
	if req.count < reserve {
		return nil, fmt.Errorf("the driver gives %d buffers, and %d are needed", req.count, reserve)
	}
	for i := range req.count {
		s := &slot{ring: r, state: withNobody}
		if err := s.mapPlanes(fd, typ, i, planes); err != nil {
			return nil, fmt.Errorf("mapping buffer %d: %w", i, err)
		}
		s.memory = frames.WrapMemory(s.data, s.giveBack)
		s.memory.Release() // it is lent with Again, when there is a picture in it
		r.slots = append(r.slots, s)
	}
	for i, s := range r.slots {
		if err := r.queue(s); err != nil {
			return nil, fmt.Errorf("queueing buffer %d: %w", i, err)
		}
	}
	return r, nil
}

// prepare fills in what the driver is told with each call.
func (s *slot) prepare(typ, index uint32, planes int) {
	s.buf = buffer{index: index, typ: typ, memory: memoryMmap}
	if typ == captureMulti {
		s.buf.m = uint64(uintptr(unsafe.Pointer(&s.planes)))
		s.buf.length = uint32(planes)
	}
}

// mapPlanes maps the planes of a buffer into one stretch of addresses.
func (s *slot) mapPlanes(fd int, typ, index uint32, planes int) error {
	s.prepare(typ, index, planes)
	if err := ioctl(fd, vidiocQueryBuf, unsafe.Pointer(&s.buf)); err != nil {
		return err
	}
	if typ == captureSingle {
		planes = 1
		s.planes[0] = plane{length: s.buf.length, m: s.buf.m}
	}
	page := os.Getpagesize()
	total := 0
	for p := range planes {
		s.start[p] = total
		total += (int(s.planes[p].length) + page - 1) / page * page
	}
	if total == 0 {
		return fmt.Errorf("the driver gives buffers of no bytes")
	}
	// Addresses without memory first, so that nothing else comes to lie in between.
	whole, err := unix.MmapPtr(-1, 0, nil, uintptr(total), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return os.NewSyscallError("mmap", err)
	}
	s.data = unsafe.Slice((*byte)(whole), total)
	for p := range planes {
		at := unsafe.Pointer(&s.data[s.start[p]])
		offset := int64(uint32(s.planes[p].m))
		if _, err := unix.MmapPtr(fd, offset, at, uintptr(s.planes[p].length), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_FIXED); err != nil {
			s.unmap()
			return os.NewSyscallError("mmap", err)
		}
	}
	// The last plane's rest of a page is mapped too, but no part of the picture.
	s.data = s.data[:s.start[planes-1]+int(s.planes[planes-1].length)]
	return nil
}

func (s *slot) unmap() {
	whole := s.data[:cap(s.data)]
	s.data = nil
	_ = unix.MunmapPtr(unsafe.Pointer(&whole[0]), uintptr(len(whole))) // fails only for wrong addresses
}

// queue gives a buffer to the driver; r.mu is held, or nobody else knows r.
func (r *ring) queue(s *slot) error {
	s.prepare(r.typ, s.buf.index, int(s.buf.length))
	if err := ioctl(r.fd, vidiocQBuf, unsafe.Pointer(&s.buf)); err != nil {
		s.state, r.late = withNobody, true
		return err
	}
	s.state = withDriver
	r.queued++
	return nil
}

// giveBack is called with the last release of a picture, by any goroutine.
func (s *slot) giveBack() {
	r := s.ring
	if s.state != withReader {
		return // made just now
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lent--
	s.state = withNobody
	if r.fd < 0 {
		s.unmap()
		return
	}
	_ = r.queue(s) // what the driver refuses is offered again with the next picture
}

// offer queues what the driver refused before.
func (r *ring) offer() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.late {
		return
	}
	r.late = false
	for _, s := range r.slots {
		if s.state == withNobody {
			_ = r.queue(s) // again with the next picture
		}
	}
}

// end stops the giving back, and unmaps what nobody reads.
func (r *ring) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	fd := r.fd
	r.fd = -1
	for _, s := range r.slots {
		if s.state != withReader {
			s.unmap()
		}
	}
	// Kernels since 5.0 give up buffers that are still mapped, too; older ones refuse,
	// and give them up when the last is released.
	_ = ioctl(fd, vidiocReqBufs, unsafe.Pointer(&requestBuffers{typ: r.typ, memory: memoryMmap}))
}
