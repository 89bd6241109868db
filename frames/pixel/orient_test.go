package pixel_test

import (
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

func orientations() []pixel.Orientation {
	var all []pixel.Orientation
	for i := range 8 {
		all = append(all, pixel.Orientation{Transpose: i&1 > 0, MirrorX: i&2 > 0, MirrorY: i&4 > 0})
	}
	return all
}

// Every pixel comes to lie where the mapping says, in every format.
func TestOrient(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		for _, size := range [][2]int{{8, 6}, {7, 5}, {1, 1}, {3, 8}} {
			for _, way := range orientations() {
				w, h := size[0], size[1]
				dw, dh := w, h
				if way.Transpose {
					dw, dh = h, w
				}
				r := rand.New(rand.NewPCG(5, 6))
				src, dst := guarded(r, f, w, h, 3), guarded(r, f, dw, dh, 5)
				var o pixel.Orienter
				if err := o.Orient(&dst, &src, way); err != nil {
					t.Fatal(err)
				}
				checkGuards(t, &dst)
				m := way.Mapping(w, h)
				for y := range dh {
					for x := range dw {
						px, py := m.Inverse().Point(float64(x)+0.5, float64(y)+0.5)
						for c := range channels(f) {
							sx, sy := subsampling(f, c)
							if x%sx != 0 || y%sy != 0 {
								continue
							}
							if got, want := *at(&dst, x, y, c), *at(&src, int(px)/sx*sx, int(py)/sy*sy, c); got != want {
								t.Fatalf("%v %dx%d %+v: channel %d at %d,%d is %d, want %d", f, w, h, way, c, x, y, got, want)
							}
						}
					}
				}
			}
		}
	}
}

func TestOrientRefuses(t *testing.T) {
	var o pixel.Orienter
	a, b := frames.NewPicture(frames.RGB, 4, 3), frames.NewPicture(frames.RGB, 4, 3)
	if o.Orient(&a, &b, pixel.Orientation{Transpose: true}) == nil {
		t.Error("a turned picture was accepted in the shape of the first")
	}
	c := frames.NewPicture(frames.BGR, 4, 3)
	if o.Orient(&c, &b, pixel.Orientation{}) == nil {
		t.Error("another format was accepted")
	}
}
