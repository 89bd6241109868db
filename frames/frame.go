package frames

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// NoTime stands for a time that is not known.
const NoTime time.Duration = -1

// Flags mark a frame.
type Flags uint32

// The flags of a frame.
const (
	Discont   Flags = 1 << iota // does not follow the frame before it
	Corrupted                   // delivered although something was wrong with it
	Header                      // stream header, no picture
	DeltaUnit                   // cannot be decoded on its own
	Gap                         // stands for missing data
	Droppable                   // nothing refers to it
)

// Frame is one buffer of a stream: a header with times and metadata over counted
// memory. The header has one owner; see the package documentation.
type Frame struct {
	Format *Format
	// PTS is running time, Duration how long it lasts, Mono the engine's clock
	// at capture; each NoTime if unknown.
	PTS, Duration, Mono time.Duration
	// Seq counts the frames of the source, from 0; gaps are frames lost before.
	Seq   uint64
	Flags Flags

	mem    *Memory
	offset int
	size   int
	layout Layout
	meta   *metaNode
	batch  *batch // nil but for batches

	released bool // debugging only
}

var headers = sync.Pool{New: func() any { return new(Frame) }}

// NewFrame makes a frame over all of mem and takes over the caller's reference.
// Video gets the default layout of its format.
func NewFrame(format *Format, mem *Memory) *Frame {
	f := newHeader()
	f.Format = format
	f.PTS, f.Duration, f.Mono = NoTime, NoTime, NoTime
	f.mem = mem
	f.size = mem.Len()
	if format != nil {
		f.layout = format.layout
	}
	return f
}

func newHeader() *Frame {
	if debugging {
		return new(Frame)
	}
	return headers.Get().(*Frame)
}

// SetLayout replaces the default layout, for memory that a device or a library
// laid out. It panics if the planes do not fit into the memory.
func (f *Frame) SetLayout(l Layout) {
	v := f.Format.Video
	for p := range v.Format.Planes() {
		rowBytes, rows := v.Format.PlaneSize(p, v.Width, v.Height)
		if end := l.Offset[p] + (rows-1)*l.Stride[p] + rowBytes; end > f.size {
			panic(fmt.Sprintf("frames: plane %d ends at byte %d of a block of %d", p, end, f.size))
		}
	}
	f.layout = l
}

// Layout says where the planes lie.
func (f *Frame) Layout() Layout { return f.layout }

// Truncate shortens the frame to its first n bytes.
func (f *Frame) Truncate(n int) { f.size = min(f.size, n) }

// Share makes a second header on the same memory and metadata. Both are owned by
// the caller.
func (f *Frame) Share() *Frame {
	f.alive()
	g := newHeader()
	*g = *f
	g.mem.Retain()
	return g
}

// CopyTimes takes times, number, flags and metadata over from another frame:
// what a converter does for its output.
func (f *Frame) CopyTimes(from *Frame) {
	f.PTS, f.Duration, f.Mono, f.Seq, f.Flags = from.PTS, from.Duration, from.Mono, from.Seq, from.Flags
	f.meta = from.meta
}

// Release ends the life of the header and drops its reference on the memory.
func (f *Frame) Release() {
	f.alive()
	mem := f.mem
	*f = Frame{released: debugging}
	if !debugging {
		headers.Put(f)
	}
	if mem != nil {
		mem.Release()
	}
}

func (f *Frame) alive() {
	if debugging && f.released {
		panic("frames: frame used or released after its release")
	}
}

// Memory is the counted block under the frame, for those who must keep the bytes
// longer than the header (call Retain) or hand them to a device.
func (f *Frame) Memory() *Memory { return f.mem }

// Size is the number of bytes of the frame, those of the children for a batch.
func (f *Frame) Size() int { return f.size }

// Bytes is the read view of the whole frame, nil for a batch.
func (f *Frame) Bytes() []byte {
	f.alive()
	if f.batch != nil {
		return nil
	}
	return f.mem.data[f.offset : f.offset+f.size : f.offset+f.size]
}

// Picture is the read view of a frame of raw video. After Writable it may also
// be written through.
func (f *Frame) Picture() Picture { return f.Format.Video.Picture(f.Bytes(), f.layout) }

var errBatchWritten = errors.New("a batch has no bytes of its own: take its frames out and write those")

// Writable makes the frame's bytes exclusive to it. If somebody else holds the
// memory too, they are copied into a block of the account, which may wait at the
// budget. On error the frame is unchanged and still the caller's. A batch has no
// bytes that could be written: TakeChildren, and write those.
func (f *Frame) Writable(ctx context.Context, a *Account) error {
	f.alive()
	if f.batch != nil {
		return errBatchWritten
	}
	if f.mem.Exclusive() {
		return nil
	}
	m, err := a.Alloc(ctx, f.size)
	if err != nil {
		return err
	}
	a.copies.Add(1)
	copy(m.data, f.Bytes())
	f.mem.Release()
	f.mem, f.offset = m, 0
	return nil
}
