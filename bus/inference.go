package bus

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Types of inference results, as in the published examples of the Edge Impulse
// GStreamer plugin.
const (
	ObjectDetection  = "object-detection"
	ObjectTracking   = "object-tracking"
	Classification   = "classification"
	AnomalyDetection = "anomaly-detection"
	Freeform         = "freeform"
)

// Inference is the result of one run of a model. In the profile [Seed] its
// structure has the name and the fields of the published examples, and some more:
//
//	timestamp  number  PTS of the frame, nanoseconds
//	type       string  one of the constants above
//	result     object  bounding_boxes, object_tracking, classification, anomaly,
//	                   visual_anomaly_max, visual_anomaly_mean,
//	                   visual_anomaly_grid or freeform: those the model gave
//	timing_ms  number  milliseconds from request to answer
//	resize_timing_ms   milliseconds to make the model's input
//	latency_ms number  milliseconds from capture to this message, if known
//	window     object  of sound: start, duration, padding in nanoseconds
//
// Boxes and cells have x, y, width and height in pixels of the frame, those
// outside of it left out; their "model" object has the same in pixels of the
// model's input. In the profile [Plugin] the first five fields are there, and
// result is text in pixels of the model's input ([backend.Result.AppendJSON]).
type Inference struct {
	// Timestamp is the PTS of the frame that was judged.
	Timestamp time.Duration
	Type      string
	Result    *backend.Result
	// ToFrame takes the model's pixels to those of a frame of FrameWidth x
	// FrameHeight pixels.
	ToFrame                 frames.Mapping
	FrameWidth, FrameHeight int
	// Timing is from request to answer, Resize what it took to make the input.
	Timing, Resize time.Duration
	// Latency is the time from capture to this message, NoTime if unknown.
	Latency time.Duration
	// Window is the stretch of sound that was judged, nil for pictures.
	Window  *Window
	Profile Profile
}

// Window is a stretch of sound, in running time.
type Window struct {
	// Start is when it begins, NoTime if that is not known.
	Start    time.Duration `json:"start"`
	Duration time.Duration `json:"duration"`
	// Padding is how much of it, at its end, is silence that was added because
	// the stream ended.
	Padding time.Duration `json:"padding"`
}

// StructureName implements Payload.
func (i *Inference) StructureName() string { return i.Profile.resultName(i.Window != nil) }

// ResultType names the type of a result.
func ResultType(r *backend.Result) string {
	switch {
	case r.VisualAnomaly != nil || r.Anomaly != nil && r.Classification == nil && r.Boxes == nil:
		return AnomalyDetection
	case len(r.Tracks) > 0:
		return ObjectTracking
	case r.Boxes != nil || r.Tracks != nil:
		return ObjectDetection
	case r.Freeform != nil:
		return Freeform
	}
	return Classification
}

// FrameRect is a box of the model in pixels of the frame, clipped to it; ok is
// false if it lies outside.
func (i *Inference) FrameRect(b backend.Box) (r frames.Rect, ok bool) {
	a, ok := i.FrameArea(b)
	return a.Rect(), ok
}

// FrameArea is FrameRect before rounding. A box without size counts as a pixel.
func (i *Inference) FrameArea(b backend.Box) (a frames.Area, ok bool) {
	a = i.ToFrame.Area(frames.Rect{X: b.X, Y: b.Y, W: max(b.Width, 1), H: max(b.Height, 1)}.Area())
	if i.FrameWidth == 0 {
		return a, true
	}
	return a.Clip(i.FrameWidth, i.FrameHeight)
}

type jsonRect struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

type jsonBox struct {
	Label string          `json:"label,omitempty"`
	Value *backend.Number `json:"value,omitempty"`
	Score *backend.Number `json:"score,omitempty"`
	ID    *uint64         `json:"object_id,omitempty"`
	jsonRect
	Model jsonRect `json:"model"`
}

