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
