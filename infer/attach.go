package infer

import (
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// attach puts what a model found onto the frame: the result, the anomaly with its
// grid, the detections (tracked objects in their place, if there are any) and the best
// label with a region for the full picture.
func attach(f *frames.Frame, element string, inf *bus.Inference) {
	r := inf.Result
	f.Attach(&frames.InferenceResult{Element: element, Type: inf.Type, Result: r})
	if r.VisualAnomaly != nil || r.Anomaly != nil {
		f.Attach(anomalyOf(inf, element))
	}
	for _, t := range r.Tracks {
		if region := regionOf(inf, t.Box, element); region != nil {
			region.ObjectID, region.Tracked = t.ObjectID, true
			f.Attach(region)
		}
	}
	if len(r.Tracks) == 0 {
		for _, b := range r.Boxes {
			if region := regionOf(inf, b, element); region != nil {
				f.Attach(region)
			}
		}
	}
	top, ok := r.Top()
	if !ok || top.Value <= 0 {
		return
	}
	f.Attach(&frames.Classification{Label: top.Label, Confidence: top.Value, Element: element})
	f.Attach(&frames.Region{
		Label: top.Label, Confidence: top.Value, Element: element, FullFrame: true,
		Rect: frames.Rect{W: inf.FrameWidth, H: inf.FrameHeight},
	})
}

// regionOf is a detection in the frame, nil if it lies outside.
func regionOf(inf *bus.Inference, b backend.Box, element string) *frames.Region {
	area, ok := inf.FrameArea(b)
	if !ok {
		return nil
	}
	return &frames.Region{
		Label: b.Label, Confidence: b.Value, Rect: area.Rect(), Area: area,
		Model: frames.Rect{X: b.X, Y: b.Y, W: b.Width, H: b.Height}, Element: element,
	}
}

// anomalyOf is the score, and of models that look at places the grid in the frame.
func anomalyOf(inf *bus.Inference, element string) *frames.Anomaly {
	a := &frames.Anomaly{Element: element}
	if inf.Result.Anomaly != nil {
		a.Score = *inf.Result.Anomaly
	}
	v := inf.Result.VisualAnomaly
	if v == nil {
		return a
	}
	a.Max, a.Mean, a.Grid = v.Max, v.Mean, make([]frames.AnomalyCell, 0, len(v.Grid))
	for _, c := range v.Grid {
		if area, ok := inf.FrameArea(c); ok {
			a.Grid = append(a.Grid, frames.AnomalyCell{Rect: area.Rect(), Area: area, Score: c.Value})
		}
	}
	return a
}
