package onnx

import (
	"cmp"
	"slices"

	"github.com/eiengine/eiengine/infer/backend"
)

// candidate is a box by its middle, in pixels.
type candidate struct {
	class      int
	score      float32
	x, y, w, h float32
}

// suppress keeps of the boxes of a class that overlap more than allowed only the
// surest (non-maximum suppression, greedy). The surest come first.
func suppress(found []candidate, overlap float32) []candidate {
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	kept := found[:0]
	for _, c := range found {
		covered := slices.ContainsFunc(kept, func(k candidate) bool { return k.class == c.class && union(k, c) > overlap })
		if !covered {
			kept = append(kept, c)
		}
	}
	return kept
}

// union is the intersection of two boxes over their union.
func union(a, b candidate) float32 {
	w := min(a.x+a.w/2, b.x+b.w/2) - max(a.x-a.w/2, b.x-b.w/2)
	h := min(a.y+a.h/2, b.y+b.h/2) - max(a.y-a.h/2, b.y-b.h/2)
	if w <= 0 || h <= 0 {
		return 0
	}
	both := w * h
	return both / (a.w*a.h + b.w*b.h - both)
}

func surestFirst(boxes []backend.Box) {
	slices.SortStableFunc(boxes, func(a, b backend.Box) int { return cmp.Compare(b.Value, a.Value) })
}
