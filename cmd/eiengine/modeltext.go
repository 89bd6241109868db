package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// engines are the protocol's numbers of inferencing engines.
var engines = map[int]string{
	1: "uTensor", 2: "TensorFlow Lite Micro or EON", 3: "CubeAI", 4: "TensorFlow Lite", 5: "TensaiFlow", 6: "TensorRT",
	7: "DRP-AI", 8: "TIDL", 9: "Akida", 10: "Syntiant", 11: "ONNX TIDL", 12: "MemryX", 13: "Ethos", 14: "Aton",
	15: "CEVA NPN", 16: "Nordic Axon", 17: "VLM connector", 255: "none",
}

func writeInfo(w io.Writer, info *backend.Info, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(infoJSON(info))
	}
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-12s%s\n", name, value)
		}
	}
	row("project", projectText(info.Project))
	row("type", string(info.Type))
	row("labels", strings.Join(info.Labels, ", "))
	row("input", inputText(info))
	row("continuous", continuousText(info))
	row("resize", string(info.Resize))
	row("anomaly", anomalyText(info.Anomaly))
	row("engine", engineText(info))
	if info.HasObjectTracking {
		row("tracking", "yes")
	}
	if info.HasPerformanceCalibration {
		row("calibrated", "yes: it tells events, not scores")
	}
	for _, t := range info.Thresholds {
		row("threshold", thresholdText(t))
	}
	return nil
}

func projectText(p backend.Project) string {
	if p.Name == "" {
		return ""
	}
	s := p.Name
	if p.Owner != "" {
		s = p.Owner + " / " + s
	}
	if p.ID != 0 {
		s += fmt.Sprintf(" (%d, version %d)", p.ID, p.DeployVersion)
	}
	return s
}

func inputText(i *backend.Info) string {
	switch {
	case i.IsImage():
		colour := map[int]string{1: "gray", 3: "RGB"}[i.ImageChannels]
		s := fmt.Sprintf("picture, %d x %d pixels, %s", i.ImageWidth, i.ImageHeight, colour)
		if i.ImageFrames > 1 {
			s += fmt.Sprintf(", %d frames", i.ImageFrames)
		}
		return s
	case i.IsAudio():
		return fmt.Sprintf("sound, %d samples at %g Hz (%v)", i.InputFeatures, i.Frequency, i.Window())
	}
	return fmt.Sprintf("%d values, %d axes at %g Hz (%v)", i.InputFeatures, i.AxisCount, i.Frequency, i.Window())
}

func continuousText(i *backend.Info) string {
	if !i.Continuous || i.Frequency <= 0 {
		return ""
	}
	slice := time.Duration(float64(i.SliceSize) / i.Frequency * float64(time.Second))
	return fmt.Sprintf("in slices of %d samples (%v)", i.SliceSize, slice)
}

func anomalyText(k backend.AnomalyKind) string {
	names := []string{"", "K-means", "GMM", "visual GMM", "visual PatchCore", "custom", "visual custom"}
	if int(k) < 0 || int(k) >= len(names) {
		return fmt.Sprintf("kind %d", k)
	}
	return names[k]
}

func engineText(i *backend.Info) string {
	if i.Engine == 0 && len(i.EngineProperties) == 0 {
		return "" // models of the old protocol name none
	}
	name, ok := engines[i.Engine]
	if !ok {
		name = fmt.Sprintf("number %d", i.Engine)
	}
	return strings.Join(append([]string{name}, i.EngineProperties...), ", ")
}

func thresholdText(t backend.Threshold) string {
	s := fmt.Sprintf("%d, %s:", t.ID, t.Type)
	for _, key := range slices.Sorted(maps.Keys(t.Values)) {
		s += fmt.Sprintf(" %s=%s", key, strconv.FormatFloat(t.Values[key], 'g', -1, 32))
	}
	return s
}

// modelJSON is what --json prints: the names are those of the .eim protocol.
type modelJSON struct {
	Project struct {
		ID      int    `json:"id"`
		Owner   string `json:"owner"`
		Name    string `json:"name"`
		Version int    `json:"deploy_version"`
	} `json:"project"`
	Type          string          `json:"model_type"`
	Labels        []string        `json:"labels"`
	InputFeatures int             `json:"input_features_count"`
	Width         int             `json:"image_input_width,omitempty"`
	Height        int             `json:"image_input_height,omitempty"`
	Channels      int             `json:"image_channel_count,omitempty"`
	Frames        int             `json:"image_input_frames,omitempty"`
	Resize        string          `json:"image_resize_mode,omitempty"`
	Frequency     float64         `json:"frequency,omitempty"`
	AxisCount     int             `json:"axis_count,omitempty"`
	Sensor        int             `json:"sensor"`
	Continuous    bool            `json:"use_continuous_mode"`
	SliceSize     int             `json:"slice_size,omitempty"`
	Anomaly       int             `json:"has_anomaly"`
	Tracking      bool            `json:"has_object_tracking"`
	Calibrated    bool            `json:"has_performance_calibration"`
	Engine        int             `json:"inferencing_engine"`
	Properties    []string        `json:"inferencing_engine_properties,omitempty"`
	Thresholds    []thresholdJSON `json:"thresholds"`
}

type thresholdJSON struct {
	ID     int                `json:"id"`
	Type   string             `json:"type"`
	Values map[string]float64 `json:"values"`
}

func infoJSON(i *backend.Info) modelJSON {
	m := modelJSON{
		Type: string(i.Type), Labels: i.Labels, InputFeatures: i.InputFeatures,
		Width: i.ImageWidth, Height: i.ImageHeight, Channels: i.ImageChannels, Frames: i.ImageFrames, Resize: string(i.Resize),
		Frequency: i.Frequency, AxisCount: i.AxisCount, Sensor: int(i.Sensor), Continuous: i.Continuous, SliceSize: i.SliceSize,
		Anomaly: int(i.Anomaly), Tracking: i.HasObjectTracking, Calibrated: i.HasPerformanceCalibration, Engine: i.Engine, Properties: i.EngineProperties,
		Thresholds: []thresholdJSON{},
	}
	m.Project.ID, m.Project.Owner, m.Project.Name, m.Project.Version = i.Project.ID, i.Project.Owner, i.Project.Name, i.Project.DeployVersion
	for _, t := range i.Thresholds {
		m.Thresholds = append(m.Thresholds, thresholdJSON{t.ID, t.Type, t.Values})
	}
	return m
}
