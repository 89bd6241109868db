package main

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
)

// The official runners of .eim files, each a program that is given a model file
// and a file with an errand as JSON, and prints the results as JSON.
const (
	nodeRunner = `
const { LinuxImpulseRunner } = require('edge-impulse-linux');
const fs = require('fs');
(async () => {
  const runner = new LinuxImpulseRunner(process.argv[2]);
  const errand = JSON.parse(fs.readFileSync(process.argv[3]));
  await runner.init();
  if (errand.threshold) await runner.setLearnBlockThreshold(errand.threshold);
  const results = [];
  for (const features of errand.requests) {
    const res = await (errand.continuous ? runner.classifyContinuous(features) : runner.classify(features));
    results.push(res.result);
  }
  console.log(JSON.stringify(results));
  await runner.stop();
  process.exit(0); // its timers of a minute go on
})().catch(err => { console.error(err); process.exit(1); });
`
	pythonRunner = `
import json, sys
from edge_impulse_linux.runner import ImpulseRunner
runner = ImpulseRunner(sys.argv[1])
errand = json.load(open(sys.argv[2]))
runner.init()
if errand['threshold']:
    runner.set_threshold(errand['threshold'])
print(json.dumps([runner.classify(features)['result'] for features in errand['requests']]))
runner.stop()
`
)

// errand is what a runner is told to ask of a model.
type errand struct {
	name, model string
	Continuous  bool               `json:"continuous"` // the requests are slices
	Threshold   map[string]float64 `json:"threshold"`
	Requests    [][]float32        `json:"requests"`
}

// errands are one of each kind of answer that our models give, and thresholds.
func errands() []errand {
	shapes := framesOf(128, scene.New(77, 128, 128, scene.Options{Count: 4}).Draw)
	return []errand{
		{name: "shapes", model: "shapes", Requests: shapes},
		{name: "shapes with a high threshold", model: "shapes", Threshold: map[string]float64{"id": 1, "min_score": 0.97}, Requests: shapes},
		{name: "shapes-class", model: "shapes-class", Requests: framesOf(96, scene.New(6, 96, 96, scene.Options{OneByOne: true}).Draw)},
		{name: "faults", model: "faults", Threshold: map[string]float64{"id": 1, "min_anomaly_score": 3}, Requests: framesOf(160, fabric.New(1, 160, 160, fabric.Options{}).Draw)},
		{name: "sounds by slices", model: "sounds", Continuous: true, Requests: soundOf(4000, 12)},
		{name: "sounds by windows", model: "sounds", Requests: soundOf(16000, 3)},
	}
}

// framesOf are three packed frames of a scene, half a second apart.
func framesOf(side int, draw func(n int, dst []byte, stride int)) [][]float32 {
	var all [][]float32
	rgb := make([]byte, 3*side*side)
	for n := range 3 {
		draw(15*n, rgb, 3*side)
		packed := make([]float32, side*side)
		backend.PackRGB(packed, rgb)
		all = append(all, packed)
	}
	return all
}

// soundOf are pieces of a soundscape, in the range of 16-bit samples.
func soundOf(samples, count int) [][]float32 {
	scape := soundscape.New(1, 16000)
	var all [][]float32
	for range count {
		piece := make([]float32, samples)
		scape.Read(piece)
		for i := range piece {
			piece[i] = float32(math.Round(float64(piece[i]) * 32767))
		}
		all = append(all, piece)
	}
	return all
}

// official is an answer as the runners give it; the names are the protocol's.
type official struct {
	Boxes          []backend.Box      `json:"bounding_boxes"`
	Classification map[string]float64 `json:"classification"`
	Max            float64            `json:"visual_anomaly_max"`
	Mean           float64            `json:"visual_anomaly_mean"`
	Grid           []backend.Box      `json:"visual_anomaly_grid"`
}

// TestOfficialRunnersDriveExportedModels needs Edge Impulse's packages: for
// Node, NODE_PATH with edge-impulse-linux in it; for Python, PYTHON naming an
// interpreter that has edge_impulse_linux.
func TestOfficialRunnersDriveExportedModels(t *testing.T) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	for _, c := range []struct {
		name, interpreter, file, program string
		has                              []string
		slices                           bool
	}{
		{"Node", "node", "runner.js", nodeRunner, []string{"-e", "require('edge-impulse-linux')"}, true},
		{"Python", python, "runner.py", pythonRunner, []string{"-c", "import edge_impulse_linux.runner"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := exec.Command(c.interpreter, c.has...).CombinedOutput(); err != nil {
				t.Skipf("%s has no runner of Edge Impulse: %v %.200s", c.interpreter, err, out)
			}
			program := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(program, []byte(c.program), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, e := range errands() {
				if e.Continuous && !c.slices {
					continue // that runner asks about whole windows only
				}
				t.Run(e.name, func(t *testing.T) {
					compareAnswers(t, answersOf(t, e, c.interpreter, program), ownAnswers(t, e))
				})
			}
		})
	}
}

// answersOf sends a runner on the errand, with an exported model.
func answersOf(t *testing.T, e errand, interpreter, program string) []official {
	t.Helper()
	dir := t.TempDir()
	model, file := filepath.Join(dir, "model.eim"), filepath.Join(dir, "errand.json")
	if err := writeEIM(e.model, model); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter, program, model, file)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []official
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return answers
}

// ownAnswers asks the model inside of this process.
func ownAnswers(t *testing.T, e errand) []official {
	t.Helper()
	m, err := builtin.Open(e.model)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if e.Threshold != nil {
		values := maps.Clone(e.Threshold)
		delete(values, "id")
		if err := m.SetThreshold(context.Background(), int(e.Threshold["id"]), values); err != nil {
			t.Fatal(err)
		}
	}
	ask := m.Classify
	if e.Continuous {
		ask = m.ClassifyContinuous
	}
	var answers []official
	for _, features := range e.Requests {
		copy(m.Input(), features)
		r, err := ask(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		a := official{Boxes: r.Boxes}
		for _, s := range r.Classification {
			if a.Classification == nil {
				a.Classification = map[string]float64{}
			}
			a.Classification[s.Label] = s.Value
		}
		if v := r.VisualAnomaly; v != nil {
			a.Max, a.Mean, a.Grid = v.Max, v.Mean, v.Grid
		}
		answers = append(answers, a)
	}
	return answers
}

// compareAnswers wants them equal but for the last digits of scores, and not
// all of them empty.
func compareAnswers(t *testing.T, got, want []official) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d answers, want %d", len(got), len(want))
	}
	told := false
	for i := range want {
		g, w := &got[i], &want[i]
		told = told || len(w.Boxes) > 0 || len(w.Grid) > 0
		for label, score := range w.Classification {
			told = told || score > 0.5
			if math.Abs(g.Classification[label]-score) > 1e-6 {
				t.Errorf("answer %d: %s %v, we say %v", i, label, g.Classification[label], score)
			}
		}
		if len(g.Classification) != len(w.Classification) || !sameBoxes(g.Boxes, w.Boxes) || !sameBoxes(g.Grid, w.Grid) ||
			math.Abs(g.Max-w.Max) > 1e-5 || math.Abs(g.Mean-w.Mean) > 1e-5 {
			t.Errorf("answer %d: %+v, we say %+v", i, *g, *w)
		}
	}
	if !told {
		t.Error("nothing was found in any of it")
	}
}

func sameBoxes(a, b []backend.Box) bool {
	return slices.EqualFunc(a, b, func(x, y backend.Box) bool {
		near := math.Abs(x.Value-y.Value) <= 1e-5
		x.Value = y.Value
		return near && x == y
	})
}
