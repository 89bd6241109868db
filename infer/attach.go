package infer

import (
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// attach puts what a model found onto the frame: the result, the anomaly grid,
// the detections (tracked objects in their place, if there are any) and the best
// label with a region for the full picture.
func attach(f *frames.Frame, element string, inf *bus.Inference) {
	r := inf.Result
	f.Attach(&frames.InferenceResult{Element: element, Type: inf.Type, Result: r})
	if v := r.VisualAnomaly; v != nil && len(v.Grid) > 0 {
		a := &frames.Anomaly{Max: v.Max, Mean: v.Mean, Element: element, Grid: make([]frames.AnomalyCell, 0, len(v.Grid))}
		if r.Anomaly != nil {
			a.Score = *r.Anomaly
		}
		for _, c := range v.Grid {
			if rect, ok := inf.FrameRect(c); ok {
				a.Grid = append(a.Grid, frames.AnomalyCell{Rect: rect, Score: c.Value})
			}
		}
		f.Attach(a)
	}
	for _, t := range r.Tracks {
		if rect, ok := inf.FrameRect(t.Box); ok {
			f.Attach(&frames.Region{
				Label: t.Label, Confidence: t.Value, Rect: rect, Model: frames.Rect{X: t.X, Y: t.Y, W: t.Width, H: t.Height},
				ObjectID: t.ObjectID, Tracked: true, Element: element,
			})
		}
	}
	if len(r.Tracks) == 0 {
		for _, b := range r.Boxes {
			if rect, ok := inf.FrameRect(b); ok {
				f.Attach(&frames.Region{
					Label: b.Label, Confidence: b.Value, Rect: rect, Model: frames.Rect{X: b.X, Y: b.Y, W: b.Width, H: b.Height},
					Element: element,
				})
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
