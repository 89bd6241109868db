package backend

// PackPixel is the protocol's value of one pixel: (r<<16)|(g<<8)|b, which
// float32 holds exactly. Gray pictures repeat the value in all three.
func PackPixel(r, g, b uint8) float32 {
	return float32(uint32(r)<<16 | uint32(g)<<8 | uint32(b))
}

// UnpackPixel is the reverse of PackPixel; values above 0xFFFFFF wrap, as they
// do in the .eim server.
func UnpackPixel(v float32) (r, g, b uint8) {
	u := uint32(int64(v))
	return uint8(u >> 16), uint8(u >> 8), uint8(u)
}

// PackRGB packs len(dst) pixels of interleaved 8-bit RGB.
func PackRGB(dst []float32, rgb []byte) {
	rgb = rgb[:3*len(dst)]
	for i := range dst {
		p := rgb[3*i : 3*i+3 : 3*i+3]
		dst[i] = PackPixel(p[0], p[1], p[2])
	}
}
