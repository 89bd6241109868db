package main

import (
	"fmt"
	"os"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// side is the width and height of the input in pixels.
const side = 96

// labels are the classes, sorted.
var labels = []string{scene.Circle, scene.None, scene.Square, scene.Triangle}

// architecture is the network without weights: the layers of builtin:shapes but
// for its last, one more halving, and blocks that widen what a cell sees to the
// whole picture. The scores of the cells are averaged.
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
	net.Layers = append(net.Layers, conv(64, 64, 3, 2))
	block(64)
	block(64)
	head := conv(64, len(labels), 1, 1)
	head.ReLU = false
	net.Layers = append(net.Layers, head)
	return net
}

// transfer gives net the weights of the layers that the network in the file has
// in common with it, as far as the first that differs, and returns how many.
// From random weights the label of a whole picture teaches the first layers
// hardly anything for a long time.
func transfer(net *fomo.Network, file string) (layers int, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, fmt.Errorf("weights to begin from: %w; run in the root of the repository or set -begin", err)
	}
	from, err := fomo.Parse(data)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	for i := range min(len(net.Layers), len(from.Layers)) {
		a, b := &net.Layers[i], &from.Layers[i]
		if a.Kind != b.Kind || a.In != b.In || a.Out != b.Out || a.Kernel != b.Kernel || a.Stride != b.Stride || a.ReLU != b.ReLU || a.Skip != b.Skip {
			break
		}
		a.Weights, a.Bias = b.Weights, b.Bias
		layers++
	}
	if layers == 0 {
		return 0, fmt.Errorf("%s has no layer in common with the network", file)
	}
	return layers, nil
}
