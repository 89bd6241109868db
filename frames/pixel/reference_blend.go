package pixel

// blendReference brings bytes nearer to others by weight/256 of the way, rounded down.
func blendReference(dst, src []byte, weight int) {
	src = src[:len(dst)]
	for i, d := range dst {
		dst[i] = uint8((int(d)*(opaque-weight) + int(src[i])*weight) >> 8)
	}
}

// coverReference brings bytes nearer to others, each by its mask/255 of the way,
// rounded.
func coverReference(dst, src, mask []byte) {
	src, mask = src[:len(dst)], mask[:len(dst)]
	for i, d := range dst {
		m := uint32(mask[i])
		dst[i] = part255(uint32(d)*(255-m) + uint32(src[i])*m)
	}
}

// overOpaqueReference lays pixels of four bytes, of which byte a is alpha, on ones that
// are opaque.
func overOpaqueReference(dst, src []byte, a int, alpha uint32) {
	for x := 0; x < len(dst); x += 4 {
		d, s := (*[4]byte)(dst[x:]), (*[4]byte)(src[x:])
		m := uint32(part255(uint32(s[a]) * alpha))
		kept := d[a]
		for i := range d {
			d[i] = part255(uint32(d[i])*(255-m) + uint32(s[i])*m)
		}
		d[a] = kept
	}
}
