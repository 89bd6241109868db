package linuxsdk_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	edgeimpulse "github.com/edgeimpulse/linux-sdk-go"

	"github.com/eiengine/eiengine/infer/linuxsdk"
)

// Real model files answer through our driver as through the SDK's.
func TestRealModels(t *testing.T) {
	dir := os.Getenv("EIMS")
	if dir == "" {
		t.Skip("set EIMS to a directory of .eim files to run this")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.eim"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no .eim files in EIMS=%s (%v)", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { compareReal(t, file) })
	}
}

func compareReal(t *testing.T, file string) {
	theirs := startTheirs(t, file)
	defer theirs.Close()
	ours, err := linuxsdk.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	p := theirs.ModelParameters()
	if got := ours.ModelParameters(); !reflect.DeepEqual(got, p) {
		t.Errorf("parameters: got %+v, the SDK has %+v", got, p)
	}
	top := 1 << 10
	if p.SensorType == edgeimpulse.SensorTypeCamera {
		top = 1 << 24
	}
	random := rand.New(rand.NewPCG(1, 2))
	features := make([]float64, p.InputFeaturesCount)
	for range 3 {
		for i := range features {
			features[i] = float64(random.IntN(top))
		}
		got, err := ours.Classify(features)
		if err != nil {
			t.Fatal(err)
		}
		want, err := theirs.Classify(features)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Result, want.Result) {
			t.Errorf("got %+v, the SDK has %+v", got.Result, want.Result)
		}
	}
}

// startTheirs tries more than once: the SDK gives up if it connects after the
// model has made its socket and before it listens there.
func startTheirs(t *testing.T, file string) *edgeimpulse.RunnerProcess {
	t.Helper()
	var err error
	for range 20 {
		var r *edgeimpulse.RunnerProcess
		if r, err = edgeimpulse.NewRunnerProcess(file, nil); err == nil {
			return r
		}
	}
	t.Fatal(err)
	return nil
}
