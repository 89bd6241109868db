package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
)

// The official runners of .eim files, each a program that is given a model file
// and a file with features as JSON, and prints the boxes as JSON.
const (
	nodeRunner = `
const { LinuxImpulseRunner } = require('edge-impulse-linux');
const fs = require('fs');
(async () => {
  const runner = new LinuxImpulseRunner(process.argv[2]);
  await runner.init();
  const res = await runner.classify(JSON.parse(fs.readFileSync(process.argv[3])));
  console.log(JSON.stringify(res.result.bounding_boxes));
  await runner.stop();
  process.exit(0); // its timers of a minute go on
})().catch(err => { console.error(err); process.exit(1); });
`
	pythonRunner = `
import json, sys
from edge_impulse_linux.runner import ImpulseRunner
runner = ImpulseRunner(sys.argv[1])
runner.init()
res = runner.classify(json.load(open(sys.argv[2])))
print(json.dumps(res['result']['bounding_boxes']))
runner.stop()
`
)

// TestOfficialRunnersDriveAnExportedModel needs Edge Impulse's packages: for
// Node, NODE_PATH with edge-impulse-linux in it; for Python, PYTHON naming an
// interpreter that has edge_impulse_linux.
func TestOfficialRunnersDriveAnExportedModel(t *testing.T) {
	dir := t.TempDir()
	model, features := filepath.Join(dir, "shapes.eim"), filepath.Join(dir, "features.json")
	if err := writeEIM("shapes", model); err != nil {
		t.Fatal(err)
	}
	want := shapesIn(t, features)
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	for _, c := range []struct {
		name, interpreter, file, program string
		has                              []string
	}{
		{"Node", "node", "runner.js", nodeRunner, []string{"-e", "require('edge-impulse-linux')"}},
		{"Python", python, "runner.py", pythonRunner, []string{"-c", "import edge_impulse_linux.runner"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := exec.Command(c.interpreter, c.has...).CombinedOutput(); err != nil {
				t.Skipf("%s has no runner of Edge Impulse: %v %.200s", c.interpreter, err, out)
			}
			file := filepath.Join(dir, c.file)
			if err := os.WriteFile(file, []byte(c.program), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(c.interpreter, file, model, features)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var got []backend.Box
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if len(got) != len(want) {
				t.Fatalf("%s sees %v, we see %v", c.name, got, want)
			}
			for i := range got {
				if math.Abs(got[i].Value-want[i].Value) > 1e-6 {
					t.Errorf("%s sees %v, we see %v", c.name, got[i], want[i])
				}
				if got[i].Value = want[i].Value; got[i] != want[i] {
					t.Errorf("%s sees %v, we see %v", c.name, got[i], want[i])
				}
			}
		})
	}
}

// shapesIn writes a scene as features and says what the model finds in it.
func shapesIn(t *testing.T, file string) []backend.Box {
	t.Helper()
	m, err := builtin.Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	w, h := m.Info().ImageWidth, m.Info().ImageHeight
	rgb := make([]byte, 3*w*h)
	scene.New(77, w, h, scene.Options{Count: 4}).Draw(0, rgb, 3*w)
	backend.PackRGB(m.Input(), rgb)
	b, err := json.Marshal(m.Input())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := m.Classify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Boxes) == 0 {
		t.Fatal("nothing was found in a scene full of shapes")
	}
	return r.Boxes
}
