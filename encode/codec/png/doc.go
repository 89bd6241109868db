// Package png reads and writes PNG pictures as [frames.Picture].
//
// Decoding is that of image/png; 16-bit samples lose their low byte, palettes are
// resolved. Encoding is our own, because image/png writes RGB only by way of a
// method call per pixel or a copy with four bytes: rows are filtered straight from
// the picture and go through compress/zlib.
//
// [Frame] cuts pictures out of a byte stream, so several may follow one another.
package png
