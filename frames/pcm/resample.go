package pcm

import (
	"fmt"
	"math"
	"unsafe"
)

// Resampler changes the sample rate of a stream of interleaved float samples by a
// polyphase filter. The output is not delayed in time: its sample k belongs to the
// moment k/to of the input, but it comes out [Resampler.Delay] input samples late.
// What comes out does not depend on how the stream is cut into pieces. Not safe for
// concurrent use.
type Resampler[T float32 | float64] struct {
	from, to int // reduced by their common divisor
	channels int
	taps     int
	bank     *bank[T] // nil for equal rates, which only copy
	dot4     func(dst *[group]T, src, taps []T)

	history [][]T // of each channel: input not yet used up, and zeros for the rest of a window
	have    int   // samples in it
	in, out int64 // frames so far

	// A full table: where in history the window of the first filter of the period
	// begins, and the output that is next in it. Else: where the window of the next
	// output begins, and its phase in units of 1/to of an input sample.
	begin, next int

	made [][]T    // output of each channel, before it is interleaved
	four [group]T // of a group that is needed in part
}

// NewResampler makes a resampler between two rates in samples per second. Errors: a
// rate or number of channels below 1; a quality or method that does not exist; a step
// down of more than about 100 to 1.
func NewResampler[T float32 | float64](from, to, channels int, f Filter) (*Resampler[T], error) {
	if from < 1 || to < 1 || channels < 1 {
		return nil, fmt.Errorf("resample %d Hz to %d Hz, %d channels: all must be at least 1", from, to, channels)
	}
	if f.Quality < 0 || f.Quality >= len(kaiserDesigns) || f.Method < Nearest || f.Method > Kaiser {
		return nil, fmt.Errorf("resample by method %d of quality %d: there are methods 0 to %d and qualities 0 to %d",
			f.Method, f.Quality, Kaiser, len(kaiserDesigns)-1)
	}
	g := gcd(from, to)
	r := &Resampler[T]{from: from / g, to: to / g, channels: channels, dot4: dot4Of[T]()}
	if from == to {
		return r, nil
	}
	response, err := newResponse(f, from, to)
	if err != nil {
		return nil, err
	}
	r.taps = response.taps
	r.bank = newBank[T](f, &response, r.from, r.to, int(unsafe.Sizeof(T(0))))
	r.history, r.made = make([][]T, channels), make([][]T, channels)
	r.Reset()
	return r, nil
}

// Delay is how many input frames must follow a moment before its output comes.
func (r *Resampler[T]) Delay() int { return r.taps / 2 }

// Reset forgets the stream: the next input is a new beginning.
func (r *Resampler[T]) Reset() {
	r.in, r.out, r.have, r.begin, r.next = 0, 0, 0, 0, 0
	if r.bank != nil {
		// Silence before the first sample, so that the filter is centred on it.
		r.append(nil, r.taps/2-1)
	}
}

// Process takes whole frames of input and appends the output that they complete
// to dst. An incomplete last frame of src is ignored. It allocates only to grow
// dst, and its own memory to the largest input.
func (r *Resampler[T]) Process(dst, src []T) []T {
	n := len(src) / r.channels
	src = src[:n*r.channels]
	if r.bank == nil {
		return append(dst, src...)
	}
	r.in += int64(n)
	r.append(src, n)
	dst = r.produce(dst, math.MaxInt64)
	r.drop()
	return dst
}

// Flush appends the rest of the output to dst, as if silence followed, and
// resets. In all there are ceil(input * to / from) output frames.
func (r *Resampler[T]) Flush(dst []T) []T {
	if r.bank != nil {
		total := (r.in*int64(r.to) + int64(r.from) - 1) / int64(r.from)
		r.append(nil, r.taps)
		dst = r.produce(dst, total)
	}
	r.Reset()
	return dst
}

