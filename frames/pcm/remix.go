package pcm

import "fmt"

// Remix writes the frames of src, which has srcChannels channels, to dst, which
// has dstChannels, and returns how many: as many whole frames as both hold.
//
//   - From one channel to many, each gets the same.
//   - To fewer channels, channel i is the mean of the channels i, i+n, i+2n, …
//     of the source, n being the number left; so the mean of all for mono.
//   - To more channels, the first stay and the rest are silent.
//
// Means keep the level within -1..1, so nothing clips. dst and src must not
// overlap. Errors: a number of channels below 1.
func Remix[T float32 | float64](dst []T, dstChannels int, src []T, srcChannels int) (int, error) {
	if dstChannels < 1 || srcChannels < 1 {
		return 0, fmt.Errorf("remix %d to %d channels: both must be at least 1", srcChannels, dstChannels)
	}
	n := min(len(dst)/dstChannels, len(src)/srcChannels)
	dst, src = dst[:n*dstChannels], src[:n*srcChannels]
	switch {
	case dstChannels == srcChannels:
		copy(dst, src)
	case remixPair(dst, dstChannels, src, srcChannels):
	case srcChannels == 1:
		for i, v := range src {
			for c := range dstChannels {
				dst[i*dstChannels+c] = v
			}
		}
	case dstChannels < srcChannels:
		fold(dst, dstChannels, src, srcChannels)
	default:
		clear(dst)
		for i := range n {
			copy(dst[i*dstChannels:], src[i*srcChannels:(i+1)*srcChannels])
		}
	}
	return n, nil
}

// remixPair does what is done most, by kernels: one channel to two and back.
func remixPair[T float32 | float64](dst []T, dstChannels int, src []T, srcChannels int) bool {
	to, ok := any(dst).([]float32)
	from, _ := any(src).([]float32)
	switch {
	case ok && srcChannels == 2 && dstChannels == 1:
		meanRow(to, from)
	case ok && srcChannels == 1 && dstChannels == 2:
		joinRow(to, from, from)
	default:
		return false
	}
	return true
}

// fold averages channels into fewer.
func fold[T float32 | float64](dst []T, dstChannels int, src []T, srcChannels int) {
	for len(src) > 0 {
		for c := range dstChannels {
			var sum T
			var count int
			for i := c; i < srcChannels; i += dstChannels {
				sum += src[i]
				count++
			}
			dst[c] = sum / T(count)
		}
		dst, src = dst[dstChannels:], src[srcChannels:]
	}
}

// deinterleave writes the channels of src to planes, from a place on.
func deinterleave[T float32 | float64](planes [][]T, at int, src []T) {
	n := len(src) / len(planes)
	if len(planes) == 1 {
		copy(planes[0][at:], src)
		return
	}
	if single, ok := any(planes).([][]float32); ok && len(planes) == 2 {
		splitRow(single[0][at:at+n], single[1][at:at+n], any(src).([]float32))
		return
	}
	for c, p := range planes {
		p = p[at : at+n]
		for i := range p {
			p[i] = src[i*len(planes)+c]
		}
	}
}

// interleave fills dst from the channels of planes.
func interleave[T float32 | float64](dst []T, planes [][]T) {
	n := len(dst) / len(planes)
	if single, ok := any(planes).([][]float32); ok && len(planes) == 2 {
		joinRow(any(dst).([]float32), single[0][:n], single[1][:n])
		return
	}
	for c, p := range planes {
		for i, v := range p[:n] {
			dst[i*len(planes)+c] = v
		}
	}
}
