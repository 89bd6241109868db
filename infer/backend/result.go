package backend

import (
	"math"
	"time"
)

// Score is the value of one label, usually 0 to 1.
type Score struct {
	Label string
	Value float64
}

// Box is one detection or grid cell, in pixels of the model's input, origin at
// the top left.
type Box struct {
	Label               string
	Value               float64
	X, Y, Width, Height int
}

// Track is a detection that is followed over time; ObjectID stays with it.
type Track struct {
	Box
	ObjectID uint64
}

// VisualAnomaly is the answer of a visual anomaly model. Grid holds only the
// cells at or above the threshold; Max and Mean cover all cells.
type VisualAnomaly struct {
	Grid      []Box
	Max, Mean float64
}

// Timing is what the model says of its own work. The .eim server reports
// processor time in whole milliseconds, so zero is common and none of it is
// latency: for that see Result.RoundTrip.
type Timing struct {
	DSP, Classification, Anomaly, Postprocessing time.Duration
}

// Result is the answer to one request. A nil slice means that the model gave
// no answer of that kind; an empty one means that it looked and found nothing.
type Result struct {
	// Classification has one score per label, in the order of Info.Labels
	// where the labels are known there.
	Classification []Score
	Boxes          []Box
	Tracks         []Track
	// Anomaly is nil if the model reports none. K-means scores may be negative.
	Anomaly       *float64
	VisualAnomaly *VisualAnomaly
	// Freeform holds the raw output tensors of a freeform model.
	Freeform [][]float32
	Timing   Timing
	// RoundTrip is the wall time from request to answer, measured by the caller.
	RoundTrip time.Duration
}

// Top is the label with the highest score of a classification, ok false if
// there is none.
func (r *Result) Top() (top Score, ok bool) {
	top.Value = math.Inf(-1)
	for _, s := range r.Classification {
		if s.Value > top.Value {
			top, ok = s, true
		}
	}
	if !ok {
		return Score{}, false
	}
	return top, true
}
