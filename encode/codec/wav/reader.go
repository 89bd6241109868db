package wav

import (
	"errors"
	"fmt"
	"io"

	"github.com/eiengine/eiengine/frames"
)

// Reader reads the samples of a WAV.
type Reader struct {
	r      io.Reader
	header Header
	rest   []byte // read together with the header
	read   int64  // bytes of samples so far
	ended  error  // what the next Read returns
}

// NewReader reads the header from r. Errors: empty input, not a WAV, header cut
// off, an encoding other than linear samples.
func NewReader(r io.Reader) (*Reader, error) {
	var data []byte
	piece := make([]byte, 4096)
	for {
		k, err := r.Read(piece)
		data = append(data, piece[:k]...)
		h, n, ok, bad := ParseHeader(data)
		if bad != nil {
			return nil, bad
		}
		if ok {
			return &Reader{r: r, header: h, rest: data[n:]}, nil
		}
		if len(data) > MaxHeader {
			return nil, fmt.Errorf("wav: no samples (chunk data) within the limit of %d bytes for the header", MaxHeader)
		}
		switch {
		case errors.Is(err, io.EOF) && len(data) == 0:
			return nil, errNoData
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("wav: cut off: no samples (chunk data) within %d bytes", len(data))
		case err != nil:
			return nil, fmt.Errorf("wav: %w", err)
		}
	}
}

// Info describes the samples.
func (r *Reader) Info() frames.AudioInfo { return r.header.Info }

// Data is the number of bytes of samples that the header promises, -1 if it does
// not know.
func (r *Reader) Data() int64 { return r.header.Data }

// Read fills p with whole frames (one sample of every channel), fewer only at the
// end, and returns how many bytes that is; p must hold at least one. The end is
// io.EOF. If the input ends before what the header promises, or within a frame, the
// samples that are there come first and then an error that wraps
// io.ErrUnexpectedEOF.
func (r *Reader) Read(p []byte) (int, error) {
	if r.ended != nil {
		return 0, r.ended
	}
	frame := r.header.Info.FrameBytes()
	if len(p) < frame {
		return 0, fmt.Errorf("wav: buffer of %d bytes is shorter than one frame of %d", len(p), frame)
	}
	want := int64(len(p) - len(p)%frame)
	if r.header.Data >= 0 {
		// An incomplete frame at the end of complete data is padding.
		left := r.header.Data - r.header.Data%int64(frame) - r.read
		want = min(want, left)
	}
	if want == 0 {
		return 0, io.EOF
	}
	n := copy(p[:want], r.rest)
	r.rest = r.rest[n:]
	var err error
	if int64(n) < want {
		var k int
		k, err = io.ReadFull(r.r, p[n:want])
		n += k
	}
	r.read += int64(n)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return n - n%frame, fmt.Errorf("wav: after %d bytes of samples: %w", r.read, err)
	}
	r.ended = r.end(n % frame)
	if n < frame {
		return 0, r.ended
	}
	return n - n%frame, nil
}

// end is what the end of the input means, with a part of a frame left over.
func (r *Reader) end(part int) error {
	if r.header.Data >= 0 {
		return fmt.Errorf("wav: cut off: %d of %d bytes of samples: %w", r.read, r.header.Data, io.ErrUnexpectedEOF)
	}
	padding := part == 1 && r.read%2 == 0
	if part > 0 && !padding {
		return fmt.Errorf("wav: cut off within a frame after %d bytes of samples: %w", r.read, io.ErrUnexpectedEOF)
	}
	return io.EOF
}
