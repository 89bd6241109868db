// Package grid reads the answers of networks of the FOMO kind, which say for each
// cell of a grid over a picture what has its centre there. A [Merger] makes
// detections of them: neighbouring cells of a class become one box.
//
//	var m grid.Merger
//	for _, c := range m.Merge(probabilities, shape, 0.5) { … c.X, c.Y … in cells }
package grid