// append adds n frames to the history; no src is silence.
func (r *Resampler[T]) append(src []T, n int) {
	for c := range r.history {
		h := grown(r.history[c], r.have, r.have+n+r.bank.window)
		if r.history[c] = h; src == nil {
			clear(h[r.have:])
			continue
		}
		// What lies behind only ever meets taps of 0, but must be finite for that.
		clear(h[r.have+n:])
	}
	if src != nil {
		deinterleave(r.history, r.have, src)
	}
	r.have += n
}

// grown is s with a length, of which the first are kept.
func grown[T any](s []T, kept, length int) []T {
	if cap(s) >= length {
		return s[:length]
	}
	more := make([]T, length, length+length/4)
	copy(more, s[:kept])
	return more
}

// drop forgets what no output reaches any more.
func (r *Resampler[T]) drop() {
	first := r.begin
	if r.bank.steps == 0 {
		first += r.bank.starts[r.next/group]
	}
	first = min(first, r.have)
	for _, h := range r.history {
		copy(h, h[first:r.have])
	}
	r.have -= first
	r.begin -= first
}

// produce appends the output for which there is input, up to total in all.
func (r *Resampler[T]) produce(dst []T, total int64) []T {
	n := int(min(int64(r.ready()), total-r.out))
	if n <= 0 {
		return dst
	}
	r.out += int64(n)
	at := len(dst)
	dst = grown(dst, at, at+n*r.channels)
	if r.channels == 1 {
		r.made[0] = dst[at:]
	} else {
		for c := range r.made {
			r.made[c] = grown(r.made[c], 0, n)
		}
	}
	if r.bank.steps == 0 {
		r.runFull(n)
	} else {
		r.runBetween(n)
	}
	if r.channels == 1 {
		r.made[0] = nil
	} else {
		interleave(dst[at:], r.made)
	}
	return dst
}

// ready is how many outputs have all the input that they need, and GStreamer the next
// sample of it too: so buffers of both have the same sizes.
func (r *Resampler[T]) ready() int {
	room := r.have - r.taps - r.begin
	if room < 0 {
		return 0
	}
	if r.bank.steps == 0 {
		return room*r.to/r.from + 1 - r.next
	}
	return (room*r.to - r.next + r.from) / r.from
}

// runFull makes n outputs from groups of filters, of which the first and the last may
// be needed in part.
func (r *Resampler[T]) runFull(n int) {
	b := r.bank
	for at := 0; at < n; {
		g, first := r.next/group, r.next%group
		some := min(group-first, n-at)
		begin := r.begin + b.starts[g]
		for c, h := range r.history {
			if src := h[begin : begin+b.window]; some == group {
				r.dot4((*[group]T)(r.made[c][at:]), src, b.group(g))
			} else {
				r.dot4(&r.four, src, b.group(g))
				copy(r.made[c][at:], r.four[first:first+some])
			}
		}
		at += some
		if r.next += some; r.next == group*(len(b.starts)-1) {
			r.next, r.begin = 0, r.begin+b.starts[len(b.starts)-1]
		}
	}
}

// runBetween makes n outputs, each of those of four filters of the table.
func (r *Resampler[T]) runBetween(n int) {
	b := r.bank
	whole, rest := r.from/r.to, r.from%r.to
	scale := float64(b.steps) / float64(r.to)
	for at := range n {
		step := float64(r.next) * scale
		g := int(step)
		w := b.weights(T(step - float64(g)))
		taps := b.group(g)
		for c, h := range r.history {
			r.dot4(&r.four, h[r.begin:r.begin+b.window], taps)
			r.made[c][at] = w[0]*r.four[0] + w[1]*r.four[1] + (w[2]*r.four[2] + w[3]*r.four[3])
		}
		r.begin += whole
		if r.next += rest; r.next >= r.to {
			r.next -= r.to
			r.begin++
		}
	}
}

// dot4Of is the kernel for a type.
func dot4Of[T float32 | float64]() func(dst *[group]T, src, taps []T) {
	var f any = dot4F32
	if _, ok := any(T(0)).(float64); ok {
		f = dot4F64
	}
	return f.(func(dst *[group]T, src, taps []T))
}
