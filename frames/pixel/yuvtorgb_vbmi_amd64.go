//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

// hasVBMI says that the processor has the vectors of 64 bytes that the kernels of this
// file use. docs/adr/0013-wider-vectors.md says why there are no more of them.
var hasVBMI = cpu.X86.HasAVX512VBMI && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512F

// wideBlock is how many pixels they do at a time.
const wideBlock = 64

// mergeLanes say where the bytes of pixels of three come from, 64 bytes a vector, in
// vectors of a channel each as the kernels have them.
type mergeLanes struct {
	first  [3][64]byte // in channel 0, or in channel 1 if 64 is added
	last   [3][64]byte // in channel 2
	isLast [3]uint64   // whose bytes are those of channel 2
}

var merge = newMergeLanes()

func newMergeLanes() (l mergeLanes) {
	for i := range 3 * 64 {
		vector, at, pixel := i/64, i%64, i/3
		from := byte(pixel/16*16 + evenOdd(pixel%16))
		switch i % 3 {
		case 0:
			l.first[vector][at] = from
		case 1:
			l.first[vector][at] = from + 64
		case 2:
			l.last[vector][at] = from
			l.isLast[vector] |= 1 << at
		}
	}
	return l
}

// yuvToRGBWide converts to pixels of three bytes, from planes and pairs, as many whole
// blocks as there are among n pixels, and returns their number.
func yuvToRGBWide(dst []byte, s *yuvRow, n int, l *toRGBLanes) int {
	n &^= wideBlock - 1
	if !hasVBMI || n == 0 || s.cs == 4 {
		return 0
	}
	_ = dst[3*n-1]
	y, c0, c2 := s.sources(n, l)
	if s.cs == 1 {
		planarTo3VBMI(&dst[0], y, c0, c2, n, l, &merge)
	} else {
		pairedTo3VBMI(&dst[0], y, c0, c2, n, l, &merge)
	}
	return n
}

//go:noescape
func planarTo3VBMI(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes, merge *mergeLanes)

//go:noescape
func pairedTo3VBMI(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes, merge *mergeLanes)
