package frames

import (
	"encoding/json"
	"strconv"

	"github.com/eiengine/eiengine/infer/backend"
)

// MetasJSON is what is attached to the frame, in the order in which it was, as a
// JSON list of objects. "meta" in each is the type that GStreamer and the Edge
// Impulse plugin have for it, and the other fields have the names of that type.
// Values that have no such form are left out.
func (f *Frame) MetasJSON() ([]byte, error) {
	all := []json.Marshaler{}
	for m := range MetasOf[Meta](f) {
		if v, ok := m.(json.Marshaler); ok {
			all = append(all, v)
		}
	}
	return json.Marshal(all)
}

// param is one structure in the params of a meta.
type param struct {
	Name       string         `json:"name"`
	Label      string         `json:"label"`
	Confidence backend.Number `json:"confidence"`
	ObjectID   *uint64        `json:"object_id,omitempty"`
}

// MarshalJSON implements json.Marshaler. full_frame, which GStreamer has not, is
// there for regions that stand for the whole picture.
func (r *Region) MarshalJSON() ([]byte, error) {
	p := param{Name: "detection", Label: r.Label, Confidence: backend.Number(r.Confidence)}
	if r.FullFrame {
		p.Name = "classification"
	}
	if r.Tracked {
		p.ObjectID = &r.ObjectID
	}
	return json.Marshal(struct {
		Meta      string  `json:"meta"`
		Type      string  `json:"roi_type"`
		X         int     `json:"x"`
		Y         int     `json:"y"`
		W         int     `json:"w"`
		H         int     `json:"h"`
		Params    []param `json:"params"`
		FullFrame bool    `json:"full_frame,omitempty"`
	}{"GstVideoRegionOfInterestMeta", r.Label, r.Rect.X, r.Rect.Y, r.Rect.W, r.Rect.H, []param{p}, r.FullFrame})
}

// MarshalJSON implements json.Marshaler.
func (c *Classification) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Meta   string  `json:"meta"`
		Params []param `json:"params"`
	}{"VideoClassificationMeta", []param{{Name: "classification", Label: c.Label, Confidence: backend.Number(c.Confidence)}}})
}

// MarshalJSON implements json.Marshaler. Like in the plugin the label of a cell is
// its score times a hundred.
func (a *Anomaly) MarshalJSON() ([]byte, error) {
	type cell struct {
		X      int    `json:"x"`
		Y      int    `json:"y"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
		Label  string `json:"label"`
	}
	grid := make([]cell, len(a.Grid))
	for i, c := range a.Grid {
		grid[i] = cell{c.Rect.X, c.Rect.Y, c.Rect.W, c.Rect.H, strconv.FormatFloat(c.Score*100, 'f', 1, 64)}
	}
	return json.Marshal(struct {
		Meta  string         `json:"meta"`
		Score backend.Number `json:"anomaly"`
		Max   backend.Number `json:"visual_anomaly_max"`
		Mean  backend.Number `json:"visual_anomaly_mean"`
		Grid  []cell         `json:"visual_anomaly_grid"`
	}{"VideoAnomalyMeta", backend.Number(a.Score), backend.Number(a.Max), backend.Number(a.Mean), grid})
}

// MarshalJSON implements json.Marshaler. result_json is the plugin's text, in
// pixels of the model's input.
func (i *InferenceResult) MarshalJSON() ([]byte, error) {
	out := struct {
		Meta          string         `json:"meta"`
		Type          string         `json:"inference_type"`
		Result        string         `json:"result_json"`
		Count         int            `json:"detection_count"`
		MaxConfidence float64        `json:"max_confidence"`
		TopClass      string         `json:"top_class"`
		TopConfidence float64        `json:"top_confidence"`
		Anomaly       backend.Number `json:"anomaly_score"`
		VisualMax     backend.Number `json:"visual_anomaly_max"`
	}{Meta: "InferenceResultMeta", Type: "classification", Result: string(i.Result.AppendJSON(nil)), Count: len(i.Result.Boxes)}
	switch {
	case len(i.Result.Boxes) > 0:
		out.Type = "object-detection"
	case i.Result.VisualAnomaly != nil:
		out.Type = "anomaly-detection"
	}
	for _, b := range i.Result.Boxes {
		if b.Value > out.TopConfidence {
			out.TopClass, out.TopConfidence = b.Label, b.Value
		}
	}
	out.MaxConfidence = out.TopConfidence
	if top, ok := i.Result.Top(); ok && top.Value > 0 {
		out.TopClass, out.TopConfidence = top.Label, top.Value
		out.MaxConfidence = max(out.MaxConfidence, top.Value)
	}
	if i.Result.Anomaly != nil {
		out.Anomaly = backend.Number(*i.Result.Anomaly)
	}
	if v := i.Result.VisualAnomaly; v != nil {
		out.VisualMax = backend.Number(v.Max)
	}
	return json.Marshal(out)
}

// MarshalJSON implements json.Marshaler.
func (c *CropOrigin) MarshalJSON() ([]byte, error) {
	var found Region
	if c.Region != nil {
		found = *c.Region
	}
	return json.Marshal(struct {
		Meta       string         `json:"meta"`
		X          int            `json:"source_x"`
		Y          int            `json:"source_y"`
		W          int            `json:"source_width"`
		H          int            `json:"source_height"`
		Width      int            `json:"original_width"`
		Height     int            `json:"original_height"`
		ObjectID   uint64         `json:"object_id"`
		Label      string         `json:"detection_label"`
		Confidence backend.Number `json:"detection_confidence"`
	}{"CropOriginMeta", c.Source.X, c.Source.Y, c.Source.W, c.Source.H, c.Width, c.Height, found.ObjectID, found.Label, backend.Number(found.Confidence)})
}
