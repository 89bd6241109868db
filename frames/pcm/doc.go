// Package pcm holds the kernels that touch sound samples: conversion between
// sample formats, remixing of channels, resampling, and level.
//
// # Scale
//
// Floats are -1..1. An integer of n bits is value / 2^(n-1), so the lowest code is
// -1 and the highest a little below 1; U8 has its zero at 128. On the way to
// integers a value is multiplied, rounded to the nearest code (halves to even) and
// clipped to the range of the format; NaN becomes silence. Noise that hides the
// steps is added before, by [Dither], where it is wanted. From integer to integer only bits are added, or rounded away; every code
// survives the way to a wider format, or to floats, and back.
//
// Samples of several channels are interleaved everywhere; a "frame" here is one
// sample of every channel.
//
// # Kernels
//
// What runs for every sample has kernels for AVX2 and NEON, and a reference in Go,
// which the build tag noasm keeps. They agree bit for bit, but for the sums of a
// [Resampler]'s filters, where additions come in another order.
package pcm
