package onnx

import (
	"fmt"
	"unsafe"
)

// elementType is the library's number of a type of values.
type elementType int32

const (
	elementFloat elementType = 1
	elementUint8 elementType = 2
	elementInt8  elementType = 3
	elementInt32 elementType = 6
	elementInt64 elementType = 7
)

// inputs are the values of a batch of pictures, of the type that the model takes.
type inputs struct {
	element elementType
	floats  []float32
	uint8s  []uint8
	int8s   []int8
}

func newInputs(element elementType, n int) *inputs {
	in := &inputs{element: element}
	switch element {
	case elementUint8:
		in.uint8s = make([]uint8, n)
	case elementInt8:
		in.int8s = make([]int8, n)
	default:
		in.floats = make([]float32, n)
	}
	return in
}

// memory is where the values lie, and how many bytes n of them have.
func (in *inputs) memory(n int) (unsafe.Pointer, int) {
	switch in.element {
	case elementUint8:
		return unsafe.Pointer(&in.uint8s[0]), n
	case elementInt8:
		return unsafe.Pointer(&in.int8s[0]), n
	}
	return unsafe.Pointer(&in.floats[0]), 4 * n
}

// tensorInfo describes an input or an output. Dimensions that are open are -1.
type tensorInfo struct {
	name    string
	element elementType
	shape   []int64
}

// tensor is an output; its values are floats, whatever the model's were.
type tensor struct {
	shape  []int64
	values []float32
}

// copyFrom copies as many values as the shape says.
func (t *tensor) copyFrom(element elementType, data unsafe.Pointer) error {
	n := 1
	for _, d := range t.shape {
		n *= int(d)
	}
	if cap(t.values) < n {
		t.values = make([]float32, n)
	}
	t.values = t.values[:n]
	if n == 0 {
		return nil
	}
	switch element {
	case elementFloat:
		copy(t.values, unsafe.Slice((*float32)(data), n))
	case elementUint8:
		widen(t.values, unsafe.Slice((*uint8)(data), n))
	case elementInt8:
		widen(t.values, unsafe.Slice((*int8)(data), n))
	case elementInt32:
		widen(t.values, unsafe.Slice((*int32)(data), n))
	case elementInt64:
		widen(t.values, unsafe.Slice((*int64)(data), n))
	default:
		return fmt.Errorf("an output has values of type %d of ONNX Runtime: only float32, int8, uint8, int32 and int64 can be read", element)
	}
	return nil
}

func widen[T int8 | uint8 | int32 | int64](dst []float32, src []T) {
	for i, v := range src {
		dst[i] = float32(v)
	}
}

// row is item i of a batch.
func (t *tensor) row(i, batch int) tensor {
	if len(t.shape) == 0 || t.shape[0] != int64(batch) {
		return *t
	}
	n := len(t.values) / batch
	return tensor{shape: t.shape[1:], values: t.values[i*n : (i+1)*n]}
}
