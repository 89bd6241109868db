package infer_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestModelsThatCannotBeLoaded(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ props, want string }{
		{"model-path=builtin:shape", `no built-in model "shape": there is`},
		{"model-path=" + filepath.Join(dir, "none.eim"), "no such file"},
		{"model-path=" + dir, "is a directory"},
		{"model-path=" + write("plain.eim", "#!/bin/sh\n", 0o600), "chmod +x"},
		{"model-path=" + write("text.eim", "a model", 0o700), "neither a Linux program nor a script"},
		{"model-path=" + write("crash.eim", "#!/bin/sh\necho out of luck\nexit 3\n", 0o700), "exited with status 3"},
		{"model-path=" + program(t, roleProbe, probeEnv(keyword("", false))), "use edgeimpulseaudioinfer"},
		{"threshold=min_score=0.5 model-path=builtin:shapes", "id.key=value"},
		{"threshold=1.min_score=high model-path=builtin:shapes", "not a number"},
	} {
		src := shapesFeed(t, 1, 64, 64, scene.New(1, 64, 64, scene.Options{}))
		r := newRig(t, src, "edgeimpulsevideoinfer name=net "+c.props)
		err := r.p.Play(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line with %q", c.props, err, c.want)
		}
		if n := r.out.count(); n != 0 {
			t.Errorf("%s: %d frames came out", c.props, n)
		}
	}
}

func TestLiveModelSwap(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	pids := filepath.Join(t.TempDir(), "pids")
	other := viewer(backend.ResizeSquash)
	other.Result.Boxes[0].Label = "other"
	first, second := program(t, roleProbe, probeEnv(spec), "PID_FILE="+pids), program(t, roleProbe, probeEnv(other))
	const n = 400
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer name=net model-path="+first)
	r.out.each = func(i int) {
		var err error
		switch i {
		case 20:
			err = r.p.Set("net", "model-path", filepath.Join(t.TempDir(), "missing.eim"))
		case 60:
			err = r.p.Set("net", "model-path", second)
		case 61: // the change is dealt with between two frames
			r.await(func(m *bus.Message) bool {
				p, ok := m.Payload.(*bus.Model)
				return ok && p.Event == "loaded" && p.Path == second
			})
		}
		if err != nil {
			t.Error(err)
		}
	}
	r.run()
	if r.out.count() != n || len(payloads[*bus.Inference](r)) != n {
		t.Errorf("%d frames, %d results of %d\n%s", r.out.count(), len(payloads[*bus.Inference](r)), n, r.texts())
	}
	old, swapped := true, 0
	for i, f := range r.out.frames {
		if f.seq != uint64(i) {
			t.Fatalf("frame %d has number %d", i, f.seq)
		}
		isOld := len(f.regions) == 1 && f.regions[0].Label == "it"
		if isOld && !old {
			t.Fatalf("the old model judged frame %d after the new one had begun", i)
		}
		if old && !isOld {
			swapped = i
		}
		old = isOld
	}
	if swapped < 60 || swapped > 75 {
		t.Errorf("swapped at frame %d", swapped)
	}
	if !strings.Contains(r.texts(), "missing.eim: no such file") || !strings.Contains(r.texts(), "stays with "+first) {
		t.Errorf("the bad model was not told:\n%s", r.texts())
	}
	if got, err := r.p.Get("net", "model-path"); err != nil || got != second {
		t.Errorf("model-path reads %q, %v", got, err)
	}
	for _, pid := range readPIDs(t, pids) {
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("the process %d of the old model is still there", pid)
		}
	}
}

