package deflate

import "encoding/binary"

const (
	window     = 1 << 15
	minMatch   = 3
	maxMatch   = 258
	gathered   = 1 << 18 // bytes of input that are compressed at once
	maxSymbols = 1 << 16 // of one block
	slack      = 8       // bytes behind the input that may be read
)

// Writer makes one zlib stream of what is put into the memory that it gives. Call Reset
// first. Not safe for concurrent use.
type Writer struct {
	effort effort
	out    bitWriter
	sum    uint32

	buf  []byte // up to window bytes of the past, then what is to be compressed
	end  int    // of what was put in
	next int    // the first byte that was not looked at
	base uint32 // position in the stream of buf[0], modulo 2^32

	heads    [1 << hashBits]uint32 // where three bytes were last, by their hash
	before   []uint32              // the place before that one, by position in the window
	block    block
	counts   counts
	own      codes
	literals int // what a literal cost of late, in sixteenths of a bit
	matches  int // the same of a match, without its extra bits
}

// effort is what a level of compression takes on itself.
type effort struct {
	stored bool
	skip   int // of literals in a row, the part (2^-skip) that the next step grows by
	depth  int // how many places are looked at for a match; the last one if 0
}

var efforts = [10]effort{
	0: {stored: true},
	1: {skip: 2}, 2: {skip: 2}, 3: {skip: 3}, 4: {skip: 3}, 5: {skip: 4}, 6: {skip: 4},
	7: {skip: 5}, 8: {depth: 2}, 9: {depth: 8},
}

// Reset begins a stream, which is appended to dst. level is 0, which only stores, to 9.
func (w *Writer) Reset(dst []byte, level int) {
	w.effort = efforts[level]
	w.out = bitWriter{to: append(dst, 0x78, headerCheck(level))}
	w.sum = 1
	w.end, w.next, w.base = 0, 0, 0
	w.literals, w.matches = 8*16, 8*16
	clear(w.heads[:])
	if w.effort.depth > 0 && w.before == nil {
		w.before = make([]uint32, window)
	}
	w.block.begin(0)
}

// headerCheck is the second byte of the header: the level as zlib tells it, and a check.
func headerCheck(level int) byte {
	const method = 0x78 // deflate with a window of 32 KiB
	told := 2
	switch {
	case level < 2:
		told = 0
	case level < 6:
		told = 1
	case level > 6:
		told = 3
	}
	flags := told << 6
	return byte(flags + 31 - (method<<8+flags)%31)
}

// Next is memory for the next n bytes of input, to be filled before the next call.
func (w *Writer) Next(n int) []byte {
	if w.end+n > len(w.buf)-slack && w.end > window {
		w.compress()
		w.emit(false)
		w.slide()
	}
	if need := w.end + n + slack; need > len(w.buf) {
		grown := make([]byte, max(need, window+gathered+slack))
		copy(grown, w.buf[:w.end])
		w.buf = grown
	}
	w.end += n
	return w.buf[w.end-n : w.end : w.end]
}

// Close ends the stream and returns all of it, behind what Reset was given.
func (w *Writer) Close() []byte {
	w.compress()
	w.emit(true)
	w.out.align()
	return binary.BigEndian.AppendUint32(w.out.to, w.sum)
}

// compress looks at all that is there.
func (w *Writer) compress() {
	w.sum = adler32(w.sum, w.buf[w.next:w.end])
	switch {
	case w.effort.stored:
		w.block.literals(w.end - w.next)
	case w.effort.depth == 0:
		w.findFast()
	default:
		w.findBest()
	}
	w.next = w.end
}

// slide forgets what lies before the window. Everything is in blocks by now.
func (w *Writer) slide() {
	from := w.end - window
	copy(w.buf, w.buf[from:w.end])
	w.base += uint32(from)
	w.end, w.next = window, window
	w.block.begin(window)
}
