//go:build !noasm

package pixel

import "testing"

// What processors without AVX-512 run, where this one has it.
func TestYUVToRGBWithoutVBMI(t *testing.T) {
	if !hasVBMI {
		t.Skip("skipped: this processor has no AVX-512 VBMI, so the other tests run these kernels")
	}
	hasVBMI = false
	defer func() { hasVBMI = true }()
	for w := range 200 {
		checkYUVToRGBRow(t, newDice(uint64(w)), w+1)
	}
}
