package wav

import (
	"fmt"
	"io"

	"github.com/eiengine/eiengine/frames"
)

// Writer writes a WAV.
type Writer struct {
	w     io.Writer
	info  frames.AudioInfo
	start int64 // where the header is, if it can be written again
	seek  io.WriteSeeker
	data  int64
}

// NewWriter writes the header to w. If w can seek, Close puts the length there,
// else the header says that it is unknown. Errors: values that the format cannot
// hold, errors of w.
func NewWriter(w io.Writer, info frames.AudioInfo) (*Writer, error) {
	header, err := AppendHeader(nil, info, -1)
	if err != nil {
		return nil, err
	}
	out := &Writer{w: w, info: info}
	if s, ok := w.(io.WriteSeeker); ok {
		// Pipes and terminals have the method and fail.
		if at, err := s.Seek(0, io.SeekCurrent); err == nil {
			out.seek, out.start = s, at
		}
	}
	if _, err := w.Write(header); err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	return out, nil
}

// Write writes samples in the format that the writer was made with.
func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	w.data += int64(n)
	if err != nil {
		return n, fmt.Errorf("wav: %w", err)
	}
	return n, nil
}

// Close ends the WAV. It does not close what lies below.
func (w *Writer) Close() error {
	if w.seek == nil {
		return nil
	}
	if w.data&1 == 1 {
		// Chunks have an even length. Without a length in the header the byte
		// would be taken for a sample.
		if _, err := w.w.Write([]byte{0}); err != nil {
			return fmt.Errorf("wav: %w", err)
		}
	}
	header, err := AppendHeader(nil, w.info, w.data)
	if err != nil {
		return err
	}
	if _, err := w.seek.Seek(w.start, io.SeekStart); err != nil {
		return fmt.Errorf("wav: back to the header: %w", err)
	}
	if _, err := w.seek.Write(header); err != nil {
		return fmt.Errorf("wav: %w", err)
	}
	if _, err := w.seek.Seek(0, io.SeekEnd); err != nil {
		return fmt.Errorf("wav: back to the end: %w", err)
	}
	return nil
}
