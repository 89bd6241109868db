package main

import (
	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

// samples is the length of a window: a second.
const samples = mfe.Rate

// architecture is the network without weights: three halvings of the picture of
// pitch by time, and blocks that widen what a cell sees to 0.7 seconds. The
// scores of the cells are averaged, so it does not matter when a sound begins.
func architecture() *fomo.Network {
	conv := func(in, out, kernel, stride int) fomo.Layer {
		return fomo.Layer{Kind: fomo.Conv, In: in, Out: out, Kernel: kernel, Stride: stride, ReLU: true}
	}
	net := &fomo.Network{Width: mfe.Frames(samples), Height: mfe.Filters, Channels: 1}
	block := func(channels int) {
		mix := conv(channels, channels, 1, 1)
		mix.Skip = true
		net.Layers = append(net.Layers,
			fomo.Layer{Kind: fomo.Depthwise, In: channels, Out: channels, Kernel: 3, Stride: 1}, mix)
	}
	net.Layers = append(net.Layers, conv(1, 16, 3, 2), conv(16, 24, 3, 2))
	block(24)
	net.Layers = append(net.Layers, conv(24, 48, 3, 2))
	block(48)
	block(48)
	head := conv(48, len(soundscape.Labels()), 1, 1)
	head.ReLU = false
	net.Layers = append(net.Layers, head)
	return net
}
