package microphone

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

// Chunk is a stretch of sound. It belongs to whoever was given it, until Release; its methods
// are for one goroutine at a time.
type Chunk struct {
	// Time is when its first sample was recorded.
	Time time.Time
	// Lost says that samples before these were lost: nobody took them in time. Resumed says
	// that the device was away before these.
	Lost, Resumed bool

	mic              *Microphone
	data             []byte
	int16s, float32s words       // converted
	out              atomic.Bool // is somebody's
}

// Format is rate, channels and how the samples in Bytes are encoded.
func (c *Chunk) Format() frames.AudioInfo { return c.mic.format }

// Samples is how many there are of each channel.
func (c *Chunk) Samples() int { return len(c.data) / c.mic.format.FrameBytes() }

// Duration is how long the sound lasts.
func (c *Chunk) Duration() time.Duration { return c.mic.format.Duration(c.Samples()) }

// Bytes are the samples as they were recorded, those of all channels in turn.
func (c *Chunk) Bytes() []byte { return c.data }

// Int16 are the samples of all channels in turn: Bytes themselves if they are S16LE.
func (c *Chunk) Int16() []int16 {
	b := c.as(frames.S16LE, &c.int16s)
	return unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/2)
}

// Float32 are the samples of all channels in turn, -1 to 1: Bytes themselves if they are F32LE.
func (c *Chunk) Float32() []float32 {
	b := c.as(frames.F32LE, &c.float32s)
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// as is the samples in another format, in that room if they have to be converted. All processors that Go programs with cameras run on
// are little endian, as the formats are.
func (c *Chunk) as(f frames.SampleFormat, room *words) []byte {
	if c.mic.format.Format == f {
		return c.data
	}
	n := c.Samples() * c.mic.format.Channels
	b := room.bytes(n * f.Bytes())
	_, _ = pcm.Convert(b, f, c.data, c.mic.format.Format) // both formats are known
	return b
}

// Release gives the memory of the chunk back: it, and whatever its methods gave, may not be
// used any more. It panics if the chunk was released already.
func (c *Chunk) Release() {
	if !c.out.CompareAndSwap(true, false) {
		panic("microphone: chunk released twice")
	}
	m := c.mic
	m.mu.Lock()
	m.held--
	m.mu.Unlock()
	m.put(c)
}

// chunk takes one that was used before, or makes one.
func (m *Microphone) chunk() *Chunk {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.idle); n > 0 {
		c := m.idle[n-1]
		m.idle = m.idle[:n-1]
		return c
	}
	return &Chunk{mic: m, data: new(words).bytes(m.samples * m.format.FrameBytes())}
}

func (m *Microphone) put(c *Chunk) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.idle = append(m.idle, c)
}

// words is memory that any kind of sample may lie in, which is used again.
type words []uint64

func (w *words) bytes(n int) []byte {
	if len(*w) < (n+7)/8 {
		*w = make([]uint64, (n+7)/8)
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*w))), n)
}
