package pixel

import (
	"os"
	"runtime/debug"
	"syscall"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// A plane that ends where memory ends, or starts where it starts, shows every access
// outside: the processor refuses it.

// fenced is n bytes with memory that nobody may touch close before or close behind.
func fenced(t *testing.T, n int, atEnd bool) []byte {
	t.Helper()
	page := os.Getpagesize()
	inner := (n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, inner+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(all) })
	for _, fence := range [][]byte{all[:page], all[page+inner:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	if atEnd {
		return all[page+inner-n : page+inner : page+inner]
	}
	return all[page : page+n : page+n]
}

func (d dice) fenced(t *testing.T, f frames.PixelFormat, w, h int, atEnd bool) frames.Picture {
	t.Helper()
	p := frames.Picture{Format: f, Width: w, Height: h, Color: d.color()}
	for i := range f.Planes() {
		n, rows := f.PlaneSize(i, w, h)
		p.Stride[i] = n + d.IntN(40)
		p.Data[i] = fenced(t, (rows-1)*p.Stride[i]+n, atEnd)
		copy(p.Data[i], d.bytes(len(p.Data[i])))
	}
	return p
}

func TestBlendStaysInsidePlanes(t *testing.T) {
	d := newDice(6)
	for _, f := range frames.PixelFormats() {
		t.Run(f.String(), func(t *testing.T) {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			for _, atEnd := range []bool{true, false} {
				for range 4 {
					w, h, x, y := 1+d.IntN(100), 1+d.IntN(4), d.IntN(60)-20, d.IntN(4)-2
					dst, src := d.fenced(t, f, 1+d.IntN(140), 1+d.IntN(4), atEnd), d.fenced(t, f, w, h, atEnd)
					mask := d.fenced(t, frames.GRAY8, w, h, atEnd)
					for _, err := range []error{
						Blend(&dst, &src, x, y, Over, d.Float64()), Cover(&dst, &src, &mask, x, y, 1),
						BlendMask(&dst, &mask, x, y, Color{1, 2, 3, 200}), Blur(&dst, frames.Rect{X: x, Y: y, W: w, H: h}, 1+d.IntN(9)),
					} {
						if err != nil {
							t.Fatal(err)
						}
					}
					Tint(&dst, frames.Rect{X: x, Y: y, W: w, H: h}, Color{1, 2, 3, 99})
				}
			}
		})
	}
}

func TestConvertStaysInsidePlanes(t *testing.T) {
	d := newDice(5)
	for _, from := range frames.PixelFormats() {
		for _, to := range frames.PixelFormats() {
			t.Run(from.String()+" to "+to.String(), func(t *testing.T) {
				defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
				for _, atEnd := range []bool{true, false} {
					for range 4 {
						w, h := 1+d.IntN(140), 1+d.IntN(3)
						src, dst := d.fenced(t, from, w, h, atEnd), d.fenced(t, to, w, h, atEnd)
						if err := Convert(&dst, &src); err != nil {
							t.Fatal(err)
						}
					}
				}
			})
		}
	}
}
