package frames

import "github.com/eiengine/eiengine/infer/backend"

// Classification is the best label for the whole picture.
type Classification struct {
	Label      string
	Confidence float64
	Element    string
}

// MetaName implements Meta.
func (*Classification) MetaName() string { return "classification" }

// Anomaly is the answer of an anomaly model.
type Anomaly struct {
	// Score is that of the whole frame; below zero is normal for K-means.
	Score float64
	// Max and Mean are over all cells of a model that looks at places.
	Max, Mean float64
	// Grid has the cells at or above the threshold, in pixels of the frame; nil for
	// models that look at no places, such as K-means.
	Grid    []AnomalyCell
	Element string
}

// AnomalyCell is one cell of the grid at or above the model's threshold.
type AnomalyCell struct {
	Rect  Rect
	Score float64
	// Area is what Rect was rounded from; the zero value means that Rect is exact.
	Area Area
}

// MetaName implements Meta.
func (*Anomaly) MetaName() string { return "anomaly" }

// Mapped implements Mappable.
func (a *Anomaly) Mapped(m Mapping, width, height int) Meta {
	if a.Grid == nil {
		return a
	}
	out := *a
	out.Grid = make([]AnomalyCell, 0, len(a.Grid))
	for _, c := range a.Grid {
		if area, ok := m.Area(c.Rect.exact(c.Area)).Clip(width, height); ok {
			out.Grid = append(out.Grid, AnomalyCell{area.Rect(), c.Score, area})
		}
	}
	return &out
}

// InferenceResult is everything that one inference said, for elements that
// decide by it. Boxes in Result are in pixels of the model's input; the regions
// of the frame say where they are in the picture.
type InferenceResult struct {
	Element string
	// Type is "object-detection", "object-tracking", "classification",
	// "anomaly-detection" or "freeform".
	Type   string
	Result *backend.Result
}

// MetaName implements Meta.
func (*InferenceResult) MetaName() string { return "inference-result" }

// CropOrigin says where in another picture a cut-out came from.
type CropOrigin struct {
	// Source is the cut-out's area in the original of Width x Height pixels.
	Source        Rect
	Width, Height int
	// Region is what the cut-out was made for; it may be nil.
	Region *Region
}

// MetaName implements Meta.
func (*CropOrigin) MetaName() string { return "crop-origin" }
