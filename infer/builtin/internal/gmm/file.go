package gmm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The file format, all numbers little-endian:
//
//	"EIGMIX1\n"                                    8 bytes
//	values, components                             2 x uint16
//	threshold                                      float32
//	for each component: weight, means, whitening   float32 each
//	CRC-32 (IEEE) of everything before             uint32
const (
	magic     = "EIGMIX1\n"
	headBytes = len(magic) + 8
	sumBytes  = 4
)

// ErrFormat is wrapped by all errors of Parse.
var ErrFormat = errors.New("not a usable mixture file")

// AppendTo appends the file to b, values rounded to float32. It returns an error
// if the mixture cannot be used.
func (m *Mixture) AppendTo(b []byte) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	start := len(b)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint16(b, uint16(m.Dims))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(m.Components)))
	b = appendFloats(b, m.Threshold)
	for i := range m.Components {
		c := &m.Components[i]
		b = appendFloats(b, c.Weight)
		b = appendFloats(b, c.Mean...)
		b = appendFloats(b, c.Whiten...)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:])), nil
}

func appendFloats(b []byte, values ...float64) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	}
	return b
}

// Parse reads a file that AppendTo wrote. Damaged, truncated or overlong files
// and mixtures that cannot be used give an error that wraps ErrFormat. The result
// keeps no reference to data.
func Parse(data []byte) (*Mixture, error) {
	m, err := parse(data)
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return m, nil
}

func parse(data []byte) (*Mixture, error) {
	if len(data) < headBytes+sumBytes {
		return nil, fmt.Errorf("%d bytes are too few", len(data))
	}
	if string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("begins with %q instead of %q", data[:len(magic)], magic)
	}
	body := data[:len(data)-sumBytes]
	stored := binary.LittleEndian.Uint32(data[len(body):])
	if sum := crc32.ChecksumIEEE(body); sum != stored {
		return nil, fmt.Errorf("its checksum is %08x but it says %08x: it is damaged", sum, stored)
	}
	dims := int(binary.LittleEndian.Uint16(body[len(magic):]))
	components := int(binary.LittleEndian.Uint16(body[len(magic)+2:]))
	rest := body[len(magic)+4:]
	if want := 4 * (1 + components*(1+dims+triangle(dims))); dims > maxDims || components > maxComponents || len(rest) != want {
		return nil, fmt.Errorf("has %d bytes of values for %d components of %d values", len(rest), components, dims)
	}
	floats := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(rest)))
			rest = rest[4:]
		}
		return out
	}
	m := &Mixture{Dims: dims, Threshold: floats(1)[0]}
	for range components {
		m.Components = append(m.Components, Component{Weight: floats(1)[0], Mean: floats(dims), Whiten: floats(triangle(dims))})
	}
	return m, nil
}
