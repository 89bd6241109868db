package scene

import "sort"

// Detection is what a detector says it saw, in the pixels of the picture.
type Detection struct {
	Label      string
	X, Y, W, H float64
}

// HalfVisible is the visible part below which a shape is not scored.
const HalfVisible = 0.5

// Match counts the detections of one frame by their centres.
//
// A detection fits a shape if their labels are equal and the detection's centre
// lies inside the shape's box. Shapes and detections are paired one to one,
// nearest centres first (the distance taken in widths and heights of the
// shape's box).
//
//   - tp counts the pairs with a shape of which at least half is visible.
//   - fn counts the shapes of which at least half is visible that have no pair.
//   - fp counts the detections without a pair, so a second detection of the
//     same shape, a wrong label, and a detection of nothing each count once.
//
// Shapes less than half visible ([HalfVisible]) are left out on both sides: to
// miss one costs nothing, and detections that fit one and no scored shape that
// is still free count nowhere.
func Match(truth []Shape, detected []Detection) (tp, fp, fn int) {
	type pair struct {
		shape, detection int
		distance         float64
	}
	var pairs []pair
	for i := range truth {
		for j := range detected {
			if d, ok := fits(&truth[i], &detected[j]); ok {
				pairs = append(pairs, pair{i, j, d})
			}
		}
	}
	sort.SliceStable(pairs, func(a, b int) bool { return pairs[a].distance < pairs[b].distance })

	found := make([]bool, len(truth))
	used := make([]bool, len(detected))
	for _, p := range pairs {
		if truth[p.shape].Visible < HalfVisible || found[p.shape] || used[p.detection] {
			continue
		}
		found[p.shape], used[p.detection] = true, true
		tp++
	}
	for _, p := range pairs {
		if truth[p.shape].Visible < HalfVisible {
			used[p.detection] = true
		}
	}
	for i := range truth {
		if truth[i].Visible >= HalfVisible && !found[i] {
			fn++
		}
	}
	for _, u := range used {
		if !u {
			fp++
		}
	}
	return tp, fp, fn
}

// fits reports whether the detection's centre lies in the shape's box, and how
// far from its centre.
func fits(s *Shape, d *Detection) (distance float64, ok bool) {
	if s.Label != d.Label || s.W <= 0 || s.H <= 0 {
		return 0, false
	}
	dx := (d.X + d.W/2 - s.X - s.W/2) / s.W
	dy := (d.Y + d.H/2 - s.Y - s.H/2) / s.H
	if dx < -0.5 || dx > 0.5 || dy < -0.5 || dy > 0.5 {
		return 0, false
	}
	return dx*dx + dy*dy, true
}

// F1 is the harmonic mean of precision and recall, 0 if nothing was found.
func F1(tp, fp, fn int) float64 {
	if tp == 0 {
		return 0
	}
	return 2 * float64(tp) / float64(2*tp+fp+fn)
}
