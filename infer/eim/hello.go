package eim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/eiengine/eiengine/infer/backend"
)

// maxFeatures bounds what a model may claim as its input: 256 MiB.
const maxFeatures = 64 << 20

// number reads any JSON number or boolean: models print 96, 96.0 and true for
// the same kind of field, depending on their age. Null is zero.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null", "false":
		*n = 0
		return nil
	case "true":
		*n = 1
		return nil
	}
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*n = number(f)
	return nil
}

// helloReply is a model's description of itself. All of it is optional: the
// protocol grew over the years.
type helloReply struct {
	ID      *number `json:"id"`
	Success *bool   `json:"success"`
	Error   string  `json:"error"`

	Project struct {
		ID            number `json:"id"`
		Owner         string `json:"owner"`
		Name          string `json:"name"`
		DeployVersion number `json:"deploy_version"`
		ImpulseID     number `json:"impulse_id"`
		ImpulseName   string `json:"impulse_name"`
	} `json:"project"`
	Parameters struct {
		Type          string           `json:"model_type"`
		Sensor        *number          `json:"sensor"`
		Labels        []string         `json:"labels"`
		InputFeatures number           `json:"input_features_count"`
		ImageWidth    number           `json:"image_input_width"`
		ImageHeight   number           `json:"image_input_height"`
		ImageChannels number           `json:"image_channel_count"`
		ImageFrames   number           `json:"image_input_frames"`
		Resize        string           `json:"image_resize_mode"`
		Frequency     number           `json:"frequency"`
		IntervalMS    number           `json:"interval_ms"`
		AxisCount     number           `json:"axis_count"`
		SliceSize     number           `json:"slice_size"`
		Continuous    number           `json:"use_continuous_mode"`
		Anomaly       number           `json:"has_anomaly"`
		Tracking      number           `json:"has_object_tracking"`
		Calibration   number           `json:"has_performance_calibration"`
		Engine        number           `json:"inferencing_engine"`
		Thresholds    []map[string]any `json:"thresholds"`
	} `json:"model_parameters"`
	Engine struct {
		Type       number   `json:"engine_type"`
		Properties []string `json:"properties"`
	} `json:"inferencing_engine"`

	Input      *shmOffer  `json:"features_shm"`
	InputError string     `json:"features_shm_error"`
	Outputs    []shmOffer `json:"freeform_output_shm"`
}

// parseHello reads the reply to hello. It checks only what everything else
// rests on: that it is an answer, and the length of the input.
func parseHello(line []byte) (*helloReply, *backend.Info, error) {
	var h helloReply
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, nil, fmt.Errorf("the description is not understood: %w: %s", err, excerpt(line))
	}
	if h.Error != "" || h.Success != nil && !*h.Success {
		return nil, nil, fmt.Errorf("hello refused: %q", h.Error)
	}
	info, err := h.info()
	return &h, info, err
}

func (h *helloReply) info() (*backend.Info, error) {
	p := &h.Parameters
	if p.InputFeatures < 1 || p.InputFeatures > maxFeatures {
		return nil, fmt.Errorf("input_features_count is %v, expected 1 to %d: not a .eim model, or damaged", float64(p.InputFeatures), maxFeatures)
	}
	info := &backend.Info{
		Project: backend.Project{
			ID: h.Project.ID.int(), Owner: h.Project.Owner, Name: h.Project.Name, DeployVersion: h.Project.DeployVersion.int(),
			ImpulseID: h.Project.ImpulseID.int(), ImpulseName: h.Project.ImpulseName,
		},
		Type:   backend.ModelType(p.Type),
		Sensor: backend.SensorUnknown,
		Labels: p.Labels,

		InputFeatures: p.InputFeatures.int(),
		ImageWidth:    p.ImageWidth.int(), ImageHeight: p.ImageHeight.int(),
		ImageChannels: p.ImageChannels.int(), ImageFrames: p.ImageFrames.int(),
		Resize:    backend.ResizeMode(p.Resize),
		Frequency: float64(p.Frequency), IntervalMS: float64(p.IntervalMS), AxisCount: p.AxisCount.int(),
		SliceSize: p.SliceSize.int(), Continuous: p.Continuous != 0,
		Anomaly:                   backend.AnomalyKind(p.Anomaly.int()),
		HasObjectTracking:         p.Tracking != 0,
		HasPerformanceCalibration: p.Calibration != 0,
		Engine:                    p.Engine.int(), EngineProperties: h.Engine.Properties,
	}
	if info.Type == "" {
		info.Type = backend.Classification
	}
	if p.Sensor != nil && *p.Sensor != 255 {
		info.Sensor = backend.Sensor(p.Sensor.int())
	}
	if h.Engine.Type != 0 {
		info.Engine = h.Engine.Type.int()
	}
	if info.Continuous && (info.SliceSize < 1 || info.SliceSize > info.InputFeatures) {
		return nil, fmt.Errorf("slice_size is %d, expected 1 to %d", info.SliceSize, info.InputFeatures)
	}
	for _, t := range p.Thresholds {
		info.Thresholds = append(info.Thresholds, threshold(t))
	}
	return info, nil
}

// int converts without surprises: what does not fit an int is a lie anyway.
func (n number) int() int {
	if !(math.Abs(float64(n)) <= math.MaxInt32) {
		return 0
	}
	return int(n)
}

// threshold keeps every number of a block, whatever its type is called.
func threshold(m map[string]any) backend.Threshold {
	t := backend.Threshold{Values: map[string]float64{}}
	for k, v := range m {
		switch v := v.(type) {
		case float64:
			if k == "id" {
				t.ID = number(v).int()
				continue
			}
			t.Values[k] = v
		case bool:
			t.Values[k] = 0
			if v {
				t.Values[k] = 1
			}
		case string:
			if k == "type" {
				t.Type = v
			}
		}
	}
	return t
}

// sameShape says why a restarted model cannot stand in for the one before.
func sameShape(old, now *backend.Info) error {
	if old.InputFeatures == now.InputFeatures && old.ImageWidth == now.ImageWidth && old.ImageHeight == now.ImageHeight &&
		old.SliceSize == now.SliceSize && old.Type == now.Type && slices.Equal(old.Labels, now.Labels) {
		return nil
	}
	return errors.New("the file is another model now; close it and open it again")
}

// needsWarmUp: these engines compile the model at the first request.
func needsWarmUp(info *backend.Info) bool {
	const tensorRT = 6
	if info.Engine == tensorRT {
		return true
	}
	for _, p := range info.EngineProperties {
		if p == "gpu_delegates" {
			return true
		}
	}
	return false
}

// excerpt quotes the start of what a model sent.
func excerpt(b []byte) string {
	b = bytes.TrimSpace(b)
	if len(b) > 120 {
		return fmt.Sprintf("%q…", b[:120])
	}
	return fmt.Sprintf("%q", b)
}
