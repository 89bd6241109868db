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

func TestInverseAndThen(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rect := func() Rect { return Rect{r.IntN(500) - 250, r.IntN(500) - 250, 1 + r.IntN(500), 1 + r.IntN(500)} }
	for range 1000 {
		m, n := RectMapping(rect(), rect()), RectMapping(rect(), rect())
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
