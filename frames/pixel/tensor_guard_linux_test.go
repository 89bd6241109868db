package pixel

import (
	"runtime/debug"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
)

// Pictures and tensors of bytes that end where memory ends, or begin where it begins.
func TestTensorsStayInside(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	d := newDice(9)
	for range 8 {
		for _, atEnd := range []bool{true, false} {
			w, h := 1+d.IntN(70), 1+d.IntN(20)
			for _, tensor := range tensorsOf(w, h) {
				f, err := NewTensorFeed(tensor)
				if err != nil {
					t.Fatal(err)
				}
				src := d.fenced(t, tensor.Order, w, h, atEnd)
				if _, err := f.FillUint8(fenced(t, tensor.Len(), atEnd), &src, backend.ResizeSquash); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
