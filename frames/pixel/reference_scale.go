package pixel

// nearestReference picks the samples of a row.
func nearestReference(dst, src []byte, x *axis, step, channels int) {
	switch {
	case channels == 3:
		for i, o := range x.first {
			p, q := src[o:o+3:o+3], dst[3*i:3*i+3:3*i+3]
			q[0], q[1], q[2] = p[0], p[1], p[2]
		}
	case channels == 4:
		for i, o := range x.first {
			*(*[4]byte)(dst[4*i:]) = *(*[4]byte)(src[o:])
		}
	case channels == 2:
		for i, o := range x.first {
			*(*[2]byte)(dst[2*i:]) = *(*[2]byte)(src[o:])
		}
	default:
		for i, o := range x.first {
			dst[i*step] = src[o]
		}
	}
}

// sumRowsReference adds up as many rows as there are taps, by them: the first bytes
// of src, stride apart. dst has lineBits more than they.
func sumRowsReference(dst []int16, src []byte, stride int, taps []int16) {
	const shift = tapBits - lineBits
	if len(taps) == 2 {
		mixRows(dst, src, src[stride:], int32(taps[0]), int32(taps[1]))
		return
	}
	var sums [128]int32
	for at := 0; at < len(dst); at += len(sums) {
		sum := sums[:min(len(sums), len(dst)-at)]
		for i := range sum {
			sum[i] = 1 << (shift - 1)
		}
		for k, tap := range taps {
			row, w := src[k*stride+at:][:len(sum)], int32(tap)
			for i, v := range row {
				sum[i] += int32(v) * w
			}
		}
		out := dst[at:][:len(sum)]
		for i, v := range sum {
			out[i] = int16(v >> shift)
		}
	}
}

// mixRows is sumRows of two.
func mixRows(dst []int16, a, b []byte, v, w int32) {
	const shift = tapBits - lineBits
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = int16((int32(a[i])*v + int32(b[i])*w + 1<<(shift-1)) >> shift)
	}
}

// weighReference weighs the samples of a line and rounds them to bytes, without gaps
// between them.
func weighReference(dst []byte, line []int16, x *axis) {
	switch x.key.channels {
	case 1:
		weigh1(dst, line, x)
	case 3:
		weigh3(dst, line, x)
	default:
		weigh4(dst, line, x)
	}
}

func weigh1(dst []byte, line []int16, x *axis) {
	step := x.key.pos
	if x.longest == 2 {
		weighPairs(dst, line, x)
		return
	}
	for i, o := range x.first {
		var sum int32
		p := line[o:]
		for k, w := range x.taps(i) {
			sum += int32(p[k*step]) * int32(w)
		}
		dst[i] = roundLine(sum)
	}
}

// weighPairs is weigh1 where no position has more than two samples.
func weighPairs(dst []byte, line []int16, x *axis) {
	step, start := x.key.pos, x.start[:len(x.first)]
	for i, o := range x.first {
		taps := x.tap[start[i]:]
		sum := int32(line[o]) * int32(taps[0])
		if taps[0] != tapOne {
			sum += int32(line[int(o)+step]) * int32(taps[1])
		}
		dst[i] = roundLine(sum)
	}
}

func weigh3(dst []byte, line []int16, x *axis) {
	for i, o := range x.first {
		var a, b, c int32
		p := line[o:]
		for _, tap := range x.taps(i) {
			w := int32(tap)
			a, b, c = a+int32(p[0])*w, b+int32(p[1])*w, c+int32(p[2])*w
			p = p[3:]
		}
		d := dst[3*i : 3*i+3 : 3*i+3]
		d[0], d[1], d[2] = roundLine(a), roundLine(b), roundLine(c)
	}
}

func weigh4(dst []byte, line []int16, x *axis) {
	for i, o := range x.first {
		var a, b, c, e int32
		p := line[o:]
		for _, tap := range x.taps(i) {
			w := int32(tap)
			a, b, c, e = a+int32(p[0])*w, b+int32(p[1])*w, c+int32(p[2])*w, e+int32(p[3])*w
			p = p[4:]
		}
		d := dst[4*i : 4*i+4 : 4*i+4]
		d[0], d[1], d[2], d[3] = roundLine(a), roundLine(b), roundLine(c), roundLine(e)
	}
}

// roundLine rounds a sum of weighed samples of a line to a byte.
func roundLine(sum int32) uint8 {
	const shift = tapBits + lineBits
	return uint8(min(max((sum+1<<(shift-1))>>shift, 0), 255))
}
