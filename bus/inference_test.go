package bus

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// The files of testdata are the examples that the Edge Impulse GStreamer plugin
// publishes in its README, without the comment in one of them.

func published() map[string]*Inference {
	anomaly := 0.35
	return map[string]*Inference{
		// The model saw 320x480 pixels of a frame of 640x480, squashed.
		"object-detection": {
			Timestamp: 1234567890, Type: ObjectDetection, FrameWidth: 640, FrameHeight: 480,
			ToFrame: frames.RectMapping(frames.Rect{W: 320, H: 480}, frames.Rect{W: 640, H: 480}),
			Result:  &backend.Result{Boxes: []backend.Box{{Label: "person", Value: 0.95, X: 12, Y: 145, Width: 176, Height: 239}}},
			Timing:  12 * time.Millisecond, Resize: time.Millisecond, Latency: 33500 * time.Microsecond,
		},
		"classification": {
			Timestamp: 1234567890, Type: Classification, ToFrame: frames.Identity, Latency: frames.NoTime,
			Result: &backend.Result{Classification: []backend.Score{{Label: "cat", Value: 0.85}, {Label: "dog", Value: 0.15}}},
		},
		"classification-audio": {
			Timestamp: 9498 * time.Millisecond, Type: Classification, ToFrame: frames.Identity,
			Result: &backend.Result{Classification: []backend.Score{{Label: "noise", Value: 0.96875}, {Label: "no", Value: 0.015625}, {Label: "yes", Value: 0.019531}}},
		},
		"anomaly-detection": {
			Timestamp: 1234567890, Type: AnomalyDetection, FrameWidth: 64, FrameHeight: 64, ToFrame: frames.Identity,
			Result: &backend.Result{
				Anomaly:        &anomaly,
				Classification: []backend.Score{{Label: "normal", Value: 0.85}, {Label: "anomalous", Value: 0.15}},
				VisualAnomaly: &backend.VisualAnomaly{Max: 0.42, Mean: 0.21, Grid: []backend.Box{
					{Label: "anomaly", Value: 0.12, Width: 32, Height: 32}, {Label: "anomaly", Value: 0.18, X: 32, Width: 32, Height: 32},
				}},
			},
		},
	}
}

// extra are the fields that we add to what is published.
var extra = []string{"model", "timing_ms", "resize_timing_ms", "latency_ms"}

func TestPublishedExamples(t *testing.T) {
	for name, inf := range published() {
		t.Run(name, func(t *testing.T) {
			want := readJSON(t, filepath.Join("testdata", name+".json"))
			b, err := json.Marshal(inf)
			if err != nil {
				t.Fatal(err)
			}
			var got any
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatal(err)
			}
			for _, problem := range differences("", want, got) {
				t.Errorf("%s\nin %s", problem, b)
			}
			if inf.StructureName() != "edge-impulse-inference-result" {
				t.Errorf("named %s", inf.StructureName())
			}
			if got := ResultType(inf.Result); got != inf.Type {
				t.Errorf("type %s", got)
			}
		})
	}
}

func readJSON(t *testing.T, name string) (v any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// differences compares field for field; got may have the extra fields.
func differences(at string, want, got any) (all []string) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{at + " is no object"}
		}
		for k, v := range w {
			if _, ok := g[k]; !ok {
				all = append(all, at+"/"+k+" is missing")
				continue
			}
			all = append(all, differences(at+"/"+k, v, g[k])...)
		}
		for k := range g {
			if _, ok := w[k]; !ok && !slices.Contains(extra, k) {
				all = append(all, at+"/"+k+" is not in what was published")
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{fmt.Sprintf("%s is %v, want %d entries", at, got, len(w))}
		}
		for i := range w {
			all = append(all, differences(fmt.Sprintf("%s[%d]", at, i), w[i], g[i])...)
		}
	default:
		if want != got {
			all = append(all, fmt.Sprintf("%s is %v, want %v", at, got, want))
		}
	}
	return all
}

func TestBothCoordinates(t *testing.T) {
	b, err := json.Marshal(published()["object-detection"])
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"timestamp":1234567890,"type":"object-detection","result":{"bounding_boxes":[{"label":"person","value":0.95,` +
		`"x":24,"y":145,"width":352,"height":239,"model":{"x":12,"y":145,"width":176,"height":239}}]},` +
		`"timing_ms":12,"resize_timing_ms":1,"latency_ms":33.5}`
	if got := string(b); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNothingFound(t *testing.T) {
	for _, c := range []struct {
		r    backend.Result
		want string
	}{
		{backend.Result{Boxes: []backend.Box{}}, `{"bounding_boxes":[]}`},
		{backend.Result{Tracks: []backend.Track{}, Boxes: []backend.Box{}}, `{"bounding_boxes":[],"object_tracking":[]}`},
		{backend.Result{VisualAnomaly: &backend.VisualAnomaly{}}, `{"visual_anomaly_max":0,"visual_anomaly_mean":0,"visual_anomaly_grid":[]}`},
		{backend.Result{Boxes: []backend.Box{{Label: "a", Value: math.NaN()}}}, `{"bounding_boxes":[{"label":"a","value":null,"x":0,"y":0,"width":1,"height":1,"model":{"x":0,"y":0,"width":0,"height":0}}]}`},
		{backend.Result{Classification: []backend.Score{{Label: "a", Value: math.Inf(-1)}}}, `{"classification":{"a":null}}`},
		{backend.Result{Freeform: [][]float32{{1, 0.1, float32(math.NaN()), float32(math.Inf(1))}, {}}}, `{"freeform":[[1,0.1,null,null],[]]}`},
	} {
		got, err := (&Inference{Result: &c.r, ToFrame: frames.Identity}).ResultJSON()
		if err != nil || string(got) != c.want {
			t.Errorf("got %s (%v), want %s", got, err, c.want)
		}
	}
}

func TestTypes(t *testing.T) {
	v := 0.1
	for _, c := range []struct {
		r    backend.Result
		want string
	}{
		{backend.Result{Boxes: []backend.Box{}}, ObjectDetection},
		{backend.Result{Boxes: []backend.Box{}, Tracks: []backend.Track{}}, ObjectDetection},
		{backend.Result{Boxes: []backend.Box{}, Tracks: []backend.Track{{}}}, ObjectTracking},
		{backend.Result{Classification: []backend.Score{{}}}, Classification},
		{backend.Result{Classification: []backend.Score{{}}, Anomaly: &v}, Classification},
		{backend.Result{Anomaly: &v}, AnomalyDetection},
		{backend.Result{VisualAnomaly: &backend.VisualAnomaly{}, Anomaly: &v}, AnomalyDetection},
		{backend.Result{Freeform: [][]float32{}}, Freeform},
	} {
		if got := ResultType(&c.r); got != c.want {
			t.Errorf("%+v is %s, want %s", c.r, got, c.want)
		}
	}
}

func TestModelMessage(t *testing.T) {
	b, err := json.Marshal(&Model{Event: "loaded", Path: "a.eim", Project: "P", Type: "object_detection", InputWidth: 96, InputHeight: 96, Channels: 3})
	const want = `{"path":"a.eim","project":"P","model-type":"object_detection","input-width":96,"input-height":96,"channel-count":3,"has-anomaly":false}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}
