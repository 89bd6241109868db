package eim

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eimserve"
)

// The test binary is also the models that the tests drive: with these
// arguments it serves instead of testing.
const (
	roleEcho   = "role=echo"   // eimserve with a model that echoes its input
	roleScript = "role=script" // answers as told, see script_test.go
	roleEngine = "role=engine" // opens models and waits to be killed, see kill_test.go
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case roleEcho:
			os.Exit(serveEcho(os.Args[2:]))
		case roleScript:
			os.Exit(serveScript(os.Args[2:]))
		case roleEngine:
			os.Exit(runEngine())
		}
	}
	// Children that carry the race detector would linger a second at exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// testProgram is this test binary.
func testProgram(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// openEcho opens the echo model; extra settings travel in its environment.
func openEcho(t testing.TB, o Options, env ...string) *Model {
	t.Helper()
	o.Args = []string{roleEcho}
	o.Env = append(os.Environ(), env...)
	m, err := Open(context.Background(), testProgram(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// echo is a model whose freeform answer is its input, so that a test sees the
// exact bits that arrived in the other process.
type echo struct {
	info backend.Info
	in   []float32
}

func serveEcho(args []string) int {
	n := 16
	if s := os.Getenv("ECHO_FEATURES"); s != "" {
		fmt.Sscan(s, &n)
	}
	model := &echo{in: make([]float32, n), info: backend.Info{
		Type: backend.Freeform, Sensor: backend.SensorUnknown, InputFeatures: n,
		SliceSize: n / 4, Continuous: true, Labels: []string{"sum"},
		Thresholds: []backend.Threshold{{ID: 3, Type: "object_detection", Values: map[string]float64{"min_score": 0.5}}},
	}}
	o := eimserve.Options{NoSharedMemory: os.Getenv("ECHO_SHM") == "no"}
	if os.Getenv("ECHO_OUTPUTS") != "" {
		o.FreeformElements = []int{n, 1}
	}
	return o.Main(model, args)
}

func (e *echo) Info() *backend.Info { return &e.info }
func (e *echo) Input() []float32    { return e.in }

func (e *echo) Classify(context.Context) (*backend.Result, error) {
	if os.Getenv("ECHO_SMALL") != "" {
		return &backend.Result{Classification: []backend.Score{{Label: "sum", Value: float64(e.in[0])}}}, nil
	}
	if e.in[0] == -666 {
		os.Exit(66)
	}
	threshold := float32(e.info.Thresholds[0].Values["min_score"])
	return &backend.Result{Freeform: [][]float32{e.in, {threshold}}}, nil
}

func (e *echo) ClassifyContinuous(context.Context) (*backend.Result, error) {
	return &backend.Result{Freeform: [][]float32{e.in[:e.info.SliceSize]}}, nil
}

func (e *echo) SetThreshold(_ context.Context, _ int, values map[string]float64) error {
	for k, v := range values {
		e.info.Thresholds[0].Values[k] = v
	}
	return nil
}

func (e *echo) Close() error { return nil }
