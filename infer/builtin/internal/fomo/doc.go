// Package fomo is a small convolutional network that finds the centres of
// things on a coarse grid, in the manner of FOMO: its output is one class
// distribution per grid cell, class 0 meaning "nothing here".
//
// Running and training share this package, so that they cannot disagree about
// a layer: [Network] holds the layers and their weights, [Runner] runs it, and
// [Gradient] computes the derivative of a loss by the weights.
//
// # Layout
//
// A picture is channel after channel, each a plane of height x width float32.
// So one kernel serves everything: "add four planes, each times its own weight,
// to two others". It is the product of the weights with the input's patches
// going forward, and with the transposed weights going backward.
//
// Only three things are needed: convolutions ([Conv]) with a 3x3 or 1x1 kernel
// and stride 1 or 2, depthwise 3x3 convolutions ([Depthwise]) with stride 1,
// and a connection round two layers. Pictures are padded with zeros so that a
// stride of 1 keeps the size.
//
// # Where things are
//
// [Merge] turns the distributions into boxes, [Target] turns boxes into what
// the network is to answer. Weights are stored by [Network.AppendTo] and read
// by [Parse].
package fomo
