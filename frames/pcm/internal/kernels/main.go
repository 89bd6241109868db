// Kernels prints the arm64 kernels of package pcm, float32 samples unless they are codes
// or sums: each function here makes one file of them. Run it by `go generate
// ./frames/pcm`.
//
// The order of additions is the reference's where a result depends on it, but for the
// filters; products that are added are exact, so that it does not matter whether they
// are rounded before.
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
	"filter_arm64.s":  filters,
	"samples_arm64.s": samples,
}

func main() {
	if err := files.Write("."); err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}
