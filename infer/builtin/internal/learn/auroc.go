package learn

import "slices"

// AUROC is the area under the receiver operating characteristic: the part of all
// pairs of a bad and a good one in which the bad one has the higher score, ties
// counted half. 0.5 is what guessing gives, 1 is perfect; with either list empty
// it is 0.
func AUROC(bad, good []float64) float64 {
	if len(bad) == 0 || len(good) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(good))
	sum := 0.0
	for _, b := range bad {
		below, _ := slices.BinarySearch(sorted, b)
		upTo := below
		for upTo < len(sorted) && sorted[upTo] == b {
			upTo++
		}
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(bad)) / float64(len(good))
}
