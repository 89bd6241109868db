package infer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
)

// inOrder checks that n frames came, in their order.
func inOrder(t *testing.T, r *rig, n int) {
	t.Helper()
	if got := r.out.count(); got != n {
		t.Errorf("%d frames of %d came out\n%s", got, n, r.texts())
	}
	for i, f := range r.out.frames {
		if f.seq != uint64(i) {
			t.Fatalf("frame %d has number %d", i, f.seq)
		}
	}
}

func stats(t *testing.T, r *rig, element string) eiengine.ElementStats {
	t.Helper()
	for _, s := range r.p.Stats() {
		if s.Name == element {
			return s
		}
	}
	t.Fatalf("no element %s", element)
	return eiengine.ElementStats{}
}

func TestWorkersJudgeFramesAtTheSameTime(t *testing.T) {
	spec, g := gated(t)
	const n = 30
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer workers=3 model-path="+program(t, roleProbe, probeEnv(spec)))
	r.p.SetState(eiengine.Playing)
	pids := map[int]bool{}
	for range 3 { // none of them may go on before all have begun
		pid, _ := g.next(t)
		pids[pid] = true
	}
	if len(pids) != 3 {
		t.Errorf("three requests went to %d processes", len(pids))
	}
	g.open(t, n)
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	inOrder(t, r, n)
	if got := len(payloads[*bus.Inference](r)); got != n {
		t.Errorf("%d results for %d frames", got, n)
	}
}

func TestOrderWhenRequestsTakeUnevenTimes(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	spec.Uneven = 4 * time.Millisecond
	const n = 200
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer name=net workers=4 model-path="+program(t, roleProbe, probeEnv(spec)))
	r.run()
	inOrder(t, r, n)
	for i, inf := range payloads[*bus.Inference](r) {
		if want := time.Duration(i) * time.Second / 30; inf.Timestamp != want {
			t.Fatalf("result %d is of the frame at %v, not %v", i, inf.Timestamp, want)
		}
	}
}

func TestWorkersChangeWhilePlaying(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	spec, g := gated(t)
	s := newSteps(t, nil)
	r := newRigOf(t, "feed ! edgeimpulsevideoinfer name=net model-path="+program(t, roleProbe, probeEnv(spec), "PID_FILE="+pids), stepsFactory(s))
	r.p.SetState(eiengine.Playing)
	s.begin()
	set := func(workers string) {
		if err := r.p.Set("net", "workers", workers); err != nil {
			t.Fatal(err)
		}
		s.send(1) // it is dealt with between two frames
		r.await(func(m *bus.Message) bool { return strings.Contains(fmt.Sprint(m.Payload), "workers="+workers) })
	}
	set("3")
	s.send(2)
	var asked []int
	for range 3 {
		pid, _ := g.next(t)
		asked = append(asked, pid)
	}
	if asked[0] == asked[1] || asked[1] == asked[2] || asked[2] == asked[0] {
		t.Errorf("requests went to %d: not three processes", asked)
	}
	set("1")
	g.open(t, 20)
	s.send(16)
	s.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	inOrder(t, r, 20)
	if got := stats(t, r, "net").Counts[0]; got.Name != "judged" || got.N != 20 {
		t.Errorf("%v; want 20 judged", got)
	}
	if got, err := r.p.Get("net", "stats"); err != nil || !strings.Contains(got, "judged=(guint64)20, skipped=(guint64)0") {
		t.Errorf("stats reads %q, %v", got, err)
	}
	if all := readPIDs(t, pids); len(all) != 3 {
		t.Errorf("%d processes were started, want 3", len(all))
	}
}

func stepsFactory(s *steps) eiengine.Factory { return source("feed", s.feeder) }

// One of several processes dies in the middle of a request: its frame passes with an
// error, the others go on meanwhile.
func TestWorkerKilledMidRequest(t *testing.T) {
	spec, g := gated(t)
	const n = 40
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer name=net workers=2 model-path="+program(t, roleProbe, probeEnv(spec)))
	r.p.SetState(eiengine.Playing)
	pid, victim := g.next(t)
	g.next(t)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	r.await(func(m *bus.Message) bool { return strings.Contains(fmt.Sprint(m.Payload), "signal 9") })
	g.open(t, n)
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	inOrder(t, r, n)
	for i, f := range r.out.frames {
		if judged := f.result != nil; judged == (i == victim) {
			t.Errorf("frame %d: judged %v; the process that died had %d", i, judged, victim)
		}
	}
	if s := stats(t, r, "net"); s.Failed != 1 {
		t.Errorf("%d frames failed, want the one\n%s", s.Failed, r.texts())
	}
}

// All processes are gone and cannot come back: frames pass unjudged, none waits for ever.
func TestAllWorkersGone(t *testing.T) {
	dir := t.TempDir()
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+filepath.Join(dir, "pids"))
	const n = 300
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer name=net workers=2 model-path="+path)
	r.out.each = func(i int) {
		if i != 20 {
			return
		}
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
		for _, pid := range readPIDs(t, filepath.Join(dir, "pids")) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	inOrder(t, r, n)
	if s := stats(t, r, "net"); s.Failed < 200 {
		t.Errorf("%d frames failed of those after the loss", s.Failed)
	}
}

// A model that remembers has one process for each element, and is asked in order.
func TestModelsThatRememberRunAsOneProcess(t *testing.T) {
	dir := t.TempDir()
	pids, record := filepath.Join(dir, "pids"), filepath.Join(dir, "record")
	spec := viewer(backend.ResizeSquash)
	spec.Info.HasObjectTracking, spec.Record = true, record
	path := program(t, roleProbe, probeEnv(spec), "PID_FILE="+pids)
	const n = 100
	r := newRig(t, numbered(t, n), "edgeimpulsevideoinfer name=net workers=3 model-path="+path)
	r.run()
	inOrder(t, r, n)
	if got := len(readPIDs(t, pids)); got != 1 {
		t.Errorf("%d processes for one stream", got)
	}
	if !strings.Contains(r.texts(), "one process judges this stream") {
		t.Errorf("nobody said that workers=3 has no effect:\n%s", r.texts())
	}
	var asked []int
	for in := range slices.Chunk(fedFloats(t, record), spec.Info.InputFeatures) {
		asked = append(asked, pictureNumber(in))
	}
	if len(asked) != n || !slices.IsSorted(asked) {
		t.Errorf("the model was asked about %v", asked)
	}
}
