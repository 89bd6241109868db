package backend

import "time"

// ModelType is the kind of answer that a model gives.
type ModelType string

// The model types of the .eim protocol.
const (
	Classification  ModelType = "classification"
	ObjectDetection ModelType = "object_detection"
	// FOMO detects centres on a grid; its boxes are merged grid cells.
	FOMO     ModelType = "constrained_object_detection"
	Freeform ModelType = "freeform"
)

// Sensor is the kind of signal that a model was trained on.
type Sensor int

// The sensors of the .eim protocol. 255 and -1 both occur for "unknown".
const (
	SensorUnknown       Sensor = -1
	SensorMicrophone    Sensor = 1
	SensorAccelerometer Sensor = 2
	SensorCamera        Sensor = 3
	Sensor9DOF          Sensor = 4
	SensorEnvironmental Sensor = 5
	SensorFusion        Sensor = 6
)

// ResizeMode says how a picture of another shape becomes the model's input.
type ResizeMode string

// The resize modes of the .eim protocol.
const (
	// ResizeUnset: the model names none (models from before September 2024).
	ResizeUnset ResizeMode = ""
	// ResizeNone: the model takes pictures of any size as they are.
	ResizeNone ResizeMode = "none"
	// ResizeSquash scales each axis on its own.
	ResizeSquash ResizeMode = "squash"
	// ResizeFitShortest crops the centre: the shorter side fills the input.
	ResizeFitShortest ResizeMode = "fit-shortest"
	// ResizeFitLongest letterboxes: the longer side fits, the rest is black.
	ResizeFitLongest ResizeMode = "fit-longest"
)

// AnomalyKind says what kind of anomaly detection a model carries.
type AnomalyKind int

// The anomaly kinds of the .eim protocol.
const (
	AnomalyNone AnomalyKind = iota
	AnomalyKMeans
	AnomalyGMM
	AnomalyVisualGMM
	AnomalyVisualPatchCore
	AnomalyCustom
	AnomalyVisualCustom
)

// Visual reports whether the kind answers with a grid over the picture.
func (k AnomalyKind) Visual() bool {
	return k == AnomalyVisualGMM || k == AnomalyVisualPatchCore || k == AnomalyVisualCustom
}

// Threshold is one block of settings of a model. Its keys differ by Type
// ("object_detection" has min_score, "anomaly_gmm" has min_anomaly_score, …);
// unknown types and keys are kept, not refused.
type Threshold struct {
	ID     int
	Type   string
	Values map[string]float64
}

// Project names where a model comes from.
type Project struct {
	ID            int
	Owner         string
	Name          string
	DeployVersion int
	ImpulseID     int
	ImpulseName   string
}

// Info is what a model says of itself. It does not change while the model is
// open, apart from Thresholds, which follow [Model.SetThreshold].
type Info struct {
	Project Project
	Type    ModelType
	Sensor  Sensor
	// Labels in the order of training. Results need not follow it.
	Labels []string

	// InputFeatures is the length of the input tensor: for pictures one value
	// a pixel, whatever the number of channels; for sound one value a sample.
	InputFeatures int

	// Pictures: size in pixels, 1 (gray) or 3 (RGB) channels, frames per
	// request (0 and 1 both mean one).
	ImageWidth, ImageHeight    int
	ImageChannels, ImageFrames int
	Resize                     ResizeMode

	// Signals: samples per second, their distance in milliseconds, axes per
	// sample (interleaved).
	Frequency  float64
	IntervalMS float64
	AxisCount  int

	// SliceSize is the number of values of one continuous request. Many models
	// name one without being continuous: go by Continuous.
	SliceSize  int
	Continuous bool

	Anomaly                   AnomalyKind
	HasObjectTracking         bool
	HasPerformanceCalibration bool

	// Engine is the protocol's number of the inferencing engine (2 TFLite
	// Micro or EON, 4 full TFLite, …, 255 none), EngineProperties its
	// properties, such as "gpu_delegates".
	Engine           int
	EngineProperties []string

	Thresholds []Threshold
}

// IsImage reports whether the model takes pictures.
func (i *Info) IsImage() bool { return i.ImageWidth > 0 && i.ImageHeight > 0 }

// IsAudio reports whether the model takes sound.
func (i *Info) IsAudio() bool { return i.Sensor == SensorMicrophone }

// Window is the stretch of time that one full input covers; zero for pictures.
func (i *Info) Window() time.Duration {
	if i.IsImage() || i.Frequency <= 0 {
		return 0
	}
	axes := max(i.AxisCount, 1)
	return time.Duration(float64(i.InputFeatures/axes) / i.Frequency * float64(time.Second))
}
