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
	markerTEM   = 0x01
	markerSOF0  = 0xC0
	markerSOF15 = 0xCF
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerDAC   = 0xCC
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerAPP0  = 0xE0
	markerAPP14 = 0xEE
)

// Frame looks for a whole picture at the start of data. ok says that it is there
// and n is its length; without ok or err more data are needed. Segments are
// skipped by their length, so thumbnails in them end nothing. Errors: data do not
// start with a JPEG, are damaged, or longer than MaxBytes.
func Frame(data []byte) (n int, ok bool, err error) {
	seen, err := walk(data)
	if err != nil {
		return 0, false, err
	}
	if seen.end == 0 && len(data) > MaxBytes {
		return 0, false, fmt.Errorf("jpeg: no end within the limit of %d bytes", MaxBytes)
	}
	return seen.end, seen.end > 0, nil
}

// segments is what walk saw on its way; each of slices is the body of a segment,
// nil if there was none.
type segments struct {
	end       int    // behind EOI, 0 if it is not there
	sofMarker byte   // which kind of picture
	sof       []byte // the first header of a picture
	sos       []byte // the first header of a scan
	jfif      bool
	adobe     []byte
	huffman   uint8 // bit 4*class+id of each table before the first scan, ids 0 to 3
	quantized uint8 // bit id of each table before the first scan
}

// walk goes from marker to marker.
func walk(data []byte) (s segments, err error) {
	if len(data) > 0 && data[0] != 0xFF || len(data) > 1 && data[1] != markerSOI {
		return s, fmt.Errorf("jpeg: not a JPEG: data start with % x", data[:min(4, len(data))])
	}
	for n := 2; ; {
		// Any number of fill bytes may stand before a marker.
		for n+1 < len(data) && data[n] == 0xFF && data[n+1] == 0xFF {
			n++
		}
		if n+1 >= len(data) {
			return s, nil
		}
		if data[n] != 0xFF {
			return s, fmt.Errorf("jpeg: damaged: byte %02x at %d, where a marker must be", data[n], n)
		}
		marker := data[n+1]
		switch {
		case marker == markerEOI:
			s.end = n + 2
			return s, nil
		case marker == markerTEM, marker >= markerRST0 && marker <= markerRST7:
			n += 2
			continue
		case marker == 0, marker == markerSOI:
			return s, fmt.Errorf("jpeg: damaged: marker ff%02x at %d", marker, n)
		}
		if n+4 > len(data) {
			return s, nil
		}
		size := int(data[n+2])<<8 | int(data[n+3])
		if size < 2 {
			return s, fmt.Errorf("jpeg: damaged: segment of %d bytes at %d", size, n)
		}
		if n+2+size > len(data) {
			return s, nil
		}
		s.note(marker, data[n+4:n+2+size])
		n += 2 + size
		if marker == markerSOS {
			n = skipEntropy(data, n)
		}
	}
}

// note remembers a segment.
func (s *segments) note(marker byte, body []byte) {
	switch marker {
	case markerDHT:
		if s.sos == nil {
			s.huffman |= huffmanTables(body)
		}
		return
	case markerDQT:
		if s.sos == nil {
			s.quantized |= quantizationTables(body)
		}
		return
	case markerSOS:
		if s.sos == nil {
			s.sos = body
		}
		return
	case markerAPP0:
		s.jfif = s.jfif || bytes.HasPrefix(body, []byte("JFIF\x00"))
		return
	case markerAPP14:
		if bytes.HasPrefix(body, []byte("Adobe")) {
			s.adobe = body
		}
		return
	case markerJPG, markerDAC:
		return
	}
	if marker >= markerSOF0 && marker <= markerSOF15 && s.sof == nil {
		s.sofMarker, s.sof = marker, body
	}
}

// huffmanTables are the tables that a DHT segment defines.
func huffmanTables(body []byte) (tables uint8) {
	for len(body) >= 17 {
		class, id := body[0]>>4, body[0]&15
		if class > 1 || id > 3 {
			return tables // damaged: whoever decodes it says so
		}
		tables |= 1 << (4*class + id)
		symbols := 0
		for _, count := range body[1:17] {
			symbols += int(count)
		}
		body = body[min(17+symbols, len(body)):]
	}
	return tables
}

// quantizationTables are the tables that a DQT segment defines.
func quantizationTables(body []byte) (tables uint8) {
	for len(body) > 64 {
		tables |= 1 << (body[0] & 15)
		size := 1 + 64
		if body[0]>>4 != 0 {
			size += 64 // 16 bits each
		}
		body = body[min(size, len(body)):]
	}
	return tables
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
