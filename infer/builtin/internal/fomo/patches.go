package fomo

// gather lays the 3x3 neighbourhoods of in out as planes: plane (c*3+ky)*3+kx
// of dst holds, for each output pixel, the input pixel of channel c that this
// tap of the kernel sees; zero beyond the border.
func gather(dst, src []float32, in, out Shape, stride int) {
	for c := range in.Channels {
		plane := src[c*in.Area() : (c+1)*in.Area()]
		for tap := range 9 {
			patch := dst[(c*9+tap)*out.Area() : (c*9+tap+1)*out.Area()]
			for y := range out.Height {
				row := patch[y*out.Width : (y+1)*out.Width]
				sy := y*stride + tap/3 - 1
				if sy < 0 || sy >= in.Height {
					clear(row)
					continue
				}
				gatherRow(row, plane[sy*in.Width:(sy+1)*in.Width], tap%3-1, stride)
			}
		}
	}
}

// gatherRow sets dst[x] to src[x*stride+shift], zero where that is outside.
func gatherRow(dst, src []float32, shift, stride int) {
	from, to := inside(len(dst), len(src), shift, stride)
	clear(dst[:from])
	clear(dst[to:])
	if stride == 1 {
		copy(dst[from:to], src[from+shift:])
		return
	}
	for x, s := from, from*stride+shift; x < to; x, s = x+1, s+stride {
		dst[x] = src[s]
	}
}

// scatter is the reverse of gather for gradients: it adds each patch's planes
// back to where they came from.
func scatter(dst, src []float32, in, out Shape, stride int) {
	for c := range in.Channels {
		plane := dst[c*in.Area() : (c+1)*in.Area()]
		for tap := range 9 {
			patch := src[(c*9+tap)*out.Area() : (c*9+tap+1)*out.Area()]
			for y := range out.Height {
				sy := y*stride + tap/3 - 1
				if sy < 0 || sy >= in.Height {
					continue
				}
				row := plane[sy*in.Width : (sy+1)*in.Width]
				shift := tap%3 - 1
				from, to := inside(out.Width, in.Width, shift, stride)
				for x, s := from, from*stride+shift; x < to; x, s = x+1, s+stride {
					row[s] += patch[y*out.Width+x]
				}
			}
		}
	}
}

// inside is the range of x below n for which x*stride+shift is from 0 to
// limit-1.
func inside(n, limit, shift, stride int) (from, to int) {
	if shift < 0 {
		from = (-shift + stride - 1) / stride
	}
	to = min(n, (limit-1-shift)/stride+1)
	return min(from, n), max(to, min(from, n))
}

// pad copies one plane into dst with a border of one zero all round.
func pad(dst, src []float32, s Shape) {
	width := s.Width + 2
	clear(dst[:width])
	for y := range s.Height {
		row := dst[(y+1)*width : (y+2)*width]
		row[0], row[width-1] = 0, 0
		copy(row[1:width-1], src[y*s.Width:(y+1)*s.Width])
	}
	clear(dst[(s.Height+1)*width : (s.Height+2)*width])
}

// convolve adds the 3x3 convolution of a padded plane to dst.
func convolve(dst, padded []float32, s Shape, w []float32) {
	width := s.Width + 2
	for y := range s.Height {
		row := dst[y*s.Width : (y+1)*s.Width]
		for ky := range 3 {
			from := (y + ky) * width
			add3(row, padded[from:from+width], w[3*ky], w[3*ky+1], w[3*ky+2])
		}
	}
}
