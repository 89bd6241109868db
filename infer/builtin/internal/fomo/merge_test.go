package fomo

import (
	"reflect"
	"testing"
)

// planes builds the planes of a grid 6 wide with classes 1 and 2 from rows of
// digits, in tenths.
func planes(one, two string) ([]float32, Shape) {
	area := len(one)
	p := make([]float32, 3*area)
	for i := range area {
		p[area+i] = float32(one[i]-'0') / 10
		p[2*area+i] = float32(two[i]-'0') / 10
	}
	return p, Shape{Channels: 3, Height: area / 6, Width: 6}
}

func TestMerge(t *testing.T) {
	const none = "000000000000000000"
	for _, c := range []struct {
		name     string
		one, two string
		want     []Cells
	}{
		{"nothing", "040404" + "000000" + "000004", none, nil},
		{"one cell", "000000" + "000800" + "000000", none, []Cells{{1, 3, 1, 1, 1, 0.8}}},
		{"two equal neighbours", "000000" + "008800" + "000000", none, []Cells{{1, 2, 1, 2, 1, 0.8}}},
		{"diagonal", "070000" + "008000" + "000000", none, []Cells{{1, 1, 0, 2, 2, 0.8}}},
		{"plateau", "666660" + "666660" + "666660", none, []Cells{{1, 0, 0, 5, 3, 0.6}}},
		{"shallow dip", "000000" + "097890" + "000000", none, []Cells{{1, 1, 1, 4, 1, 0.9}}},
		{"clear dip", "000000" + "950590" + "000000", none, []Cells{{1, 0, 1, 2, 1, 0.9}, {1, 3, 1, 2, 1, 0.9}}},
		{"classes side by side", "000000" + "009000" + "000000", "000000" + "000700" + "000000",
			[]Cells{{1, 2, 1, 1, 1, 0.9}, {2, 3, 1, 1, 1, 0.7}}},
	} {
		p, grid := planes(c.one, c.two)
		var m Merger
		got := m.Merge(p, grid, 0.5)
		if len(got) == 0 && len(c.want) == 0 {
			continue
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMergeTwiceTheSame(t *testing.T) {
	p, grid := planes("900007"+"050000"+"000060", "000000"+"000900"+"000000")
	var m Merger
	first := append([]Cells(nil), m.Merge(p, grid, 0.5)...)
	if a := testing.AllocsPerRun(5, func() { m.Merge(p, grid, 0.5) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
	if got := m.Merge(p, grid, 0.5); !reflect.DeepEqual(first, got) {
		t.Errorf("%v, then %v", first, got)
	}
}

func TestTarget(t *testing.T) {
	grid := Shape{Channels: 3, Height: 6, Width: 6}
	dst := make([]uint8, 36)
	Target(dst, grid, 48, 48, []Thing{
		{Class: 1, X: 16, Y: 16, W: 8, H: 8},                // the middle of cell 2,2
		{Class: 2, X: 38, Y: 38, W: 8, H: 8, Unsure: true},  // near the corner of cell 5,5
		{Class: 2, X: 200, Y: 16, W: 8, H: 8, Unsure: true}, // outside
	})
	if dst[2*6+2] != 1 {
		t.Errorf("the cell of the centre is %d", dst[2*6+2])
	}
	if dst[2*6+3] != 0 {
		t.Errorf("a neighbour at some distance is %d", dst[2*6+3])
	}
	if dst[5*6+5] != Ignore || dst[3*6+3] != 0 {
		t.Errorf("round the unsure one: %d %d", dst[5*6+5], dst[3*6+3])
	}
	if dst[0] != 0 {
		t.Errorf("far away: %d", dst[0])
	}
}
