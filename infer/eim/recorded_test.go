package eim

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

func rawFloats(v []float32) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.NativeEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}

func recordedNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*-classify.json")
	if err != nil || len(files) < 14 {
		t.Fatalf("recordings: %v, %v", files, err)
	}
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(filepath.Base(f), "-classify.json"))
	}
	return out
}

// TestRecordedModels drives each recorded model by each transport and compares
// all results with the recording, read independently of the driver.
func TestRecordedModels(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range recordedNames(t) {
		for transport, mode := range transports {
			if name == "oldface" {
				mode = map[string]SharedMemory{"shm": SharedMemoryAuto, "json": SharedMemoryNever}[transport]
			}
			t.Run(name+"/"+transport, func(t *testing.T) {
				m, err := openScript(t, Options{SharedMemory: mode}, "RECORDING="+name, "TESTDATA="+dir)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := m.SharedMemory(), transport == "shm" && name != "oldface"; got != want {
					t.Fatalf("shared memory in use: %v", got)
				}
				compareRecorded(t, m, dir, name)
			})
		}
	}
}

func compareRecorded(t *testing.T, m *Model, dir, name string) {
	keys, lines, err := readReplies(dir + "/" + name + "-classify.json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	suffix := ""
	if m.SharedMemory() {
		suffix = "_shm"
	}
	for i, key := range keys {
		want[key] = lines[i]
		var res *backend.Result
		switch requestOf(key) {
		case "classify" + suffix:
			res, err = m.Classify(context.Background())
		case "classify_continuous" + suffix:
			res, err = m.ClassifyContinuous(context.Background())
		default:
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		line := lines[i]
		if strings.Contains(line, `"freeform":"shm"`) {
			line = want[strings.Replace(key, "_shm", "", 1)] // the same input, asked for as JSON
		}
		compareResult(t, key, m.Info(), line, lines[i], res)
	}
	seq, err := readSequence(dir + "/" + name + "-sequence.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range seq {
		res, err := m.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		compareResult(t, "sequence", m.Info(), line, line, res)
	}
}

type plainBox struct {
	Label               string
	Value               float64
	X, Y, Width, Height int
	ObjectID            uint64 `json:"object_id"`
}

// compareResult reads the recorded line in the plainest way there is.
func compareResult(t *testing.T, key string, info *backend.Info, line, timed string, got *backend.Result) {
	t.Helper()
	var want struct {
		Result struct {
			Classification map[string]float64
			BoundingBoxes  []plainBox `json:"bounding_boxes"`
			ObjectTracking []plainBox `json:"object_tracking"`
			Anomaly        *float64
			Grid           []plainBox `json:"visual_anomaly_grid"`
			Max            float64    `json:"visual_anomaly_max"`
			Mean           float64    `json:"visual_anomaly_mean"`
			Freeform       [][]float32
		}
	}
	if err := json.Unmarshal([]byte(line), &want); err != nil {
		t.Fatal(err)
	}
	w := want.Result
	var scores []backend.Score
	for _, l := range info.Labels {
		if v, ok := w.Classification[l]; ok {
			scores = append(scores, backend.Score{Label: l, Value: v})
		}
	}
	if !reflect.DeepEqual(got.Classification, scores) {
		t.Errorf("%s: classification %v, recorded %v", key, got.Classification, scores)
	}
	if !reflect.DeepEqual(got.Boxes, boxesOf(w.BoundingBoxes)) {
		t.Errorf("%s: boxes %v, recorded %v", key, got.Boxes, w.BoundingBoxes)
	}
	var tracks []backend.Track
	if w.ObjectTracking != nil {
		tracks = []backend.Track{}
		for i, b := range boxesOf(w.ObjectTracking) {
			tracks = append(tracks, backend.Track{Box: b, ObjectID: w.ObjectTracking[i].ObjectID})
		}
	}
	if !reflect.DeepEqual(got.Tracks, tracks) {
		t.Errorf("%s: tracks %v, recorded %v", key, got.Tracks, w.ObjectTracking)
	}
	if !reflect.DeepEqual(got.Anomaly, w.Anomaly) {
		t.Errorf("%s: anomaly %v, recorded %v", key, got.Anomaly, w.Anomaly)
	}
	var visual *backend.VisualAnomaly
	if w.Grid != nil {
		visual = &backend.VisualAnomaly{Grid: boxesOf(w.Grid), Max: w.Max, Mean: w.Mean}
	}
	if !reflect.DeepEqual(got.VisualAnomaly, visual) {
		t.Errorf("%s: visual anomaly %v, recorded %v", key, got.VisualAnomaly, visual)
	}
	if !reflect.DeepEqual(got.Freeform, w.Freeform) {
		t.Errorf("%s: freeform %v, recorded %v", key, got.Freeform, w.Freeform)
	}
	compareTiming(t, key, timed, got.Timing)
}

func compareTiming(t *testing.T, key, line string, got backend.Timing) {
	t.Helper()
	var want struct{ Timing map[string]float64 }
	if err := json.Unmarshal([]byte(line), &want); err != nil {
		t.Fatal(err)
	}
	ms := func(k string) time.Duration { return time.Duration(want.Timing[k]) * time.Millisecond }
	w := backend.Timing{DSP: ms("dsp"), Classification: ms("classification"), Anomaly: ms("anomaly"), Postprocessing: ms("postprocessing")}
	if got != w {
		t.Errorf("%s: timing %+v, recorded %+v", key, got, w)
	}
}

func boxesOf(list []plainBox) []backend.Box {
	if list == nil {
		return nil
	}
	out := []backend.Box{}
	for _, b := range list {
		out = append(out, backend.Box{Label: b.Label, Value: b.Value, X: b.X, Y: b.Y, Width: b.Width, Height: b.Height})
	}
	return out
}

func TestRecordedDescriptions(t *testing.T) {
	var motion, kwscal, old, blobtrack *backend.Info
	for name, to := range map[string]**backend.Info{"motion": &motion, "kwscal": &kwscal, "oldface": &old, "blobtrack": &blobtrack} {
		rec, err := loadHello(name)
		if err != nil {
			t.Fatal(err)
		}
		*to = rec
	}
	want := &backend.Info{
		Project: backend.Project{ID: 43, Owner: "Edge Impulse Profiling", Name: "Demo: Continuous motion recognition", DeployVersion: 38, ImpulseID: 1, ImpulseName: "Impulse #1"},
		Type:    backend.Classification, Sensor: backend.SensorAccelerometer, Labels: []string{"idle", "snake", "updown", "wave"},
		InputFeatures: 375, Resize: backend.ResizeNone, Frequency: 62.5, IntervalMS: 16, AxisCount: 3, SliceSize: 31,
		Anomaly: backend.AnomalyKMeans, Engine: 2, EngineProperties: []string{},
	}
	if !reflect.DeepEqual(motion, want) {
		t.Errorf("motion: got %+v\nwant %+v", motion, want)
	}
	if motion.Window() != 2*time.Second {
		t.Errorf("motion: window %v, 125 samples at 62.5 Hz are 2s", motion.Window())
	}
	if !kwscal.Continuous || !kwscal.HasPerformanceCalibration || kwscal.Thresholds[0].ID != 99 ||
		kwscal.Thresholds[0].Type != "performance_calibration" || kwscal.Thresholds[0].Values["suppression_ms"] != 1000 {
		t.Errorf("kwscal: %+v", kwscal)
	}
	if old.Type != backend.FOMO || old.Resize != backend.ResizeUnset || old.Thresholds != nil || old.ImageWidth != 96 || old.InputFeatures != 9216 {
		t.Errorf("oldface: %+v", old)
	}
	if !blobtrack.HasObjectTracking {
		t.Errorf("blobtrack: %+v", blobtrack)
	}
}

func loadHello(name string) (*backend.Info, error) {
	rec, err := loadRecordedHello(name)
	if err != nil {
		return nil, err
	}
	_, info, err := parseHello(rec)
	return info, err
}

func loadRecordedHello(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join("testdata", name+".json"))
}
