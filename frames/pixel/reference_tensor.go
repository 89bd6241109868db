package pixel

// apartReference takes the channels of pixels of three bytes apart.
func apartReference(a, b, c, src []byte) {
	b, c, src = b[:len(a)], c[:len(a)], src[:3*len(a)]
	for i := range a {
		p := src[3*i : 3*i+3 : 3*i+3]
		a[i], b[i], c[i] = p[0], p[1], p[2]
	}
}

// floatReference normalizes values.
func floatReference(dst []float32, src []byte, n *tensorNorm) {
	src = src[:len(dst)]
	for len(dst) > 0 {
		part := min(len(dst), len(n.mean))
		for i, v := range src[:part] {
			dst[i] = (float32(v) - n.mean[i]) * n.scale[i]
		}
		dst, src = dst[part:], src[part:]
	}
}

// byteReference normalizes values and rounds them.
func byteReference(dst, src []byte, l *tensorLevels) {
	src = src[:len(dst)]
	for len(dst) >= 3 {
		dst[0], dst[1], dst[2] = l.table[0][src[0]], l.table[1][src[1]], l.table[2][src[2]]
		dst, src = dst[3:], src[3:]
	}
	for i, v := range src {
		dst[i] = l.table[i][v]
	}
}
