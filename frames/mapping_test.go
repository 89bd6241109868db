package frames

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestBoxesOfTheModelInTheFrame(t *testing.T) {
	for name, c := range map[string]struct {
		from, to  Rect
		box, want Rect
	}{
		"squash":       {Rect{0, 0, 96, 96}, Rect{0, 0, 640, 480}, Rect{24, 48, 8, 8}, Rect{160, 240, 53, 40}},
		"fit-shortest": {Rect{0, 0, 96, 96}, Rect{80, 0, 480, 480}, Rect{0, 0, 96, 96}, Rect{80, 0, 480, 480}},
		"fit-longest":  {Rect{0, 12, 96, 72}, Rect{0, 0, 640, 480}, Rect{0, 12, 96, 72}, Rect{0, 0, 640, 480}},
		"one pixel":    {Rect{0, 0, 640, 640}, Rect{0, 0, 64, 64}, Rect{10, 10, 1, 1}, Rect{1, 1, 1, 1}},
	} {
		if got := RectMapping(c.from, c.to).Rect(c.box); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// A box in a picture of 40x30 that is mirrored or turned.
func TestMirroredAndTurnedBoxes(t *testing.T) {
	box := Rect{4, 5, 10, 20}
	for name, c := range map[string]struct {
		m    Mapping
		want Rect
	}{
		"mirrored":     {Mapping{ScaleX: -1, ScaleY: 1, OffsetX: 40}, Rect{26, 5, 10, 20}},
		"upside down":  {Mapping{ScaleX: -1, ScaleY: -1, OffsetX: 40, OffsetY: 30}, Rect{26, 5, 10, 20}},
		"transposed":   {Mapping{ScaleX: 1, ScaleY: 1, Transpose: true}, Rect{5, 4, 20, 10}},
		"quarter turn": {Mapping{ScaleX: -1, ScaleY: 1, OffsetX: 30, Transpose: true}, Rect{5, 4, 20, 10}},
	} {
		if got := c.m.Rect(box); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if got := c.m.Inverse().Rect(c.m.Rect(box)); got != box {
			t.Errorf("%s and back: got %v", name, got)
		}
	}
}

func TestInverseAndThen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rect := func() Rect { return Rect{r.IntN(500) - 250, r.IntN(500) - 250, 1 + r.IntN(500), 1 + r.IntN(500)} }
	for range 1000 {
		m, n := RectMapping(rect(), rect()), RectMapping(rect(), rect())
		for _, k := range []*Mapping{&m, &n} {
			k.Transpose = r.IntN(2) == 0
			k.ScaleX *= float64(1 - 2*r.IntN(2))
			k.ScaleY *= float64(1 - 2*r.IntN(2))
		}
		x, y := r.Float64()*1000, r.Float64()*1000
		bx, by := m.Then(m.Inverse()).Point(x, y)
		if math.Abs(bx-x) > 1e-6 || math.Abs(by-y) > 1e-6 {
			t.Fatalf("there and back: %v,%v became %v,%v", x, y, bx, by)
		}
		mx, my := m.Point(x, y)
		wx, wy := n.Point(mx, my)
		gx, gy := m.Then(n).Point(x, y)
		if math.Abs(gx-wx) > 1e-6*math.Abs(wx)+1e-6 || math.Abs(gy-wy) > 1e-6*math.Abs(wy)+1e-6 {
			t.Fatalf("one after the other: %v,%v and at once: %v,%v", wx, wy, gx, gy)
		}
	}
}
