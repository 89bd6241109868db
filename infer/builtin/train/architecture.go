package main

import "github.com/eiengine/eiengine/infer/builtin/internal/fomo"

// side is the width and height of the input in pixels.
const side = 128

// architecture is the network without weights: three halvings down to a grid of
// 16x16 cells of 8 pixels. The blocks of a depthwise and a 1x1 convolution
// widen what a cell sees to 71 pixels, more than any shape.
func architecture() *fomo.Network {
	conv := func(in, out, kernel, stride int) fomo.Layer {
		return fomo.Layer{Kind: fomo.Conv, In: in, Out: out, Kernel: kernel, Stride: stride, ReLU: true}
	}
	net := &fomo.Network{Width: side, Height: side, Channels: 3}
	block := func(channels int) {
		mix := conv(channels, channels, 1, 1)
		mix.Skip = true
		net.Layers = append(net.Layers,
			fomo.Layer{Kind: fomo.Depthwise, In: channels, Out: channels, Kernel: 3, Stride: 1}, mix)
	}
	net.Layers = append(net.Layers, conv(3, 16, 3, 2), conv(16, 32, 3, 2))
	block(32)
	net.Layers = append(net.Layers, conv(32, 64, 3, 2))
	block(64)
	block(64)
	block(64)
	head := conv(64, 4, 1, 1) // nothing, circle, square, triangle
	head.ReLU = false
	net.Layers = append(net.Layers, head)
	return net
}
