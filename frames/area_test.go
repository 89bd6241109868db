package frames

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAreasBecomeTheNearestPixels(t *testing.T) {
	for a, want := range map[Area]Rect{
		{1, 2, 3, 4}:             {1, 2, 3, 4},
		{0.4, 0.5, 1, 1}:         {0, 1, 1, 1},
		{-0.6, -0.4, 2, 2}:       {-1, 0, 2, 2},
		{3.6, 0, 0.1, 0.1}:       {3, 0, 1, 1}, // too small for a pixel
		{639.8, 479.8, 0.2, 0.2}: {639, 479, 1, 1},
		{24 * (640.0 / 96), 0, 8 * (640.0 / 96), 5}: {160, 0, 53, 5},
	} {
		if got := a.Rect(); got != want {
			t.Errorf("%v became %v, want %v", a, got, want)
		}
	}
}

func TestAreasAreClipped(t *testing.T) {
	for a, want := range map[Area]Area{
		{-5, -5, 10, 10}:   {0, 0, 5, 5},
		{95, 45, 10, 10}:   {95, 45, 5, 5},
		{-10, 0, 10, 10}:   {},
		{100, 0, 10, 10}:   {},
		{-10, 0, 10.5, 10}: {0, 0, 0.5, 10},
	} {
		if got, ok := a.Clip(100, 50); got != want || ok != (want != Area{}) {
			t.Errorf("%v became %v, %v; want %v", a, got, ok, want)
		}
	}
}

// A region that goes through many scalings lies where one step would put it.
func TestRegionsDoNotDrift(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		w, h := 30+r.IntN(2000), 30+r.IntN(2000)
		rect := Rect{r.IntN(w - 1), r.IntN(h - 1), 0, 0}
		rect.W, rect.H = 1+r.IntN(w-rect.X), 1+r.IntN(h-rect.Y)
		at := &Region{Rect: rect}
		all := Identity
		width, height := w, h
		for range 1 + r.IntN(8) {
			nw, nh := 1+r.IntN(2000), 1+r.IntN(2000)
			m := RectMapping(Rect{W: width, H: height}, Rect{W: nw, H: nh})
			if r.IntN(4) == 0 {
				m = m.Then(Mapping{ScaleX: -1, ScaleY: 1, OffsetX: float64(nw)})
			}
			all, width, height = all.Then(m), nw, nh
			at = at.Mapped(m, nw, nh).(*Region)
		}
		want := all.Area(rect.Area())
		got := at.Rect
		for _, d := range []float64{
			float64(got.X) - want.X, float64(got.Y) - want.Y,
			float64(got.X+got.W) - want.X - want.W, float64(got.Y+got.H) - want.Y - want.H,
		} {
			// Half a pixel of rounding, a pixel where less than one is left.
			if math.Abs(d) > 0.5+1e-3 && (math.Abs(d) > 1 || min(want.W, want.H) >= 1) {
				t.Fatalf("%v of %dx%d is at %v of %dx%d, exactly %v", rect, w, h, got, width, height, want)
			}
		}
	}
}

// Who moves a region without its exact area is believed.
func TestRegionMovedByHand(t *testing.T) {
	half := Mapping{ScaleX: 0.5, ScaleY: 0.5}
	r := (&Region{Rect: Rect{11, 11, 11, 11}}).Mapped(half, 50, 50).(*Region)
	moved := *r
	moved.Rect = Rect{20, 20, 4, 4}
	if got := moved.Mapped(half, 25, 25).(*Region).Rect; got != (Rect{10, 10, 2, 2}) {
		t.Errorf("at %v", got)
	}
}
