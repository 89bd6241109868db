package eim

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// TestRealModels runs every .eim in the directory that EIMS names: zeros by
// shared memory and by JSON must give the same.
func TestRealModels(t *testing.T) {
	dir := os.Getenv("EIMS")
	if dir == "" {
		t.Skip("EIMS names no directory with .eim files")
	}
	files := names(t, filepath.Join(dir, "*.eim"))
	if len(files) == 0 {
		t.Fatalf("no .eim file in %s", dir)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			var got [2]*backend.Result
			for i, mode := range []SharedMemory{SharedMemoryAuto, SharedMemoryNever} {
				got[i] = classifyZeros(t, f, mode)
			}
			if !reflect.DeepEqual(got[0], got[1]) {
				t.Errorf("by shared memory %+v\nby JSON %+v", got[0], got[1])
			}
		})
	}
}

func classifyZeros(t *testing.T, file string, mode SharedMemory) *backend.Result {
	t.Helper()
	m, err := Open(context.Background(), file, Options{SharedMemory: mode})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	var trips []time.Duration
	var res *backend.Result
	for range 20 {
		clear(m.Input())
		if res, err = m.Classify(context.Background()); err != nil {
			t.Fatal(err)
		}
		trips = append(trips, res.RoundTrip)
	}
	for range 4 {
		if !m.Info().Continuous {
			break
		}
		if _, err := m.ClassifyContinuous(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(trips)
	t.Logf("%s, shared memory %v, median round trip %v, restarts %d: %+v", m.Info().Project.Name, m.SharedMemory(), trips[10], m.Restarts(), res.Classification)
	if m.Restarts() != 0 {
		t.Errorf("%d restarts", m.Restarts())
	}
	res.RoundTrip, res.Timing = 0, backend.Timing{}
	return res
}
