package fomo

import "testing"

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
