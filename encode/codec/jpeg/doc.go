// Package jpeg reads and writes JPEG pictures as [frames.Picture], by libturbojpeg
// where that is installed (Debian: libturbojpeg0), else by image/jpeg.
//
// The library is opened at run time, without cgo, and does most pictures straight from
// and to the planes of a frame. The environment variable EIENGINE_TURBOJPEG names its
// file, or is "off"; [Probe] says what is used. Both ways give the same pictures but
// for rounding. What only the library decodes is arithmetic coding and unusual
// sampling of chroma; what only image/jpeg does is CMYK and sides above 65500 pixels.
//
// JPEG is full-range BT.601; [Config] says so, and pictures with other colours are
// converted. Motion JPEG of cameras, which leaves out the Huffman tables, is decoded
// with the standard ones. EXIF and other application data are skipped; the orientation
// in them is not applied.
//
// [Frame] cuts pictures out of a byte stream, so several may follow one another.
package jpeg
