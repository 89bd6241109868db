package jpeg

import (
	"bytes"
	"errors"
	"fmt"
)

// MaxBytes is the largest encoded picture that is accepted.
const MaxBytes = 1 << 28

var errNoData = errors.New("jpeg: no data")

// The markers that matter (ITU-T T.81, table B.1).
const (
	markerTEM  = 0x01
	markerDHT  = 0xC4
	markerRST0 = 0xD0
	markerRST7 = 0xD7
	markerSOI  = 0xD8
	markerEOI  = 0xD9
	markerSOS  = 0xDA
)

// Frame looks for a whole picture at the start of data. ok says that it is there
// and n is its length; without ok or err more data are needed. Segments are
// skipped by their length, so thumbnails in them end nothing. Errors: data do not
// start with a JPEG, are damaged, or longer than MaxBytes.
func Frame(data []byte) (n int, ok bool, err error) {
	end, _, err := walk(data)
	if err != nil {
		return 0, false, err
	}
	if end == 0 && len(data) > MaxBytes {
		return 0, false, fmt.Errorf("jpeg: no end within the limit of %d bytes", MaxBytes)
	}
	return end, end > 0, nil
}

// scan is what walk saw on its way.
type scan struct {
	tables     bool // a Huffman table
	firstStart int  // where the first SOS is; 0 if none yet
}

// walk goes from marker to marker. end is behind EOI, 0 if it is not there.
func walk(data []byte) (end int, s scan, err error) {
	if len(data) > 0 && data[0] != 0xFF || len(data) > 1 && data[1] != markerSOI {
		return 0, s, fmt.Errorf("jpeg: not a JPEG: data start with % x", data[:min(4, len(data))])
	}
	for n := 2; ; {
		// Any number of fill bytes may stand before a marker.
		for n+1 < len(data) && data[n] == 0xFF && data[n+1] == 0xFF {
			n++
		}
		if n+1 >= len(data) {
			return 0, s, nil
		}
		if data[n] != 0xFF {
			return 0, s, fmt.Errorf("jpeg: damaged: byte %02x at %d, where a marker must be", data[n], n)
		}
		marker := data[n+1]
		switch {
		case marker == markerEOI:
			return n + 2, s, nil
		case marker == markerTEM, marker >= markerRST0 && marker <= markerRST7:
			n += 2
			continue
		case marker == 0, marker == markerSOI:
			return 0, s, fmt.Errorf("jpeg: damaged: marker ff%02x at %d", marker, n)
		}
		if n+4 > len(data) {
			return 0, s, nil
		}
		size := int(data[n+2])<<8 | int(data[n+3])
		if size < 2 {
			return 0, s, fmt.Errorf("jpeg: damaged: segment of %d bytes at %d", size, n)
		}
		s.tables = s.tables || marker == markerDHT
		if marker == markerSOS && s.firstStart == 0 {
			s.firstStart = n
		}
		n += 2 + size
		if marker == markerSOS {
			n = skipEntropy(data, n)
		}
	}
}

// skipEntropy is where the next marker after coded data stands. In there, ff00 is
// a byte ff and restart markers belong to the data.
func skipEntropy(data []byte, n int) int {
	for n < len(data) {
		i := bytes.IndexByte(data[n:], 0xFF)
		if i < 0 || n+i+1 >= len(data) {
			return len(data)
		}
		n += i
		if next := data[n+1]; next != 0 && (next < markerRST0 || next > markerRST7) {
			return n
		}
		n += 2
	}
	return n
}
