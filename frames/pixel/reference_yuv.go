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

// yuvToLumaReference computes luma for another matrix and range.
func yuvToLumaReference(dst []byte, s yuvRow, w int, m *toRGB) {
	for x := range w {
		c := x / 2 * s.cs
		_, green, _ := m.chroma(s.u[c], s.v[c])
		dst[x] = clamp6(m.luma(s.y[x*s.ys]) + green)
	}
}

// mapPairsReference writes n pairs of chroma for another matrix and range: those of the
// mean of two rows, which may be the same one.
func mapPairsReference(dst, a, b []byte, n int, m *pairsMap) {
	for i := range n {
		first, second := int32(a[2*i])+int32(b[2*i])-256, int32(a[2*i+1])+int32(b[2*i+1])-256
		dst[2*i] = m.first.of(first, second)
		dst[2*i+1] = m.second.of(first, second)
	}
}

// shuffleReference reorders the bytes of every four, or of two and two.
func shuffleReference(dst, src []byte, p *pattern) {
	for i := range src {
		dst[i] = src[i&^3+int(p[i&3])]
	}
}

// splitReference writes n pairs as two rows.
func splitReference(first, second, pairs []byte, n int) {
	for i := range n {
		first[i], second[i] = pairs[2*i], pairs[2*i+1]
	}
}

// mergeReference writes two rows as n pairs.
func mergeReference(pairs, first, second []byte, n int) {
	for i := range n {
		pairs[2*i], pairs[2*i+1] = first[i], second[i]
	}
}

// unpackReference separates two rows of a packed format, which may be the same one, into
// two of luma and one of chroma, their mean.
func unpackReference(dst yuvPair, a, b []byte, l *packedLanes, w int) {
	luma, u, v := 1, 0, 2
	if l.lumaFirst {
		luma, u, v = 0, 1, 3
	}
	if l.vFirst {
		u, v = v, u
	}
	for x := range w {
		dst.y0[x], dst.y1[x] = a[2*x+luma], b[2*x+luma]
	}
	for i := range (w + 1) / 2 {
		dst.u[i*dst.cs] = uint8((uint(a[4*i+u]) + uint(b[4*i+u]) + 1) / 2)
		dst.v[i*dst.cs] = uint8((uint(a[4*i+v]) + uint(b[4*i+v]) + 1) / 2)
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
