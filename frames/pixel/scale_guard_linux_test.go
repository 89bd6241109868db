package pixel

import (
	"runtime/debug"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestScaleStaysInsidePlanes(t *testing.T) {
	d := newDice(6)
	for _, f := range frames.PixelFormats() {
		t.Run(f.String(), func(t *testing.T) {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			for m := range methods {
				for _, atEnd := range []bool{true, false, true, false} {
					w, h := d.size()
					dw, dh := d.size()
					src, dst := d.fenced(t, f, w, h, atEnd), d.fenced(t, f, dw, dh, atEnd)
					if err := Scale(&dst, &src, m); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

func TestFeedStaysInsidePlanes(t *testing.T) {
	d := newDice(8)
	for _, f := range frames.PixelFormats() {
		t.Run(f.String(), func(t *testing.T) {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			for _, mode := range []backend.ResizeMode{backend.ResizeSquash, backend.ResizeFitShortest, backend.ResizeFitLongest} {
				for _, atEnd := range []bool{true, false, true, false} {
					w, h := d.size()
					src := d.fenced(t, f, w, h, atEnd)
					mw, mh := 1+d.IntN(60), 1+d.IntN(60)
					if _, err := NewFeed(mw, mh).Fill(make([]float32, mw*mh), &src, mode); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

func TestPackStaysInsidePlanes(t *testing.T) {
	d := newDice(10)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for _, f := range []frames.PixelFormat{frames.RGB, frames.GRAY8} {
		for w := 1; w < 70; w++ {
			for _, atEnd := range []bool{true, false} {
				src := d.fenced(t, f, w, 1, atEnd)
				if err := PackFeatures(make([]float32, w), &src); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
