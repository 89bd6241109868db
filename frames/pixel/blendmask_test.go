package pixel

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// TestBlendMask: a colour through a mask, at every place of every format, also odd
// ones and outside.
func TestBlendMask(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, at := range [][2]int{{4, 2}, {3, 5}, {-3, -4}, {12, 9}, {-9, 0}, {1 << 40, 0}} {
			dst, mask := flat(f, 16, 12, Color{100, 100, 100, 255}), frames.NewPicture(frames.GRAY8, 7, 5)
			for y := range mask.Height {
				for x := range mask.Width {
					mask.Row(0, y)[x] = uint8(x * 40)
				}
			}
			if err := BlendMask(&dst, &mask, at[0], at[1], Color{200, 200, 200, 255}); err != nil {
				t.Fatal(err)
			}
			g := gray(t, &dst)
			for y := range dst.Height {
				for x := range dst.Width {
					u, v := x-at[0], y-at[1]
					want := 100
					if u >= 0 && u < 7 && v >= 0 && v < 5 {
						want += 100 * u * 40 / 255
					}
					if got := int(g.Row(0, y)[x]); got < want-3 || got > want+3 {
						t.Fatalf("%v at %v: pixel %d,%d is %d, want %d", f, at, x, y, got, want)
					}
				}
			}
		}
	}
}

// TestTint: an area of a colour that what is below shines through.
func TestTint(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, r := range []frames.Rect{{X: 3, Y: 1, W: 6, H: 5}, {X: -5, Y: -5, W: 100, H: 100}, {X: 15, Y: 11, W: 9, H: 9}, {X: 20, W: 1, H: 1}} {
			dst := flat(f, 16, 12, Color{100, 100, 100, 255})
			Tint(&dst, r, Color{200, 200, 200, 128})
			g := gray(t, &dst)
			for y := range dst.Height {
				for x := range dst.Width {
					want := 100
					if x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H {
						want = 150
					}
					if got := int(g.Row(0, y)[x]); got < want-3 || got > want+3 {
						t.Fatalf("%v %v: pixel %d,%d is %d, want %d", f, r, x, y, got, want)
					}
				}
			}
		}
	}
}

// TestCover: pictures and masks of any size, at any place, write nothing
// beside the picture, and show where the mask lets them.
func TestCover(t *testing.T) {
	d := newDice(9)
	for _, f := range frames.PixelFormats() {
		for range 40 {
			w, h := 1+d.IntN(20), 1+d.IntN(20)
			dst := flat(f, 1+d.IntN(20), 1+d.IntN(20), Black)
			src, mask := flat(f, w, h, Color{255, 255, 255, 255}), flat(frames.GRAY8, w, h, Color{255, 255, 255, 255})
			x, y := d.IntN(30)-10, d.IntN(30)-10
			if err := Cover(&dst, &src, &mask, x, y, 1); err != nil {
				t.Fatal(err)
			}
			in, _, ok := Place(&dst, x, y, w, h)
			g := gray(t, &dst)
			for v := range dst.Height {
				for u := range dst.Width {
					want := 0
					if ok && u >= in.X && u < in.X+in.W && v >= in.Y && v < in.Y+in.H {
						want = 255
					}
					if got := int(g.Row(0, v)[u]); got < want-3 || got > want+3 {
						t.Fatalf("%v %dx%d at %d,%d on %dx%d: pixel %d,%d is %d, want %d", f, w, h, x, y, dst.Width, dst.Height, u, v, got, want)
					}
				}
			}
		}
	}
}

func TestAlpha(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		src, dst := flat(f, 5, 3, Color{1, 2, 3, 77}), frames.NewPicture(frames.GRAY8, 5, 3)
		if err := Alpha(&dst, &src); err != nil {
			t.Fatal(err)
		}
		want := byte(255)
		if f.HasAlpha() {
			want = 77
		}
		if got := dst.Row(0, 2)[4]; got != want {
			t.Errorf("%v: alpha %d, want %d", f, got, want)
		}
	}
}

func TestMasksAreRefused(t *testing.T) {
	rgb, gray, other := frames.NewPicture(frames.RGB, 4, 4), frames.NewPicture(frames.GRAY8, 4, 4), frames.NewPicture(frames.GRAY8, 5, 4)
	for _, err := range []error{
		Alpha(&rgb, &rgb), Alpha(&other, &rgb), Cover(&rgb, &rgb, &rgb, 0, 0, 1), Cover(&rgb, &rgb, &other, 0, 0, 1),
		Cover(&rgb, &gray, &gray, 0, 0, 1), BlendMask(&rgb, &rgb, 0, 0, Black),
	} {
		if err == nil {
			t.Error("pictures that do not fit together were taken")
		}
	}
}
