package fomo

import (
	"encoding/binary"
	"fmt"
	"math"
)

// ONNX writes the network as an .onnx file (opset 13): input "picture"
// [N, Channels, Height, Width], output "scores" [N, classes, H, W] before the
// softmax, N open. The field numbers are those of onnx.proto3 of ONNX 1.16.
func (n *Network) ONNX(name string) ([]byte, error) {
	shapes, err := n.check()
	if err != nil {
		return nil, err
	}
	var g message
	values := []string{"picture"} // the input, then the output of each layer
	for i := range n.Layers {
		values = append(values, g.layer(&n.Layers[i], i, values))
	}
	g.node("Identity", []string{values[len(values)-1]}, "scores")
	g.text(2, name)
	g.message(11, valueInfo("picture", shapes[0]))
	g.message(12, valueInfo("scores", shapes[len(shapes)-1]))

	var opset, m message
	opset.integer(2, 13)
	m.integer(1, 8) // version of the format
	m.text(2, "eiengine")
	m.message(7, g)
	m.message(8, opset)
	return m, nil
}

// layer writes the nodes of layer i and returns the name of its output.
func (m *message) layer(l *Layer, i int, values []string) string {
	weights, bias := fmt.Sprintf("weights%d", i), fmt.Sprintf("bias%d", i)
	in, group := l.In, 1
	if l.Kind == Depthwise {
		in, group = 1, l.In
	}
	m.message(5, initializer(weights, l.Weights, l.Out, in, l.Kernel, l.Kernel))
	m.message(5, initializer(bias, l.Bias, l.Out))
	out := fmt.Sprintf("conv%d", i)
	pad := l.Kernel / 2
	m.node("Conv", []string{values[i], weights, bias}, out,
		integers("kernel_shape", l.Kernel, l.Kernel), integers("strides", l.Stride, l.Stride),
		integers("pads", pad, pad, pad, pad), integerAttribute("group", group))
	if l.Skip {
		sum := fmt.Sprintf("sum%d", i)
		m.node("Add", []string{out, values[i-1]}, sum)
		out = sum
	}
	if l.ReLU {
		cut := fmt.Sprintf("relu%d", i)
		m.node("Relu", []string{out}, cut)
		out = cut
	}
	return out
}

func (m *message) node(op string, inputs []string, output string, attributes ...message) {
	var n message
	for _, in := range inputs {
		n.text(1, in)
	}
	n.text(2, output)
	n.text(3, output)
	n.text(4, op)
	for _, a := range attributes {
		n.message(5, a)
	}
	m.message(1, n)
}

func integers(name string, values ...int) message {
	var a message
	a.text(1, name)
	for _, v := range values {
		a.integer(8, v)
	}
	a.integer(20, 7)
	return a
}

func integerAttribute(name string, v int) message {
	var a message
	a.text(1, name)
	a.integer(3, v)
	a.integer(20, 2)
	return a
}

const float32Type = 1

func initializer(name string, values []float32, dims ...int) message {
	var t message
	for _, d := range dims {
		t.integer(1, d)
	}
	t.integer(2, float32Type)
	t.text(8, name)
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	t.message(9, raw)
	return t
}

func valueInfo(name string, s Shape) message {
	var shape message
	var batch message
	batch.text(2, "N")
	shape.message(1, batch)
	for _, side := range []int{s.Channels, s.Height, s.Width} {
		var d message
		d.integer(1, side)
		shape.message(1, d)
	}
	var tensor, kind, v message
	tensor.integer(1, float32Type)
	tensor.message(2, shape)
	kind.message(1, tensor)
	v.text(1, name)
	v.message(2, kind)
	return v
}

// message is a protocol buffer under construction.
type message []byte

func (m *message) integer(field, v int) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) text(field int, s string) { m.message(field, []byte(s)) }

// message appends a message or bytes, which are written alike.
func (m *message) message(field int, content []byte) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|2)
	*m = binary.AppendUvarint(*m, uint64(len(content)))
	*m = append(*m, content...)
}
