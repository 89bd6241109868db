package fomo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The file format, all numbers little-endian:
//
//	"EIFOMO1\n"                                             8 bytes
//	width, height, channels, number of layers               4 x uint16
//	for each layer: kind, kernel, stride, flags             4 x uint8
//	                input channels, output channels         2 x uint16
//	for each layer: weights, then biases                    float32 each
//	CRC-32 (IEEE) of everything before                      uint32
//
// Flags: 1 ReLU, 2 skip. The lengths of the weights follow from the layers.
const (
	magic     = "EIFOMO1\n"
	flagReLU  = 1
	flagSkip  = 2
	allFlags  = flagReLU | flagSkip
	headBytes = len(magic) + 8
	rowBytes  = 8
	sumBytes  = 4
)

// ErrFormat is wrapped by all errors of Parse.
var ErrFormat = errors.New("not a usable weights file")

// AppendTo appends the file to b. It returns an error if the layers do not fit
// each other.
func (n *Network) AppendTo(b []byte) ([]byte, error) {
	if _, err := n.check(); err != nil {
		return nil, err
	}
	start := len(b)
	b = append(b, magic...)
	for _, v := range []int{n.Width, n.Height, n.Channels, len(n.Layers)} {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		var flags byte
		if l.ReLU {
			flags |= flagReLU
		}
		if l.Skip {
			flags |= flagSkip
		}
		b = append(b, byte(l.Kind), byte(l.Kernel), byte(l.Stride), flags)
		b = binary.LittleEndian.AppendUint16(b, uint16(l.In))
		b = binary.LittleEndian.AppendUint16(b, uint16(l.Out))
	}
	for i := range n.Layers {
		for _, values := range [][]float32{n.Layers[i].Weights, n.Layers[i].Bias} {
			for _, v := range values {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
		}
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:])), nil
}

// Parse reads a file that AppendTo wrote. Damaged, truncated or overlong files,
// layers that do not fit each other and weights that are not finite give an
// error that wraps ErrFormat. The result keeps no reference to data.
func Parse(data []byte) (*Network, error) {
	n, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return n, nil
}

func parse(data []byte) (*Network, error) {
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
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(body[at:])) }
	at := len(magic)
	n := &Network{Width: u16(at), Height: u16(at + 2), Channels: u16(at + 4)}
	layers := u16(at + 6)
	rest := body[headBytes:]
	if layers > maxLayers || len(rest) < layers*rowBytes {
		return nil, fmt.Errorf("%d layers do not fit into %d bytes", layers, len(rest))
	}
	for i := range layers {
		row := rest[i*rowBytes : (i+1)*rowBytes]
		if row[3]&^allFlags != 0 {
			return nil, fmt.Errorf("layer %d: unknown flags %#x", i, row[3])
		}
		n.Layers = append(n.Layers, Layer{
			Kind: Kind(row[0]), Kernel: int(row[1]), Stride: int(row[2]),
			ReLU: row[3]&flagReLU != 0, Skip: row[3]&flagSkip != 0,
			In:  int(binary.LittleEndian.Uint16(row[4:])),
			Out: int(binary.LittleEndian.Uint16(row[6:])),
		})
	}
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	rest = rest[layers*rowBytes:]
	if want := 4 * n.Parameters(); len(rest) != want {
		return nil, fmt.Errorf("has %d bytes of weights, its layers need %d", len(rest), want)
	}
	return n, n.readWeights(rest)
}

func (n *Network) readWeights(rest []byte) error {
	for i := range n.Layers {
		l := &n.Layers[i]
		l.Weights, l.Bias = make([]float32, l.Out*l.fan()), make([]float32, l.Out)
		for _, values := range [][]float32{l.Weights, l.Bias} {
			for j := range values {
				v := math.Float32frombits(binary.LittleEndian.Uint32(rest))
				if v != v || v-v != 0 {
					return fmt.Errorf("layer %d: weight %d is %v", i, j, v)
				}
				values[j], rest = v, rest[4:]
			}
		}
	}
	return nil
}
