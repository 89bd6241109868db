package eimserve

import (
	"bufio"
	"errors"
	"io"
)

// maxMessage is the size of the receive buffer of the original.
const maxMessage = 32 << 20

// errTooLong: a message did not close within maxMessage.
var errTooLong = errors.New("message is longer than 32 MiB")

// framer cuts a stream into messages by counting braces, in strings as well.
// What lies outside of braces is dropped; a stray closing brace is, too, where
// the original would never recover.
type framer struct {
	r     *bufio.Reader
	buf   []byte
	depth int
	limit int
}

func newFramer(r io.Reader) *framer {
	return &framer{r: bufio.NewReaderSize(r, 64<<10), limit: maxMessage}
}

// next gives one message, valid until the next call. The reader's error ends
// the stream, also in the middle of a message: nobody is left to answer.
func (f *framer) next() ([]byte, error) {
	f.buf, f.depth = f.buf[:0], 0
	for {
		if _, err := f.r.Peek(1); err != nil {
			return nil, err
		}
		chunk, err := f.r.Peek(f.r.Buffered())
		if err != nil {
			return nil, err
		}
		n, complete := f.scan(chunk)
		if _, err := f.r.Discard(n); err != nil {
			return nil, err
		}
		if len(f.buf) > f.limit {
			return nil, errTooLong
		}
		if complete {
			return f.buf, nil
		}
	}
}

// scan takes from chunk what belongs to the message, and says how much of it
// is done with.
func (f *framer) scan(chunk []byte) (n int, complete bool) {
	start := 0
	for i, c := range chunk {
		switch {
		case c == '{':
			if f.depth == 0 {
				start = i
			}
			f.depth++
		case c == '}' && f.depth > 0:
			f.depth--
			if f.depth == 0 {
				f.buf = append(f.buf, chunk[start:i+1]...)
				return i + 1, true
			}
		}
	}
	if f.depth > 0 {
		f.buf = append(f.buf, chunk[start:]...)
	}
	return len(chunk), false
}