func readPIDs(t *testing.T, name string) (pids []int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

func TestProcessKilledMidStream(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+pids)
	const n = 300
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	src := shapesFeed(t, n, 320, 240, s)
	r := newRig(t, src, "edgeimpulsevideoinfer name=net threshold=3.min_score=0.9 model-path="+path)
	var killed time.Time
	r.out.each = func(i int) {
		if i == 50 {
			killed = time.Now()
			if err := syscall.Kill(readPIDs(t, pids)[0], syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if r.out.count() != n {
		t.Fatalf("%d frames of %d came out\n%s", r.out.count(), n, r.texts())
	}
	results := payloads[*bus.Inference](r)
	unjudged := n - len(results)
	// None, if the process died between two requests.
	if unjudged > 5 {
		t.Errorf("%d frames were not judged", unjudged)
	}
	for i, f := range r.out.frames {
		if len(f.regions) != 0 {
			t.Fatalf("frame %d has %d boxes: the new process does not have the threshold", i, len(f.regions))
		}
	}
	if !strings.Contains(r.texts(), "signal 9") {
		t.Errorf("no warning of the loss:\n%s", r.texts())
	}
	if events := modelEvents(r); !slices.Equal(events, []string{"loaded", "lost", "restored"}) {
		t.Errorf("events %v", events)
	}
	var back time.Time
	r.mu.Lock()
	for _, m := range r.msgs {
		if _, ok := m.Payload.(*bus.Inference); ok && back.IsZero() && m.Wall.After(killed.Add(5*time.Millisecond)) {
			back = m.Wall
		}
	}
	r.mu.Unlock()
	t.Logf("%d frames not judged, results again after %v", unjudged, back.Sub(killed))
	if back.IsZero() {
		t.Error("no results after the kill")
	}
}

func modelEvents(r *rig) (events []string) {
	for _, m := range payloads[*bus.Model](r) {
		events = append(events, m.Event)
	}
	return events
}

func TestProcessThatHangs(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+pids)
	const n = 30
	src := shapesFeed(t, n, 320, 240, scene.New(77, 320, 240, scene.Options{Count: 4}))
	r := newRig(t, src, "edgeimpulsevideoinfer request-timeout=2000000000 model-path="+path)
	r.out.each = func(i int) {
		if i == 10 {
			if err := syscall.Kill(readPIDs(t, pids)[0], syscall.SIGSTOP); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if r.out.count() != n {
		t.Fatalf("%d frames of %d came out\n%s", r.out.count(), n, r.texts())
	}
	if !strings.Contains(r.texts(), "no answer in time: none after 2s") {
		t.Errorf("not told that it hangs:\n%s", r.texts())
	}
	if events := modelEvents(r); !slices.Equal(events, []string{"loaded", "lost", "restored"}) {
		t.Errorf("events %v", events)
	}
}

func TestElementsShareAModel(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+pids)
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	// The second element sets its own threshold on the same process.
	r := newRig(t, shapesFeed(t, 30, 320, 240, s),
		"edgeimpulsevideoinfer name=a model-path="+path+" ! edgeimpulsevideoinfer name=b threshold=3.min_score=0.9 model-path="+path)
	r.run()
	if got := len(readPIDs(t, pids)); got != 1 {
		t.Errorf("%d processes for one model", got)
	}
	found := map[string]int{}
	for _, f := range r.out.frames {
		for _, g := range f.regions {
			found[g.Element]++
		}
	}
	if found["a"] != 30 || found["b"] != 0 {
		t.Errorf("boxes by element: %v; b asks for scores above what there is", found)
	}
}

func TestPipelineRunsTwice(t *testing.T) {
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 5, 320, 240, s), "edgeimpulsevideoinfer model-path="+program(t, roleShapes))
	for range 2 {
		if err := r.p.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r.out.count() != 10 {
		t.Errorf("%d frames in two runs of 5", r.out.count())
	}
}

func TestStopWithFramesUnderWay(t *testing.T) {
	// A quick model: on a busy machine an answer may take longer than a stop waits.
	model := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)))
	r := newRig(t, numbered(t, 1<<30), "edgeimpulsevideoinfer name=net model-path="+model)
	for range 3 {
		if err := r.p.Play(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.await(func(m *bus.Message) bool {
			return m.Src == "net" && m.Payload.StructureName() == "edge-impulse-inference-result"
		})
		if err := r.p.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.settle()
	for _, m := range payloads[*bus.Model](r) {
		if m.Event == "lost" {
			t.Errorf("stopping cost the process: %s", m.Reason)
		}
	}
}

func TestModelThatCrashesAtEachFrame(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	spec.Crash = true
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 50, 320, 240, s), "edgeimpulsevideoinfer name=net model-path="+program(t, roleProbe, probeEnv(spec)))
	r.run()
	if r.out.count() != 50 || len(payloads[*bus.Inference](r)) != 0 {
		t.Errorf("%d frames of 50, %d results", r.out.count(), len(payloads[*bus.Inference](r)))
	}
	failed := payloads[*bus.InferenceFailed](r)
	if len(failed) != 50 || failed[7].Timestamp != r.out.frames[7].pts || failed[7].StructureName() != "edge-impulse-inference-result" {
		t.Errorf("%d messages of 50 frames that could not be judged: %+v", len(failed), failed)
	}
	if !strings.Contains(r.texts(), "exited with status 7") || !strings.Contains(r.texts(), "the probe gives up") {
		t.Errorf("the warning does not say why:\n%s", r.texts())
	}
	for _, st := range r.p.Stats() {
		if st.Name == "net" && st.Failed != 50 {
			t.Errorf("%d frames counted as failed", st.Failed)
		}
	}
}
