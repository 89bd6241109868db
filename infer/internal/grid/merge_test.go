package grid

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
