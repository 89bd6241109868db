//go:build !noasm

package pixel

func coverKernel(dst, src, mask *byte, n int) { coverBy(dst, src, n, mask) }

//go:noescape
func coverBy(dst, src *byte, n int, mask *byte)
