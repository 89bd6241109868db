package pixel

import "encoding/binary"

// rgbToLumaReference computes luma (or gray) of w pixels.
func rgbToLumaReference(dst []byte, step int, src []byte, o *order, w int, m *fromRGB) {
	if o.size == 3 {
		for x := range w {
			p := src[3*x : 3*x+3 : 3*x+3]
			dst[x*step] = m.luma(p[o.r&2], p[1], p[o.b&2])
		}
		return
	}
	rs, gs, bs := uint(8*o.r)&31, uint(8*o.g)&31, uint(8*o.b)&31
	for x := range w {
		p := binary.LittleEndian.Uint32(src[4*x:])
		dst[x*step] = m.luma(uint8(p>>rs), uint8(p>>gs), uint8(p>>bs))
	}
}

// rgbToChromaReference writes the chroma of blocks of two by two pixels, the
// rows top and bottom (of two by one if they are the same row). A block that
// the edge cuts repeats its last column.
func rgbToChromaReference(u, v []byte, step int, top, bottom []byte, o *order, w int, m *fromRGB) {
	for i := range (w + 1) / 2 {
		a := 2 * i * o.size
		b := min(2*i+1, w-1) * o.size
		p, q := top[a:a+o.size], top[b:b+o.size]
		s, t := bottom[a:a+o.size], bottom[b:b+o.size]
		u[i*step], v[i*step] = m.chroma(
			int32(p[o.r])+int32(q[o.r])+int32(s[o.r])+int32(t[o.r]),
			int32(p[o.g])+int32(q[o.g])+int32(s[o.g])+int32(t[o.g]),
			int32(p[o.b])+int32(q[o.b])+int32(s[o.b])+int32(t[o.b]))
	}
}

// rgbToYUVReference converts two rows that share chroma.
func rgbToYUVReference(dst yuvPair, src rgbPair, o *order, w int, m *fromRGB) {
	rgbToLumaReference(dst.y0, dst.ys, src.top, o, w, m)
	rgbToLumaReference(dst.y1, dst.ys, src.bottom, o, w, m)
	rgbToChromaReference(dst.u, dst.v, dst.cs, src.top, src.bottom, o, w, m)
}

// rgbToRGBReference moves the channels of w pixels.
func rgbToRGBReference(dst []byte, d *order, src []byte, s *order, w int, _ *rgbLanes) {
	switch {
	case d.size == 3 && s.size == 3:
		swap3(dst[:3*w], src[:3*w])
	case d.size == 4 && s.size == 4:
		move4(dst[:4*w], d, src[:4*w], s)
	case d.size == 4:
		widen(dst[:4*w], d, src[:3*w], s.r == 2)
	default:
		narrow(dst[:3*w], d.r == 2, src[:4*w], s)
	}
}

// swap3 exchanges the first and the third byte of pixels of three.
func swap3(dst, src []byte) {
	for len(src) >= 3 && len(dst) >= 3 {
		dst[0], dst[1], dst[2] = src[2], src[1], src[0]
		dst, src = dst[3:], src[3:]
	}
}

func move4(dst []byte, d *order, src []byte, s *order) {
	rs, gs, bs, as := uint(8*s.r)&31, uint(8*s.g)&31, uint(8*s.b)&31, uint(8*s.a)&31
	rd, gd, bd, ad := uint(8*d.r)&31, uint(8*d.g)&31, uint(8*d.b)&31, uint(8*d.a)&31
	opaque := uint32(255)
	if d.alpha && s.alpha {
		opaque = 0
	}
	for len(src) >= 4 && len(dst) >= 4 {
		p := binary.LittleEndian.Uint32(src)
		q := p >> rs & 255 << rd
		q |= p >> gs & 255 << gd
		q |= p >> bs & 255 << bd
		q |= (p>>as&255 | opaque) << ad
		binary.LittleEndian.PutUint32(dst, q)
		dst, src = dst[4:], src[4:]
	}
}

// widen goes from three bytes to four; swap says that the source is BGR.
func widen(dst []byte, d *order, src []byte, swap bool) {
	r, g, b := uint(8*d.r)&31, uint(8*d.g)&31, uint(8*d.b)&31
	opaque := uint32(255) << (uint(8*d.a) & 31)
	if swap {
		r, b = b, r
	}
	for len(src) >= 3 && len(dst) >= 4 {
		binary.LittleEndian.PutUint32(dst, uint32(src[0])<<r|uint32(src[1])<<g|uint32(src[2])<<b|opaque)
		dst, src = dst[4:], src[3:]
	}
}

// narrow goes from four bytes to three; swap says that the destination is BGR.
func narrow(dst []byte, swap bool, src []byte, s *order) {
	r, g, b := uint(8*s.r)&31, uint(8*s.g)&31, uint(8*s.b)&31
	if swap {
		r, b = b, r
	}
	for len(src) >= 4 && len(dst) >= 3 {
		p := binary.LittleEndian.Uint32(src)
		dst[0], dst[1], dst[2] = uint8(p>>r), uint8(p>>g), uint8(p>>b)
		dst, src = dst[3:], src[4:]
	}
}

// rgbLevelsRow moves channels between pictures of different range.
func rgbLevelsRow(dst []byte, d *order, src []byte, s *order, w int, t *[256]uint8) {
	for x := range w {
		p, q := src[x*s.size:], dst[x*d.size:]
		q[d.r], q[d.g], q[d.b] = t[p[s.r]], t[p[s.g]], t[p[s.b]]
		if d.a < 0 {
			continue
		}
		q[d.a] = 255
		if d.alpha && s.alpha {
			q[d.a] = p[s.a]
		}
	}
}

// grayToRGBReference repeats each of w gray values in all three channels.
func grayToRGBReference(dst []byte, o *order, src []byte, w int, l *levelMap) {
	t := &l.table
	if o.size == 3 {
		dst = dst[:3*w]
		for _, g := range src[:w] {
			v := t[g]
			dst[0], dst[1], dst[2] = v, v, v
			dst = dst[3:]
		}
		return
	}
	dst = dst[:4*w]
	opaque := uint32(255) << (uint(8*o.a) & 31)
	for _, g := range src[:w] {
		binary.LittleEndian.PutUint32(dst, uint32(t[g])*0x01010101|opaque)
		dst = dst[4:]
	}
}
