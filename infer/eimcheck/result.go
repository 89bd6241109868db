package eimcheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// result is what the checks read of an answer.
type result struct {
	Classification map[string]*float64 `json:"classification"`
	Boxes          []box               `json:"bounding_boxes"`
	Tracks         []box               `json:"object_tracking"`
	Anomaly        *float64            `json:"anomaly"`
	Grid           []box               `json:"visual_anomaly_grid"`
	Max            *float64            `json:"visual_anomaly_max"`
	Freeform       json.RawMessage     `json:"freeform"`
}

type box struct {
	Label               string
	Value               *float64
	X, Y, Width, Height float64
}

// checkResult says what of an answer does not fit the description.
func (h *hello) checkResult(raw json.RawMessage) error {
	if raw == nil {
		return errors.New("the answer has no result")
	}
	var r result
	if err := json.Unmarshal(raw, &r); err != nil {
		return fmt.Errorf("the result cannot be read: %w: %s", err, oneLine(raw))
	}
	if err := h.complete(&r); err != nil {
		return fmt.Errorf("%w: %s", err, oneLine(raw))
	}
	for label, v := range r.Classification {
		if !slices.Contains(h.Parameters.Labels, label) {
			return fmt.Errorf("it answers label %q, which it does not name in its description", label)
		}
		if v == nil {
			return fmt.Errorf("the score of %q is no number", label)
		}
	}
	for _, b := range slices.Concat(r.Boxes, r.Tracks) {
		if !slices.Contains(h.Parameters.Labels, b.Label) {
			return fmt.Errorf("it answers a box of %q, which it does not name in its description", b.Label)
		}
		if b.Value == nil || b.X < 0 || b.Y < 0 || b.X >= float64(h.Parameters.Width) || b.Y >= float64(h.Parameters.Height) {
			return fmt.Errorf("a box lies outside of the picture of %dx%d or has no value: %+v", h.Parameters.Width, h.Parameters.Height, b)
		}
	}
	return nil
}

// complete wants the parts that the model's type promises.
func (h *hello) complete(r *result) error {
	visual := r.Max != nil
	switch h.Parameters.Type {
	case "object_detection", "constrained_object_detection":
		if r.Boxes == nil {
			return errors.New("a detector's result has no bounding_boxes, not even an empty list")
		}
	case "freeform":
		if r.Freeform == nil {
			return errors.New("a freeform model's result has no freeform")
		}
	case "classification", "":
		if len(r.Classification) != len(h.Parameters.Labels) && !visual {
			return fmt.Errorf("the result has %d scores, the model %d labels", len(r.Classification), len(h.Parameters.Labels))
		}
	default:
		return fmt.Errorf("the model's type is %q, which runners do not know", h.Parameters.Type)
	}
	if h.Parameters.Tracking && r.Tracks == nil {
		return errors.New("a tracking model's result has no object_tracking")
	}
	if h.Parameters.Anomaly > 0 && r.Anomaly == nil && !visual {
		return errors.New("a model with anomaly detection answers no anomaly")
	}
	return nil
}
