package bus

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

var update = flag.Bool("update", false, "write the golden files anew")

// f32 is a score as models give it: what is left of it in float32.
func f32(v float64) float64 { return float64(float32(v)) }

// seen is a result for a frame of 640x480 and a model of 320x320, squashed.
func seen(r *backend.Result) *Inference {
	return &Inference{
		Timestamp: 1234567890, Type: ResultType(r), Result: r, FrameWidth: 640, FrameHeight: 480,
		ToFrame: frames.RectMapping(frames.Rect{W: 320, H: 320}, frames.Rect{W: 640, H: 480}),
		Timing:  12*time.Millisecond + 900*time.Microsecond, Resize: time.Millisecond, Latency: 33500 * time.Microsecond,
	}
}

// heard is a result for a second of sound, the last quarter of which is padding.
func heard(r *backend.Result) *Inference {
	inf := seen(r)
	inf.ToFrame, inf.FrameWidth, inf.FrameHeight = frames.Identity, 0, 0
	inf.Window = &Window{Start: 234567890, Duration: time.Second, Padding: 250 * time.Millisecond}
	return inf
}

// goldens are one answer of each kind that models give.
func goldens() map[string]*Inference {
	person := backend.Box{Label: "person", Value: f32(0.95), X: 12, Y: 145, Width: 176, Height: 150}
	scores := []backend.Score{{Label: "yes", Value: f32(0.95)}, {Label: "no", Value: f32(0.05)}}
	rest, none := -0.4386800229549408, 0.0
	return map[string]*Inference{
		"classification":       seen(&backend.Result{Classification: scores}),
		"object-detection":     seen(&backend.Result{Boxes: []backend.Box{person, {Label: "outside", Value: 0.5, X: 320, Y: 0, Width: 8, Height: 8}}}),
		"object-detection-0":   seen(&backend.Result{Boxes: []backend.Box{}}),
		"object-tracking":      seen(&backend.Result{Boxes: []backend.Box{person}, Tracks: []backend.Track{{Box: person, ObjectID: 7}}}),
		"object-tracking-0":    seen(&backend.Result{Boxes: []backend.Box{}, Tracks: []backend.Track{}}),
		"anomaly-kmeans":       seen(&backend.Result{Classification: scores, Anomaly: &rest}),
		"anomaly-gmm":          seen(&backend.Result{Anomaly: &rest}),
		"visual-anomaly":       seen(&backend.Result{Anomaly: &none, VisualAnomaly: &backend.VisualAnomaly{Max: 6, Mean: 0.25, Grid: []backend.Box{{Label: "anomaly", Value: 6, X: 8, Width: 8, Height: 8}}}}),
		"visual-anomaly-0":     seen(&backend.Result{Anomaly: &none, VisualAnomaly: &backend.VisualAnomaly{Grid: []backend.Box{}}}),
		"freeform":             seen(&backend.Result{Freeform: [][]float32{{1, 0.1}, {-2.5}}}),
		"audio-classification": heard(&backend.Result{Classification: scores}),
		"audio-anomaly-kmeans": heard(&backend.Result{Classification: scores, Anomaly: &rest}),
	}
}

// What is published for each kind of answer, in each profile. The files are read
// by people too: one message after the other, name and content.
func TestGoldenMessages(t *testing.T) {
	for _, profile := range []Profile{Seed, Plugin} {
		for name, inf := range goldens() {
			inf.Profile = profile
			checkGolden(t, profile, name, inf.Messages())
		}
		checkGolden(t, profile, "error", []Payload{&InferenceFailed{Timestamp: 1234567890, Err: errors.New("model x.eim was lost"), Profile: profile}})
	}
}

func checkGolden(t *testing.T, profile Profile, kind string, payloads []Payload) {
	t.Helper()
	var out bytes.Buffer
	for _, p := range payloads {
		b, err := json.MarshalIndent(map[string]any{"name": p.StructureName(), "structure": p}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	name := filepath.Join("testdata", profile.String(), kind+".json")
	if *update {
		if err := os.WriteFile(name, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, out.Bytes()) {
		t.Errorf("%s: got\n%s", name, out.Bytes())
	}
}

func TestProfileNames(t *testing.T) {
	for _, p := range []Profile{Seed, Plugin} {
		if got, err := ParseProfile(p.String()); got != p || err != nil {
			t.Errorf("%v: %v, %v", p, got, err)
		}
	}
	if _, err := ParseProfile("new"); err == nil || err.Error() != `message profile "new" is not known: use seed or plugin` {
		t.Error(err)
	}
}
