package frames

import (
	"bytes"
	"testing"
)

func TestContiguous(t *testing.T) {
	format, err := VideoFormat(VideoInfo{Format: NV12, Width: 4, Height: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("AaBbCcDdUVuv")
	plain := NewFrame(format, WrapMemory(append(bytes.Clone(want), "more"...), nil))
	var none []byte
	if got := plain.Contiguous(&none); &got[0] != &plain.Bytes()[0] || !bytes.Equal(got, want) {
		t.Errorf("%q, not the frame's own", got)
	}
	apart := NewFrame(format, WrapMemory([]byte("xAaBb.CcDd.....UVuv"), nil))
	apart.SetLayout(Layout{Offset: [MaxPlanes]int{1, 15}, Stride: [MaxPlanes]int{5, 4}, Size: 19})
	buf := make([]byte, 0, 64)
	if got := apart.Contiguous(&buf); !bytes.Equal(got, want) || &got[0] != &buf[:1][0] {
		t.Errorf("%q, want %q in the buffer", got, want)
	}
	if got := apart.Contiguous(&none); !bytes.Equal(got, want) || len(none) != len(want) {
		t.Errorf("%q, want %q", got, want)
	}
	sound := NewFrame(Untyped, WrapMemory([]byte("any"), nil))
	if got := sound.Contiguous(&none); string(got) != "any" {
		t.Errorf("%q", got)
	}
}
