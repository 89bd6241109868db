package eimcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// hello is what the checks use of a description.
type hello struct {
	Success *bool  `json:"success"`
	Error   string `json:"error"`
	Project struct {
		Name string `json:"name"`
	} `json:"project"`
	Parameters struct {
		Type        string   `json:"model_type"`
		Labels      []string `json:"labels"`
		LabelCount  int      `json:"label_count"`
		Features    int      `json:"input_features_count"`
		Width       int      `json:"image_input_width"`
		Height      int      `json:"image_input_height"`
		Channels    int      `json:"image_channel_count"`
		Slice       int      `json:"slice_size"`
		Sensor      int      `json:"sensor"`
		Anomaly     int      `json:"has_anomaly"`
		Tracking    flag     `json:"has_object_tracking"`
		Calibration flag     `json:"has_performance_calibration"`
		Continuous  flag     `json:"use_continuous_mode"`
		Thresholds  []map[string]any
	} `json:"model_parameters"`
	Input      *sharedMemory `json:"features_shm"`
	InputError string        `json:"features_shm_error"`

	missing []string // of the fields that the newest models have
}

// flag reads true and 1 alike.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	*f = string(b) == "true" || string(b) == "1"
	return nil
}

// newFields came into the protocol over time; runners do without.
var newFields = []string{"use_continuous_mode", "image_resize_mode", "thresholds", "has_object_tracking", "inferencing_engine"}

func parseHello(line []byte) (*hello, error) {
	h := &hello{}
	if err := json.Unmarshal(line, h); err != nil {
		return nil, fmt.Errorf("the description cannot be read: %w: %s", err, oneLine(line))
	}
	if h.Error != "" || h.Success != nil && !*h.Success {
		return nil, fmt.Errorf("hello is refused: %s", h.Error)
	}
	var parts struct {
		Parameters map[string]json.RawMessage `json:"model_parameters"`
	}
	if err := json.Unmarshal(line, &parts); err != nil {
		return nil, err
	}
	for _, f := range newFields {
		if _, ok := parts.Parameters[f]; !ok {
			h.missing = append(h.missing, f)
		}
	}
	return h, nil
}

// jsonPart is what follows the first line that begins an object.
func jsonPart(out []byte) []byte {
	if i := bytes.IndexByte(out, '{'); i >= 0 {
		return out[i:]
	}
	return out
}

// contradictions are what does not fit together in a description.
func (h *hello) contradictions() error {
	p := &h.Parameters
	var all []string
	note := func(wrong bool, format string, args ...any) {
		if wrong {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	note(p.Features < 1, "input_features_count is %d", p.Features)
	note(p.LabelCount != len(p.Labels), "label_count is %d, there are %d labels", p.LabelCount, len(p.Labels))
	note((p.Width > 0) != (p.Height > 0), "the picture is %dx%d", p.Width, p.Height)
	note(p.Width > 0 && p.Width*p.Height != p.Features, "a picture of %dx%d has %d pixels, input_features_count is %d", p.Width, p.Height, p.Width*p.Height, p.Features)
	note(p.Width > 0 && p.Channels != 1 && p.Channels != 3, "image_channel_count is %d, which is 1 or 3", p.Channels)
	note(bool(p.Continuous) && (p.Slice < 1 || p.Slice > p.Features), "slice_size is %d of a window of %d", p.Slice, p.Features)
	if m := h.Input; m != nil {
		note(m.Elements != p.Features, "the shared memory is for %d values, the input has %d", m.Elements, p.Features)
		note(m.Type != "float32", "the shared memory has values of type %q, runners know float32", m.Type)
		note(m.Bytes < 4*m.Elements, "the shared memory has %d bytes for %d values", m.Bytes, m.Elements)
	}
	if len(all) == 0 {
		return nil
	}
	return errors.New(strings.Join(all, "; "))
}

// summary is one line about the model.
func (h *hello) summary() string {
	p := &h.Parameters
	s := fmt.Sprintf("%q, %s, %d values", h.Project.Name, p.Type, p.Features)
	if p.Width > 0 {
		s = fmt.Sprintf("%q, %s, %dx%d, %d channels", h.Project.Name, p.Type, p.Width, p.Height, p.Channels)
	}
	return s + fmt.Sprintf(", %d labels", len(p.Labels))
}
