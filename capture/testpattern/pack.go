package testpattern

import "github.com/eiengine/eiengine/frames"

// packer writes rows into pictures.
type packer struct {
	format  frames.PixelFormat
	h       int
	pairs   bool // chroma is halved vertically
	cosited bool // chroma lies on the even columns
	lines   [2][]byte
}

func newPacker(v frames.VideoInfo) packer {
	k := packer{format: v.Format, h: v.Height}
	// GStreamer takes a site from the height only where it takes the colours from it.
	k.cosited = v.Height > 576 && v.Color.Matrix == frames.MatrixDefault
	switch v.Format {
	case frames.I420, frames.YV12, frames.NV12, frames.NV21:
		k.pairs = true
	}
	for i := range k.lines {
		k.lines[i] = make([]byte, 4*v.Width)
	}
	return k
}

// row takes row y, 4 bytes a pixel. Where rows go in pairs, the upper one waits
// for the lower one, if there is one.
func (k *packer) row(dst *frames.Picture, line []byte, y int) {
	switch {
	case !k.format.IsYUV():
		k.packRGB(dst.Row(0, y), line)
	case !k.pairs:
		copy(k.lines[0], line)
		k.halve(k.lines[0])
		k.pack422(dst.Row(0, y), k.lines[0])
	default:
		copy(k.lines[y&1], line)
		if y&1 == 1 || y == k.h-1 {
			k.pack420(dst, y)
		}
	}
}

// pack420 packs the pair that ends with row y.
func (k *packer) pack420(dst *frames.Picture, y int) {
	upper, lower := k.lines[0], k.lines[1]
	if y&1 == 1 {
		for i := 0; i < len(upper); i += 4 {
			upper[i+2] = mean(upper[i+2], lower[i+2])
			upper[i+3] = mean(upper[i+3], lower[i+3])
		}
		luma(dst.Row(0, y), lower)
	}
	k.halve(upper)
	luma(dst.Row(0, y&^1), upper)
	u, v, step := 1, 2, 1
	switch k.format {
	case frames.YV12:
		u, v = 2, 1
	case frames.NV12, frames.NV21:
		u, v, step = 1, 1, 2
	}
	cu, cv := dst.Row(u, y/2), dst.Row(v, y/2)
	switch k.format {
	case frames.NV12:
		cv = cv[1:]
	case frames.NV21:
		cu = cu[1:]
	}
	for i, o := 0, 0; i < len(upper); i, o = i+8, o+step {
		cu[o], cv[o] = upper[i+2], upper[i+3]
	}
}

func luma(dst, line []byte) {
	for x := range dst {
		dst[x] = line[4*x+1]
	}
}

func mean(a, b uint8) uint8 { return uint8((int(a) + int(b) + 1) >> 1) }

// halve filters chroma so that the even pixels hold what stands for two. An odd
// last one keeps its own.
func (k *packer) halve(line []byte) {
	w := len(line) / 4
	if !k.cosited {
		for i := 0; i+8 <= len(line); i += 8 {
			line[i+2], line[i+3] = mean(line[i+2], line[i+6]), mean(line[i+3], line[i+7])
		}
		return
	}
	if w < 2 {
		return
	}
	for c := 2; c <= 3; c++ {
		at := func(x int) int { return int(line[4*x+c]) }
		line[c] = uint8((3*at(0) + at(1) + 2) >> 2)
		x := 2
		for ; x < w-2; x += 2 {
			line[4*x+c] = uint8((at(x-1) + 2*at(x) + at(x+1) + 2) >> 2)
		}
		if x < w { // GStreamer looks only to the left at the end
			line[4*x+c] = uint8((at(x-1) + 3*at(x) + 2) >> 2)
		}
	}
}

// pack422 packs pixels in pairs of four bytes. An odd last pixel is doubled.
func (k *packer) pack422(dst, line []byte) {
	y, u, v := 0, 1, 3
	switch k.format {
	case frames.UYVY:
		y, u, v = 1, 0, 2
	case frames.YVYU:
		u, v = 3, 1
	}
	for i, o := 0, 0; i < len(line); i, o = i+8, o+4 {
		second := min(i+4, len(line)-4)
		dst[o+y], dst[o+y+2] = line[i+1], line[second+1]
		dst[o+u], dst[o+v] = line[i+2], line[i+3]
	}
}

// places is where alpha (or padding), red, green and blue go.
var places = map[frames.PixelFormat][4]int{
	frames.RGBA: {3, 0, 1, 2}, frames.BGRA: {3, 2, 1, 0}, frames.ARGB: {0, 1, 2, 3}, frames.ABGR: {0, 3, 2, 1},
	frames.RGBx: {3, 0, 1, 2}, frames.BGRx: {3, 2, 1, 0}, frames.XRGB: {0, 1, 2, 3}, frames.XBGR: {0, 3, 2, 1},
}

func (k *packer) packRGB(dst, line []byte) {
	switch k.format {
	case frames.RGB:
		for i, o := 0, 0; i < len(line); i, o = i+4, o+3 {
			dst[o], dst[o+1], dst[o+2] = line[i+1], line[i+2], line[i+3]
		}
	case frames.BGR:
		for i, o := 0, 0; i < len(line); i, o = i+4, o+3 {
			dst[o], dst[o+1], dst[o+2] = line[i+3], line[i+2], line[i+1]
		}
	case frames.GRAY8:
		for i := 0; i < len(line); i += 4 {
			r, g, b := int(line[i+1]), int(line[i+2]), int(line[i+3])
			dst[i/4] = uint8((77*r + 150*g + 29*b + 128) >> 8) // BT.601, full range
		}
	default:
		at := places[k.format]
		for i := 0; i < len(line); i += 4 {
			for c, o := range at {
				dst[i+o] = line[i+c]
			}
		}
	}
}
