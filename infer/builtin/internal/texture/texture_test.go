package texture

import (
	"math"
	"math/rand/v2"
	"testing"
)

const side = 64

func extractor(t testing.TB) *Extractor {
	t.Helper()
	e, err := NewExtractor(side, side)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// describe draws each pixel by a function and returns the features.
func describe(e *Extractor, value func(x, y, colour int) float64) [][]float64 {
	for c := range 3 {
		for i := range e.Colour(c) {
			e.Colour(c)[i] = float32(value(i%side, i/side, c))
		}
	}
	all := e.Describe()
	var cells [][]float64
	for i := 0; i < len(all); i += Features {
		cells = append(cells, append([]float64(nil), all[i:i+Features]...))
	}
	return cells
}

func weave(x, y, _ int) float64 {
	return 120 + 50*math.Sin(float64(x)*0.9)*math.Cos(float64(y)*0.7)
}

// Light that is stronger, of another colour or that falls from a side must not
// change the features.
func TestLightIsTakenOut(t *testing.T) {
	e := extractor(t)
	plain := describe(e, weave)
	lit := describe(e, func(x, y, c int) float64 {
		return weave(x, y, c) * (0.6 + 0.1*float64(c)) * (1 + 0.001*float64(x-y))
	})
	for i := range plain {
		for j := range plain[i] {
			if math.Abs(plain[i][j]-lit[i][j]) > 0.12 {
				t.Fatalf("cell %d: feature %d is %v, in other light %v", i, j, plain[i][j], lit[i][j])
			}
		}
	}
}

// A spot must change the cells near it, and no others by much.
func TestSpotIsWhereItIs(t *testing.T) {
	e := extractor(t)
	plain := describe(e, weave)
	spoilt := describe(e, func(x, y, c int) float64 {
		if x >= 18 && x < 22 && y >= 42 && y < 46 {
			return 10
		}
		return weave(x, y, c)
	})
	columns, _ := e.Cells()
	for i := range plain {
		change := 0.0
		for j := range plain[i] {
			change = max(change, math.Abs(plain[i][j]-spoilt[i][j]))
		}
		x, y := i%columns, i/columns
		switch dx, dy := x-2, y-5; {
		case dx == 0 && dy == 0:
			if change < 0.5 {
				t.Errorf("the cell of the spot changed by %v", change)
			}
		case max(dx, -dx) > 2 || max(dy, -dy) > 2:
			if change > 0.15 {
				t.Errorf("cell %d,%d, far from the spot, changed by %v", x, y, change)
			}
		}
	}
}

func TestEachFilterHasItsDirection(t *testing.T) {
	e := extractor(t)
	const middle = 27
	down := describe(e, func(x, _, _ int) float64 { return 100 + 40*float64(x&1) })[middle]
	across := describe(e, func(_, y, _ int) float64 { return 100 + 40*float64(y&1) })[middle]
	// Response 1 bends along the rows, response 3 along the columns.
	if down[1]-down[3] < 3 || across[3]-across[1] < 3 {
		t.Errorf("stripes down: %v and %v; across: %v and %v", down[1], down[3], across[1], across[3])
	}
	flatPicture := describe(e, func(_, _, _ int) float64 { return 0 })[middle]
	for i, v := range flatPicture {
		if v != v || math.IsInf(v, 0) {
			t.Errorf("black: feature %d is %v", i, v)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{0, 64}, {8, 64}, {64, 60}, {-16, 16}} {
		if _, err := NewExtractor(size[0], size[1]); err == nil {
			t.Errorf("%v is taken", size)
		}
	}
	e, err := NewExtractor(32, 16)
	if err != nil {
		t.Fatal(err)
	}
	if columns, rows := e.Cells(); columns != 4 || rows != 2 || len(e.Describe()) != 8*Features {
		t.Errorf("%d x %d cells", columns, rows)
	}
}

func TestDescribeDoesNotAllocate(t *testing.T) {
	e := extractor(t)
	if n := testing.AllocsPerRun(5, func() { e.Describe() }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkDescribe(b *testing.B) {
	e, err := NewExtractor(160, 160)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		for c := range 3 {
			for i := range e.Colour(c) {
				e.Colour(c)[i] = float32(r.IntN(256))
			}
		}
		e.Describe()
	}
}
