package builtin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eiengine/eiengine/infer/backend"
)

const (
	thresholdID     = 1
	minScore        = "min_score"
	minAnomalyScore = "min_anomaly_score"
)

// highestThreshold is the highest value that each kind of threshold may have.
var highestThreshold = map[string]float64{minScore: 1, minAnomalyScore: math.MaxFloat32}

// base is what all models of the package have in common.
type base struct {
	info   backend.Info
	closed atomic.Bool
}

// Info implements backend.Model.
func (b *base) Info() *backend.Info { return &b.info }

// usable says why a request cannot be served. A run takes milliseconds and is not
// cut short; its answer is.
func (b *base) usable(ctx context.Context) error {
	if b.closed.Load() {
		return backend.ErrClosed
	}
	return ctx.Err()
}

// ClassifyContinuous implements backend.Model for models of pictures.
func (b *base) ClassifyContinuous(context.Context) (*backend.Result, error) {
	if b.closed.Load() {
		return nil, backend.ErrClosed
	}
	return nil, errors.New("built-in model " + b.info.Project.Name + " takes pictures, not a continuous signal: use Classify")
}

// SetThreshold implements backend.Model.
func (b *base) SetThreshold(_ context.Context, id int, values map[string]float64) error {
	if b.closed.Load() {
		return backend.ErrClosed
	}
	if len(b.info.Thresholds) == 0 {
		return fmt.Errorf("built-in model %s has no thresholds, so not %d", b.info.Project.Name, id)
	}
	block := &b.info.Thresholds[0]
	if id != block.ID {
		return fmt.Errorf("built-in model %s has no threshold block %d: its only one is %d (%s)",
			b.info.Project.Name, id, block.ID, block.Type)
	}
	for key, v := range values {
		if _, ok := block.Values[key]; !ok {
			return fmt.Errorf("threshold block %d (%s) has no %q: it has %s", id, block.Type, key,
				strings.Join(slices.Sorted(maps.Keys(block.Values)), ", "))
		}
		if highest := highestThreshold[key]; !(v >= 0 && v <= highest) {
			return fmt.Errorf("threshold %s of %v: must be from 0 to %v", key, v, highest)
		}
	}
	maps.Copy(block.Values, values)
	return nil
}

// threshold is the value in force.
func (b *base) threshold(key string) float64 { return b.info.Thresholds[0].Values[key] }

// Close implements backend.Model.
func (b *base) Close() error {
	b.closed.Store(true)
	return nil
}

// ours is where the models come from.
func ours(name string) backend.Project { return backend.Project{Owner: "eiengine", Name: name} }

// scores is a distribution over labels.
func scores(labels []string, p []float32) []backend.Score {
	out := make([]backend.Score, len(labels))
	for i, label := range labels {
		out[i] = backend.Score{Label: label, Value: float64(p[i])}
	}
	return out
}
