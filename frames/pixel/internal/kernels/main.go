// Kernels prints the arm64 kernels of package pixel: each function here makes one file
// of them. Run it by `go generate ./frames/pixel`.
//
// Every kernel is a few steps, such as load, compute and store, that are functions of
// their own and serve several. A step does the same thing to several registers before it
// does the next: small processors work in order, and wait for what was just computed.
package main

import (
	"fmt"
	"os"

	"github.com/eiengine/eiengine/frames/internal/neon"
)

type (
	// Program is what kernels are written into.
	Program = neon.Program
	// V is a vector register.
	V = neon.V
	// X is a general register.
	X = neon.X
)

// files are the kernels by the names of their files.
var files = neon.Files{
	"blend_arm64.s":       blend,
	"copy_arm64.s":        copies,
	"gray_arm64.s":        gray,
	"mappairs_arm64.s":    mapPairs,
	"pack_arm64.s":        pack,
	"scale_picks_arm64.s": picks,
	"rgbtorgb_arm64.s":    rgbToRGB,
	"rgbtoyuv_arm64.s":    rgbToYUV,
	"scale_arm64.s":       scale,
	"tensor_arm64.s":      tensor,
	"yuvtorgb_arm64.s":    yuvToRGB,
}

func main() {
	if err := files.Write("."); err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}

// two are two registers of 8 lanes: what 16 bytes become when they are widened.
type two [2]V

// halves does the same to the lower and the upper 8 lanes.
func halves(f func(i int)) { f(0); f(1) }

// cut names a half of 16 bytes, as Program wants it.
func cut(v V, half int) neon.Reg {
	if half == 0 {
		return v.B8()
	}
	return v.B16()
}
