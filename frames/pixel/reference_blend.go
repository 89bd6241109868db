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
