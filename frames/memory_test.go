package frames

import "testing"

// TestAgainLendsTheSameBytes: as the buffers of a driver are.
func TestAgainLendsTheSameBytes(t *testing.T) {
	back := 0
	bytes := []byte("picture")
	m := WrapMemory(bytes, func() { back++ })
	for i := range 3 {
		f := NewFrame(Untyped, m)
		g := f.Share()
		f.Release()
		if back != i {
			t.Fatalf("lent %d times, came back %d times before its last release", i+1, back)
		}
		if &g.Bytes()[0] != &bytes[0] {
			t.Error("these are other bytes")
		}
		g.Release()
		m = m.Again()
	}
	defer func() {
		if recover() == nil {
			t.Error("lent again while somebody holds it")
		}
		m.Release()
	}()
	m.Again()
}
