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

// bilinearReference mixes pairs of samples of a row; dst has mixBits more than
// they.
func bilinearReference(dst []int32, src []byte, x *axis, channels int) {
	second, weight := x.second[:len(x.first)], x.weight[:len(x.first)]
	switch channels {
	case 1:
		for i, o := range x.first {
			w := weight[i]
			dst[i] = int32(src[o])*(mixOne-w) + int32(src[o+second[i]])*w
		}
	case 3:
		for i, o := range x.first {
			w, v := weight[i], mixOne-weight[i]
			p, q, d := src[o:o+3:o+3], src[o+second[i]:], dst[3*i:3*i+3:3*i+3]
			q = q[:3]
			d[0] = int32(p[0])*v + int32(q[0])*w
			d[1] = int32(p[1])*v + int32(q[1])*w
			d[2] = int32(p[2])*v + int32(q[2])*w
		}
	case 4:
		for i, o := range x.first {
			w, v := weight[i], mixOne-weight[i]
			p, q, d := src[o:o+4:o+4], src[o+second[i]:], dst[4*i:4*i+4:4*i+4]
			q = q[:4]
			d[0] = int32(p[0])*v + int32(q[0])*w
			d[1] = int32(p[1])*v + int32(q[1])*w
			d[2] = int32(p[2])*v + int32(q[2])*w
			d[3] = int32(p[3])*v + int32(q[3])*w
		}
	default:
		for i, o := range x.first {
			w, v := weight[i], mixOne-weight[i]
			p, q := src[o:], src[o+second[i]:]
			for c := range channels {
				dst[i*channels+c] = int32(p[c])*v + int32(q[c])*w
			}
		}
	}
}

// mixReference mixes two rows and rounds them to bytes.
func mixReference(dst []byte, a, b []int32, w int32, step, channels int) {
	const half = 1 << (2*mixBits - 1)
	v := mixOne - w
	b = b[:len(a)]
	if step == channels {
		dst = dst[:len(a)]
		for i := range a {
			dst[i] = uint8((a[i]*v + b[i]*w + half) >> (2 * mixBits))
		}
		return
	}
	for i := range a { // one channel
		dst[i*step] = uint8((a[i]*v + b[i]*w + half) >> (2 * mixBits))
	}
}

// areaReference adds up the samples of a row by their shares; dst has 16 bits
// more than they.
func areaReference(dst []uint32, src []byte, x *axis, channels int) {
	step := x.key.pos
	for i, o := range x.first {
		shares := x.shares(i)
		p := src[o:]
		switch channels {
		case 1:
			var a uint32
			for k, s := range shares {
				a += uint32(p[k*step]) * s
			}
			dst[i] = a >> (areaBits - 16)
		case 3:
			var a, b, c uint32
			for k, s := range shares {
				q := p[3*k : 3*k+3 : 3*k+3]
				a += uint32(q[0]) * s
				b += uint32(q[1]) * s
				c += uint32(q[2]) * s
			}
			d := dst[3*i : 3*i+3 : 3*i+3]
			d[0], d[1], d[2] = a>>(areaBits-16), b>>(areaBits-16), c>>(areaBits-16)
		default:
			for c := range channels {
				var a uint32
				for k, s := range shares {
					a += uint32(p[k*step+c]) * s
				}
				dst[i*channels+c] = a >> (areaBits - 16)
			}
		}
	}
}

// addRow adds a row by its share.
func addRow(sum []uint64, line []uint32, share uint32) {
	line = line[:len(sum)]
	for i := range sum {
		sum[i] += uint64(line[i]) * uint64(share)
	}
}

// storeRow rounds sums to bytes.
func storeRow(dst []byte, sum []uint64, step, channels int) {
	const bits = areaBits + 16
	if step != channels { // one channel
		for i, s := range sum {
			dst[i*step] = uint8((s + 1<<(bits-1)) >> bits)
		}
		return
	}
	dst = dst[:len(sum)]
	for i, s := range sum {
		dst[i] = uint8((s + 1<<(bits-1)) >> bits)
	}
}
