//go:build !noasm

package pixel

//go:noescape
func coverKernel(dst, src, mask *byte, n int)
