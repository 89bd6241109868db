package bus

import (
	"encoding/json"

	"github.com/eiengine/eiengine/infer/backend"
)

// VisualAnomaly is a type that only the profile Plugin has.
const VisualAnomaly = "visual-anomaly"

// Messages are the payloads to publish for the inference, in their order. In the
// profile Plugin a grid of anomalies and tracked objects are told first, and then,
// unless there are boxes alone, everything once more as a classification.
func (i *Inference) Messages() []Payload {
	if i.Profile != Plugin {
		return []Payload{i}
	}
	types := pluginTypes(i.Result)
	if i.Window != nil {
		types = []string{Classification}
	}
	all := make([]Payload, len(types))
	for k, t := range types {
		one := *i
		one.Type = t
		all[k] = &one
	}
	return all
}

// pluginTypes are the types of the messages for a picture.
func pluginTypes(r *backend.Result) (all []string) {
	if r.Freeform != nil {
		return []string{Freeform} // which the plugin cannot read
	}
	if v := r.VisualAnomaly; v != nil && len(v.Grid) > 0 {
		all = append(all, VisualAnomaly)
	}
	tracked := r.VisualAnomaly == nil && len(r.Tracks) > 0
	if tracked {
		all = append(all, ObjectTracking)
	}
	if r.VisualAnomaly == nil && !tracked && len(r.Boxes) > 0 {
		return append(all, ObjectDetection)
	}
	return append(all, Classification)
}

func (i *Inference) pluginJSON() ([]byte, error) {
	return json.Marshal(struct {
		Timestamp int64  `json:"timestamp"`
		Type      string `json:"type"`
		Result    string `json:"result"`
		Timing    uint32 `json:"timing_ms"`
		Resize    uint32 `json:"resize_timing_ms"`
	}{int64(max(i.Timestamp, 0)), i.Type, string(i.Result.AppendJSON(nil)), uint32(i.Timing.Milliseconds()), uint32(i.resizeMS())})
}

// resizeMS is zero for sound, which the plugin does not resize.
func (i *Inference) resizeMS() int64 {
	if i.Window != nil && i.Profile == Plugin {
		return 0
	}
	return i.Resize.Milliseconds()
}
