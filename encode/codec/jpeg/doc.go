// Package jpeg reads and writes JPEG pictures as [frames.Picture], over
// image/jpeg.
//
// JPEG is full-range BT.601; [Config] says so, and pictures with other colours are
// converted. I420 of that kind is encoded without a copy. Motion JPEG of cameras,
// which leaves out the Huffman tables, is decoded with the standard ones. EXIF and
// other application data are skipped; the orientation in them is not applied.
//
// [Frame] cuts pictures out of a byte stream, so several may follow one another.
package jpeg
