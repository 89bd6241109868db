package infer

import (
	"fmt"
	"math"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

// windows cuts a stream of sound into stretches for a model: one channel, at the
// model's rate, values as integers from -32768 to 32767, which is what models are
// trained on. Several channels are averaged.
type windows struct {
	wanted int // samples a second of the model

	in        frames.AudioInfo        // what comes
	resampler *pcm.Resampler[float32] // nil if the rates are equal

	decoded []float32 // samples of one frame, of all channels
	mono    []float32
	fifo    []float32 // samples at the model's rate, not yet let go
	skip    int       // how many of them, and of those that follow, belong to no window to come

	// Positions count samples at the model's rate since the stream began.
	begin  time.Duration // PTS of position 0, NoTime if it is not known
	next   time.Duration // PTS of the frame that follows without a gap
	at     int64         // position of fifo[0]
	judged int64         // position behind the last window
}

// setFormat says what comes from now on; changed is true if it is something else
// than before, so that nothing continues.
func (w *windows) setFormat(in frames.AudioInfo) (changed bool, err error) {
	if in == w.in {
		return false, nil
	}
	var r *pcm.Resampler[float32]
	if in.Rate != w.wanted {
		if r, err = pcm.NewResampler[float32](in.Rate, w.wanted, 1, pcm.DefaultFilter); err != nil {
			return true, fmt.Errorf("the stream has %d samples a second and the model wants %d: put audioresample before it: %w", in.Rate, w.wanted, err)
		}
	}
	w.in, w.resampler = in, r
	return true, nil
}

// maxJump is how far the time of a frame may be from where the one before it ended
// and still continue it; clocks of devices are not exact.
const maxJump = 100 * time.Millisecond

// continues reports whether a frame of that time follows what came before.
func (w *windows) continues(pts time.Duration) bool {
	if pts == frames.NoTime || w.next == frames.NoTime {
		return true
	}
	return (pts - w.next).Abs() <= maxJump
}

// add takes the samples of a frame, and returns what they became at the model's
// rate; the view is valid until the next call of any method.
func (w *windows) add(data []byte, pts time.Duration) ([]float32, error) {
	n := len(data) / w.in.FrameBytes()
	w.letGo()
	if w.begin == frames.NoTime && w.at == 0 && len(w.fifo) == 0 {
		w.begin = pts
	}
	if pts != frames.NoTime {
		w.next = pts + w.in.Duration(n)
	}
	w.decoded, w.mono = grown(w.decoded, n*w.in.Channels), grown(w.mono, n)
	if _, err := pcm.Decode(w.decoded, data, w.in.Format); err != nil {
		return nil, err
	}
	if _, err := pcm.Remix(w.mono, 1, w.decoded, w.in.Channels); err != nil {
		return nil, err
	}
	for i := range w.mono {
		w.mono[i] *= 1 << 15
	}
	from := len(w.fifo)
	if w.resampler == nil {
		w.fifo = append(w.fifo, w.mono...)
	} else {
		w.fifo = w.resampler.Process(w.fifo, w.mono)
	}
	return w.added(from), nil
}

// grown is a buffer of that length.
func grown(b []float32, n int) []float32 {
	if cap(b) < n {
		return make([]float32, n)
	}
	return b[:n]
}

// added rounds what was appended to the fifo to samples. What is no number becomes
// silence.
func (w *windows) added(from int) []float32 {
	fresh := w.fifo[from:]
	for i, v := range fresh {
		v := min(max(math.RoundToEven(float64(v)), math.MinInt16), math.MaxInt16)
		if math.IsNaN(v) {
			v = 0
		}
		fresh[i] = float32(v)
	}
	return fresh
}

// letGo forgets what belongs to no window to come.
func (w *windows) letGo() {
	n := min(w.skip, len(w.fifo))
	w.fifo = w.fifo[:copy(w.fifo, w.fifo[n:])]
	w.skip -= n
	w.at += int64(n)
}

// finish adds what the resampler still holds.
func (w *windows) finish() {
	if w.resampler != nil {
		from := len(w.fifo)
		w.fifo = w.resampler.Flush(w.fifo)
		w.added(from)
	}
}

// take copies the next window into dst and moves on by stride samples, more or
// less than a window. A window that is not full is filled up with silence; padding
// is how much of that there is.
func (w *windows) take(dst []float32, stride int) (padding int) {
	w.letGo()
	n := copy(dst, w.fifo)
	clear(dst[n:])
	w.judged = w.at + int64(len(dst))
	w.skip = stride
	return len(dst) - n
}

// held is how many samples wait for a window.
func (w *windows) held() int { return max(len(w.fifo)-w.skip, 0) }

// fresh is how many of them were in no window yet.
func (w *windows) fresh() int {
	return int(w.at + int64(len(w.fifo)) - max(w.judged, w.at+int64(w.skip)))
}

// time is the PTS of a position.
func (w *windows) time(position int64) time.Duration {
	if w.begin == frames.NoTime {
		return frames.NoTime
	}
	whole, rest := position/int64(w.wanted), position%int64(w.wanted)
	return w.begin + time.Duration(whole)*time.Second + time.Duration(rest)*time.Second/time.Duration(w.wanted)
}

// length is how long n samples last.
func (w *windows) length(n int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(w.wanted)
}

// forget begins anew: what follows does not continue what came before.
func (w *windows) forget() {
	w.fifo, w.skip = w.fifo[:0], 0
	w.begin, w.next, w.at, w.judged = frames.NoTime, frames.NoTime, 0, 0
	if w.resampler != nil {
		w.resampler.Reset()
	}
}
