package fomo

// Whole runs the network on Input and returns one distribution over the classes
// for the whole picture: the softmax of the scores' means over the grid. It is
// valid until the next run.
func (r *Runner) Whole() []float32 {
	grid := r.Grid()
	area := grid.Area()
	scores := r.Run()
	means := r.softmax[:grid.Channels]
	for c := range means {
		means[c] = total(scores[c*area:(c+1)*area]) / float32(area)
	}
	Softmax(means, means, Shape{Channels: grid.Channels, Height: 1, Width: 1})
	return means
}

// SpreadWhole turns a derivative by the mean score of each class, which is what
// Whole takes the softmax of, into the derivative by all scores, as
// [Gradient.Back] wants it.
func (r *Runner) SpreadWhole(dst, derivative []float32) {
	area := r.Grid().Area()
	for c, d := range derivative {
		plane := dst[c*area : (c+1)*area]
		for i := range plane {
			plane[i] = d / float32(area)
		}
	}
}
