package png

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

const signature = "\x89PNG\r\n\x1a\n"

// MaxBytes is the largest encoded picture that is accepted.
const MaxBytes = 1 << 28

var errNoData = errors.New("png: no data")

// Frame looks for a whole picture at the start of data. ok says that it is there
// and n is its length; without ok or err more data are needed. It walks from chunk
// to chunk and does not look into them. Errors: data are not a PNG, or longer than
// MaxBytes.
func Frame(data []byte) (n int, ok bool, err error) {
	if k := min(len(data), len(signature)); string(data[:k]) != signature[:k] {
		return 0, false, fmt.Errorf("png: not a PNG: data start with % x", data[:k])
	}
	for n = len(signature); len(data)-n >= 8; {
		size, kind := binary.BigEndian.Uint32(data[n:]), data[n+4:n+8]
		if !isChunkType(kind) {
			return 0, false, fmt.Errorf("png: damaged: chunk type % x at byte %d", kind, n+4)
		}
		if int64(n)+int64(size)+12 > MaxBytes {
			return 0, false, fmt.Errorf("png: chunk %s of %d bytes exceeds the limit of %d bytes for a picture", kind, size, MaxBytes)
		}
		n += int(size) + 12
		if n > len(data) {
			return 0, false, nil
		}
		if bytes.Equal(kind, []byte("IEND")) {
			return n, true, nil
		}
	}
	return 0, false, nil
}

func isChunkType(kind []byte) bool {
	for _, c := range kind {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return true
}
