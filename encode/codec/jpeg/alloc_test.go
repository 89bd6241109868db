//go:build !race

package jpeg_test

import (
	"io"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
)

// Not under the race detector, under which pools forget what they hold at random.
func TestLibraryAllocatesNothing(t *testing.T) {
	needLibrary(t)
	var d jpeg.Decoder
	var e jpeg.Encoder
	for _, kind := range []string{"420", "422", "gray", "rgb"} {
		data := picture(t, kind)
		p := decode(t, data, kinds[kind])
		n := testing.AllocsPerRun(20, func() {
			if err := d.Decode(&p, data); err != nil {
				t.Fatal(err)
			}
			if err := e.Encode(io.Discard, &p, 85); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 {
			t.Errorf("%s: %v allocations a picture", kind, n)
		}
	}
}
