package eim

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/eim/internal/keeper"
)

// killsVariable says how often TestEngineKilledAtRandomMoments kills.
const killsVariable = "EIM_KILLS"

// runEngine is a program that opens models one after the other, as ENGINE says:
// confined or with grandchildren that leave their session. It prints the number
// and the folder of each, and stays with the first if STAY is set.
func runEngine() int {
	exe, err := os.Executable()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	o := Options{Args: []string{roleScript}, Env: os.Environ()}
	if child := os.Getenv("GRANDCHILD"); child != "" {
		o.Confine = ConfineOff
	}
	for {
		m, err := Open(context.Background(), exe, o)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(m.PID(), m.worker.proc.dir)
		for range 3 {
			if _, err := m.Classify(context.Background()); err != nil && os.Getenv("STAY") == "" {
				fmt.Println(err)
			}
		}
		if os.Getenv("STAY") != "" {
			select {}
		}
		if err := m.Close(); err != nil {
			fmt.Println(err)
		}
	}
}

// engine is a running engine and everything by which its traces are known.
type engine struct {
	cmd    *exec.Cmd
	out    *bufio.Reader
	mark   mark
	tmp    string
	shared string // pattern of its shared memory
}

func startEngine(t *testing.T, env ...string) *engine {
	t.Helper()
	tmp, err := os.MkdirTemp("", "kill")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	e := &engine{cmd: exec.Command(testProgram(t), roleEngine), mark: newMark(t), tmp: tmp}
	e.shared = fmt.Sprintf("kill-%d-%x-", os.Getpid(), rand.Uint32())
	e.cmd.Env = append(append(os.Environ(), e.mark.env(), "TMPDIR="+tmp, "SHM_MARK="+e.shared), env...)
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	e.out = bufio.NewReader(out)
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return e
}

// traces is what is left of the engine and its models.
func (e *engine) traces(t *testing.T) string {
	all := e.mark.processes()
	all = append(all, names(t, e.tmp+"/*")...)
	return strings.Join(append(all, names(t, "/dev/shm/shm-test-"+e.shared+"*")...), " ")
}

func (e *engine) kill(t *testing.T) {
	t.Helper()
	if err := e.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = e.cmd.Wait() // its error is the signal
}

func TestEngineKilledAtRandomMoments(t *testing.T) {
	kills := 20
	if s := os.Getenv(killsVariable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		kills = n
	}
	for i := range kills {
		var env []string
		if i%4 == 3 {
			env = append(env, "GRANDCHILD="+filepath.Join(t.TempDir(), "pid"))
		}
		e := startEngine(t, env...)
		after := time.Duration(rand.Int64N(int64(150 * time.Millisecond)))
		killed := time.NewTimer(after) // the moment is the point: nothing else to wait for
		<-killed.C
		e.kill(t)
		eventually(t, fmt.Sprintf("after %v, traces", after), func() string { return e.traces(t) })
	}
}

// parentOf is the keeper of a model.
func parentOf(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatal(err)
	}
	return parent
}

// TestEveryOrderOfKilling: engine, keeper and model are killed one right after
// the other, in all orders, and alone.
func TestEveryOrderOfKilling(t *testing.T) {
	for _, order := range []string{
		"engine", "engine keeper", "engine model", "engine keeper model", "engine model keeper",
		"keeper engine", "keeper model engine", "keeper engine model", "model engine", "model keeper engine", "model engine keeper",
	} {
		t.Run(order, func(t *testing.T) {
			e := startEngine(t, "STAY=yes")
			line, err := e.out.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			var model int
			var dir string
			if _, err := fmt.Sscan(line, &model, &dir); err != nil {
				t.Fatalf("the engine says %q: %v", line, err)
			}
			pids := map[string]int{"engine": e.cmd.Process.Pid, "keeper": parentOf(t, model), "model": model}
			for _, who := range strings.Fields(order) {
				_ = syscall.Kill(pids[who], syscall.SIGKILL) // one may have ended with another
			}
			_ = e.cmd.Wait()
			e.mark.gone(t)
			eventually(t, "traces", func() string {
				if strings.Contains(order, "keeper") {
					// Nobody may have been left to remove the folder: the next engine does.
					// A process that is gone from the list may still hold it for a moment.
					age(t, e.tmp)
					keeper.RemoveStale(e.tmp)
				}
				return e.traces(t)
			})
		})
	}
}

// age makes folders look old enough to be left over.
func age(t *testing.T, tmp string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	for _, dir := range names(t, tmp+"/*") {
		if err := os.Chtimes(dir, old, old); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
}

// TestKeeperKilled: the model goes with its keeper, and so does what it started
// and what left its session; the next request is served by another.
func TestKeeperKilled(t *testing.T) {
	for _, confine := range []Confine{ConfineAuto, ConfineOff} {
		t.Run("confine="+string(confine), func(t *testing.T) {
			tmp := t.TempDir()
			t.Setenv("TMPDIR", tmp)
			pidFile := filepath.Join(t.TempDir(), "pid")
			mark := newMark(t)
			m, err := openScript(t, Options{Confine: confine, Limits: Limits{Processes: 1}}, "GRANDCHILD="+pidFile, mark.env())
			if err != nil {
				t.Fatal(err)
			}
			mustClassify(t, m)
			old := mark.processes()
			if len(old) < 2 {
				t.Fatalf("processes %v, want a model and its child", old)
			}
			if err := syscall.Kill(parentOf(t, m.PID()), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			for m.Restarts() == 0 {
				_, err = m.Classify(context.Background())
				if err != nil && !errors.Is(err, ErrLost) {
					t.Fatal(err)
				}
			}
			mustClassify(t, m)
			for _, pid := range mark.processes() {
				if slices.Contains(old, pid) {
					t.Errorf("process %s of the old model is left", pid)
				}
			}
			if dirs := names(t, tmp+"/*"); len(dirs) != 1 {
				t.Errorf("folders %v, want that of the new model", dirs)
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			mark.gone(t)
		})
	}
}

// TestYoungAndHeldFoldersStay: RemoveStale takes only what nobody has.
func TestYoungAndHeldFoldersStay(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	m := openEcho(t, Options{})
	young := keeper.NewDir(tmp)
	other := filepath.Join(tmp, "eiengine-model-of-mine")
	for _, dir := range []string{young, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	keeper.RemoveStale(tmp)
	age(t, tmp)
	stale := keeper.NewDir(tmp)
	if err := os.Mkdir(stale, 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(young, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(stale, old, old); err != nil {
		t.Fatal(err)
	}
	keeper.RemoveStale(tmp)
	want := []string{filepath.Base(m.worker.proc.dir), filepath.Base(young), filepath.Base(other)}
	var got []string
	for _, dir := range names(t, tmp+"/*") {
		got = append(got, filepath.Base(dir))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v are left, want %v", got, want)
	}
}
