// Package pixel holds the kernels that touch pixels: conversion between pixel
// formats, scaling, filling, and packing into a model's input. All of them work
// on [frames.Picture] views, any size, odd ones too, and any stride, and read and
// write only the meaningful bytes of each row.
//
// # Layers
//
// A public function ([Convert], [Scale], …) checks its pictures and walks their
// rows; a dispatcher (dispatch.go) names the function that does one row; the
// reference functions (reference_*.go) are pure Go, always compiled, and define
// what is right. Faster ones for a given processor (AVX2 in *_amd64, NEON in *_arm64)
// are put into the dispatcher when the program starts there, unless it was built with
// the tag noasm, and give the same bytes; they read tables (lanes.go). Two have a third form, for AVX-512.
//
// # Conversion
//
// Matrix (BT.601, BT.709) and range (limited, full) are taken from the Color of
// both pictures after [frames.Colorimetry.Resolve]; the YUV side gives the
// matrix. GRAY8 is luma: without a matrix of its own it has that of the YUV
// picture on the other side, or BT.601 beside RGB. Fixed point of
// 16 bits keeps every value within 1 of the exact one. Chroma is taken from the nearest sample on the way
// up and averaged over its block on the way down. Alpha is copied where both
// sides have it, otherwise dropped or 255; padding bytes become 255, except in a plain copy.
//
// # Scaling
//
// Sample positions are pixel centres: the middle of the picture stays in the
// middle. Every component is scaled as a picture of its own: YUV stays YUV, and is
// best converted at the smaller of the two sizes. Alpha is scaled like a colour,
// without weighing colours by it. The filters from Linear on weigh more than four
// pixels, as GStreamer's methods of the same names do; rows of large pictures may
// be shared among goroutines (Threads) and come out the same.
//
// All methods but Nearest are one pass over the rows that a new row needs, added up
// by their weights as they lie there, and one over the samples of that line. Weights
// have 14 bits, and add up to one exactly; the line has 5 bits more than a byte.
//
// Where no byte of a row needs more than two samples of each of two rows, whole rows are
// made of maps of bytes, of all the components that share a plane, and only the samples
// that are needed are read.
//
// # Images
//
// A View shows a picture as an image.Image where it lies: by a type of package image if
// one has its format and colours, otherwise by Image.
//
// # Inputs of models
//
// A [Feed] goes from a frame of a camera to packed pixels, a [TensorFeed] to planar or
// interleaved float32, int8 or uint8 with a mean and a scale: crop or letterbox, scale,
// convert at the model's size, and pack, some rows at a time.
//
// Nothing here allocates in steady state: a [Converter] or [Scaler] keeps its
// tables and line buffers while formats and sizes stay the same.
package pixel