type jsonResult struct {
	Boxes          *[]jsonBox                `json:"bounding_boxes,omitempty"`
	Tracks         *[]jsonBox                `json:"object_tracking,omitempty"`
	Anomaly        *backend.Number           `json:"anomaly,omitempty"`
	Classification map[string]backend.Number `json:"classification,omitempty"`
	VisualMax      *backend.Number           `json:"visual_anomaly_max,omitempty"`
	VisualMean     *backend.Number           `json:"visual_anomaly_mean,omitempty"`
	Grid           *[]jsonBox                `json:"visual_anomaly_grid,omitempty"`
	Freeform       []jsonFloats              `json:"freeform,omitempty"`
}

// jsonFloats writes the shortest text of float32, and null for what is no number.
type jsonFloats []float32

// MarshalJSON implements json.Marshaler.
func (v jsonFloats) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, f := range v {
		if i > 0 {
			out = append(out, ',')
		}
		if wide := float64(f); math.IsNaN(wide) || math.IsInf(wide, 0) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, float64(f), 'g', -1, 32)
	}
	return append(out, ']'), nil
}

// MarshalJSON implements json.Marshaler.
func (i *Inference) MarshalJSON() ([]byte, error) {
	if i.Profile == Plugin {
		return i.pluginJSON()
	}
	var latency *float64
	if i.Latency >= 0 {
		ms := float64(i.Latency.Microseconds()) / 1000
		latency = &ms
	}
	return json.Marshal(struct {
		Timestamp int64      `json:"timestamp"`
		Type      string     `json:"type"`
		Result    jsonResult `json:"result"`
		Timing    int64      `json:"timing_ms"`
		Resize    int64      `json:"resize_timing_ms"`
		Latency   *float64   `json:"latency_ms,omitempty"`
		Window    *Window    `json:"window,omitempty"`
	}{int64(max(i.Timestamp, 0)), i.Type, i.result(), i.Timing.Milliseconds(), i.resizeMS(), latency, i.Window})
}

// ResultJSON is the result alone, as an object.
func (i *Inference) ResultJSON() ([]byte, error) {
	if i.Profile == Plugin {
		return i.Result.AppendJSON(nil), nil
	}
	return json.Marshal(i.result())
}

func (i *Inference) result() (out jsonResult) {
	r := i.Result
	if r == nil {
		return out
	}
	if r.Boxes != nil {
		boxes := make([]jsonBox, 0, len(r.Boxes))
		for _, b := range r.Boxes {
			if box, ok := i.box(b); ok {
				box.Value = number(&b.Value)
				boxes = append(boxes, box)
			}
		}
		out.Boxes = &boxes
	}
	if r.Tracks != nil {
		tracks := make([]jsonBox, 0, len(r.Tracks))
		for _, t := range r.Tracks {
			if box, ok := i.box(t.Box); ok {
				box.Value, box.ID = number(&t.Value), &t.ObjectID
				tracks = append(tracks, box)
			}
		}
		out.Tracks = &tracks
	}
	if r.Classification != nil {
		out.Classification = make(map[string]backend.Number, len(r.Classification))
		for _, s := range r.Classification {
			out.Classification[s.Label] = backend.Number(s.Value)
		}
	}
	out.Anomaly = number(r.Anomaly)
	if v := r.VisualAnomaly; v != nil {
		out.VisualMax, out.VisualMean = number(&v.Max), number(&v.Mean)
		grid := make([]jsonBox, 0, len(v.Grid))
		for _, c := range v.Grid {
			if box, ok := i.box(c); ok {
				box.Label, box.Score = "", number(&c.Value)
				grid = append(grid, box)
			}
		}
		out.Grid = &grid
	}
	for _, row := range r.Freeform {
		out.Freeform = append(out.Freeform, row)
	}
	return out
}

// number is the same place in memory, to be written as JSON.
func number(v *float64) *backend.Number { return (*backend.Number)(v) }

func (i *Inference) box(b backend.Box) (jsonBox, bool) {
	r, ok := i.FrameRect(b)
	return jsonBox{
		Label:    b.Label,
		jsonRect: jsonRect{r.X, r.Y, r.W, r.H},
		Model:    jsonRect{b.X, b.Y, b.Width, b.Height},
	}, ok
}
