package pixel

import "encoding/binary"

// yuvToRGBReference converts w pixels. Two neighbours share their chroma.
func yuvToRGBReference(dst []byte, o *order, s yuvRow, w int, m *toRGB) {
	if o.size == 4 {
		yuvToRGB4(dst, o, s, w, m)
		return
	}
	yuvToRGB3(dst, o.r == 2, s, w, m)
}

// yuvToRGB3 writes RGB, or BGR if swap is set.
func yuvToRGB3(dst []byte, swap bool, s yuvRow, w int, m *toRGB) {
	dst = dst[:3*w]
	for x := 0; len(dst) >= 3; x++ {
		r, g, b := m.chroma(s.u[x*s.cs], s.v[x*s.cs])
		if swap {
			r, b = b, r
		}
		y := m.luma(s.y[2*x*s.ys])
		dst[0], dst[1], dst[2] = clamp6(y+r), clamp6(y+g), clamp6(y+b)
		if len(dst) < 6 {
			return
		}
		y = m.luma(s.y[(2*x+1)*s.ys])
		dst[3], dst[4], dst[5] = clamp6(y+r), clamp6(y+g), clamp6(y+b)
		dst = dst[6:]
	}
}

// yuvToRGB4 writes the formats of four bytes, opaque.
func yuvToRGB4(dst []byte, o *order, s yuvRow, w int, m *toRGB) {
	dst = dst[:4*w]
	rs, gs, bs := uint(8*o.r)&31, uint(8*o.g)&31, uint(8*o.b)&31
	opaque := uint32(0xff) << (uint(8*o.a) & 31)
	for x := 0; len(dst) >= 4; x++ {
		r, g, b := m.chroma(s.u[x*s.cs], s.v[x*s.cs])
		y := m.luma(s.y[2*x*s.ys])
		binary.LittleEndian.PutUint32(dst,
			uint32(clamp6(y+r))<<rs|uint32(clamp6(y+g))<<gs|uint32(clamp6(y+b))<<bs|opaque)
		if len(dst) < 8 {
			return
		}
		y = m.luma(s.y[(2*x+1)*s.ys])
		binary.LittleEndian.PutUint32(dst[4:],
			uint32(clamp6(y+r))<<rs|uint32(clamp6(y+g))<<gs|uint32(clamp6(y+b))<<bs|opaque)
		dst = dst[8:]
	}
}

// yuvToLumaRow computes luma for another matrix.
func yuvToLumaRow(dst []byte, step int, s yuvRow, w int, m *toYUV) {
	for x := range w {
		c := x / 2 * s.cs
		dst[x*step] = clamp(m.yy*int32(s.y[x*s.ys]) + m.yu*int32(s.u[c]) + m.yv*int32(s.v[c]) + m.y0)
	}
}

// chromaReference writes n pairs of chroma: the mean of the two rows, which may be
// the same one.
func chromaReference(u, v []byte, step int, a, b yuvRow, n int) {
	for i := range n {
		u[i*step] = uint8((uint(a.u[i*a.cs]) + uint(b.u[i*b.cs]) + 1) / 2)
		v[i*step] = uint8((uint(a.v[i*a.cs]) + uint(b.v[i*b.cs]) + 1) / 2)
	}
}

// mapChromaRow is chromaReference into another matrix or range.
func mapChromaRow(u, v []byte, step int, a, b yuvRow, n int, m *toYUV) {
	for i := range n {
		// Sums of two rows, halved only with all their bits.
		su := int32(a.u[i*a.cs]) + int32(b.u[i*b.cs])
		sv := int32(a.v[i*a.cs]) + int32(b.v[i*b.cs])
		u[i*step] = clamp((m.uu*su+m.uv*sv)>>1 + m.u0)
		v[i*step] = clamp((m.vu*su+m.vv*sv)>>1 + m.v0)
	}
}

// copyReference copies n samples from one spacing to another.
func copyReference(dst []byte, dstStep int, src []byte, srcStep, n int) {
	if dstStep == 1 && srcStep == 1 {
		copy(dst[:n], src[:n])
		return
	}
	for i := range n {
		dst[i*dstStep] = src[i*srcStep]
	}
}

// levelsReference maps n samples by a table.
func levelsReference(dst []byte, dstStep int, src []byte, srcStep, n int, l *levelMap) {
	for i := range n {
		dst[i*dstStep] = l.table[src[i*srcStep]]
	}
}

// fillRow sets n samples.
func fillRow(dst []byte, step, n int, v uint8) {
	for i := range n {
		dst[i*step] = v
	}
}
