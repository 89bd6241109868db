package fomo

// The kernels run over equally long rows of pixels. All slices must be at least
// as long as the first; reslicing them to that length lets the compiler drop
// the bounds checks inside the loops.

// add2x4Plain adds four rows, weighted, to each of two rows: d0 by w[0:4], d1 by
// w[4:8]. Six loads serve eight products.
func add2x4Plain(d0, d1, s0, s1, s2, s3 []float32, w *[8]float32) {
	n := len(d0)
	d1, s0, s1, s2, s3 = d1[:n], s0[:n], s1[:n], s2[:n], s3[:n]
	a0, a1, a2, a3 := w[0], w[1], w[2], w[3]
	b0, b1, b2, b3 := w[4], w[5], w[6], w[7]
	for i := range d0 {
		x0, x1, x2, x3 := s0[i], s1[i], s2[i], s3[i]
		d0[i] += (a0*x0 + a1*x1) + (a2*x2 + a3*x3)
		d1[i] += (b0*x0 + b1*x1) + (b2*x2 + b3*x3)
	}
}

// add1x1 adds one weighted row to another.
func add1x1(d, s []float32, w float32) {
	s = s[:len(d)]
	for i := range d {
		d[i] += w * s[i]
	}
}

// add3Plain adds s shifted by 0, 1 and 2, weighted, to d; s is 2 longer than d.
func add3Plain(d, s []float32, w0, w1, w2 float32) {
	n := len(d)
	s0, s1, s2 := s[:n], s[1:][:n], s[2:][:n]
	for i := range d {
		d[i] += w0*s0[i] + w1*s1[i] + w2*s2[i]
	}
}

// dot2x4Plain multiplies each of two rows with each of four and adds the sums to
// out, in the order of add2x4's weights.
func dot2x4Plain(d0, d1, s0, s1, s2, s3 []float32, out *[8]float32) {
	n := len(d0)
	d1, s0, s1, s2, s3 = d1[:n], s0[:n], s1[:n], s2[:n], s3[:n]
	var a0, a1, a2, a3, b0, b1, b2, b3 float32
	for i := range d0 {
		x, y := d0[i], d1[i]
		v := s0[i]
		a0 += x * v
		b0 += y * v
		v = s1[i]
		a1 += x * v
		b1 += y * v
		v = s2[i]
		a2 += x * v
		b2 += y * v
		v = s3[i]
		a3 += x * v
		b3 += y * v
	}
	out[0] += a0
	out[1] += a1
	out[2] += a2
	out[3] += a3
	out[4] += b0
	out[5] += b1
	out[6] += b2
	out[7] += b3
}

// dot multiplies two rows.
func dot(d, s []float32) float32 {
	s = s[:len(d)]
	var a0, a1 float32
	i := 0
	for ; i+1 < len(d); i += 2 {
		a0 += d[i] * s[i]
		a1 += d[i+1] * s[i+1]
	}
	if i < len(d) {
		a0 += d[i] * s[i]
	}
	return a0 + a1
}

// dot3Plain multiplies d with s shifted by 0, 1 and 2; s is 2 longer than d.
func dot3Plain(d, s []float32) (a0, a1, a2 float32) {
	n := len(d)
	s0, s1, s2 := s[:n], s[1:][:n], s[2:][:n]
	for i := range d {
		v := d[i]
		a0 += v * s0[i]
		a1 += v * s1[i]
		a2 += v * s2[i]
	}
	return a0, a1, a2
}

// cutPlain makes negative values zero.
func cutPlain(d []float32) {
	for i, v := range d {
		if v < 0 {
			d[i] = 0
		}
	}
}

// cutLikePlain makes those values zero whose partner in v is not positive.
func cutLikePlain(d, v []float32) {
	v = v[:len(d)]
	for i := range d {
		if v[i] <= 0 {
			d[i] = 0
		}
	}
}

// total adds up a row.
func total(d []float32) float32 {
	var a0, a1, a2, a3 float32
	for ; len(d) >= 4; d = d[4:] {
		a0 += d[0]
		a1 += d[1]
		a2 += d[2]
		a3 += d[3]
	}
	for _, v := range d {
		a0 += v
	}
	return (a0 + a1) + (a2 + a3)
}

// tile is how many pixels of all rows are worked on before the next ones, so
// that they stay in the nearest cache.
const tile = 256

// multiply adds weights x src to dst: dst has rows planes, src has columns
// planes, all of the given area; weights is [rows][columns].
func multiply(dst, weights, src []float32, rows, columns, area int) {
	for p := 0; p < area; p += tile {
		q := min(p+tile, area)
		row := 0
		for ; row+1 < rows; row += 2 {
			d0 := dst[row*area+p : row*area+q]
			d1 := dst[(row+1)*area+p : (row+1)*area+q]
			w0 := weights[row*columns : (row+1)*columns]
			w1 := weights[(row+1)*columns : (row+2)*columns]
			c := 0
			for ; c+3 < columns; c += 4 {
				w := [8]float32{w0[c], w0[c+1], w0[c+2], w0[c+3], w1[c], w1[c+1], w1[c+2], w1[c+3]}
				s := src[c*area:]
				add2x4(d0, d1, s[p:q], s[area+p:area+q], s[2*area+p:2*area+q], s[3*area+p:3*area+q], &w)
			}
			for ; c < columns; c++ {
				s := src[c*area+p : c*area+q]
				add1x1(d0, s, w0[c])
				add1x1(d1, s, w1[c])
			}
		}
		for ; row < rows; row++ {
			d := dst[row*area+p : row*area+q]
			for c := range columns {
				add1x1(d, src[c*area+p:c*area+q], weights[row*columns+c])
			}
		}
	}
}

// multiplyTransposed adds dst x src^T to weights: the sums over the area of all
// products of a plane of dst with a plane of src.
func multiplyTransposed(weights, dst, src []float32, rows, columns, area int) {
	for p := 0; p < area; p += tile {
		q := min(p+tile, area)
		row := 0
		for ; row+1 < rows; row += 2 {
			d0 := dst[row*area+p : row*area+q]
			d1 := dst[(row+1)*area+p : (row+1)*area+q]
			w0 := weights[row*columns : (row+1)*columns]
			w1 := weights[(row+1)*columns : (row+2)*columns]
			c := 0
			for ; c+3 < columns; c += 4 {
				var w [8]float32
				s := src[c*area:]
				dot2x4(d0, d1, s[p:q], s[area+p:area+q], s[2*area+p:2*area+q], s[3*area+p:3*area+q], &w)
				for k := range 4 {
					w0[c+k] += w[k]
					w1[c+k] += w[4+k]
				}
			}
			for ; c < columns; c++ {
				s := src[c*area+p : c*area+q]
				w0[c] += dot(d0, s)
				w1[c] += dot(d1, s)
			}
		}
		for ; row < rows; row++ {
			d := dst[row*area+p : row*area+q]
			for c := range columns {
				weights[row*columns+c] += dot(d, src[c*area+p:c*area+q])
			}
		}
	}
}
