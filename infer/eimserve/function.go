package eimserve

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/eiengine/eiengine/infer/backend"
)

// Judge answers about one input: info.InputFeatures values, or info.SliceSize of
// them if a continuous model is fed slice by slice. It may keep neither the input
// nor change the result after it has returned it.
type Judge func(ctx context.Context, input []float32) (*backend.Result, error)

// Function is a model that is nothing but a function: what a program needs that
// wants to be a .eim. The values of info.Thresholds that clients set are found in
// the Info of the model.
func Function(info backend.Info, judge Judge) backend.Model {
	return &function{info: info, judge: judge, input: make([]float32, max(info.InputFeatures, info.SliceSize))}
}

type function struct {
	info   backend.Info
	judge  Judge
	input  []float32
	closed bool
}

func (f *function) Info() *backend.Info { return &f.info }

func (f *function) Input() []float32 { return f.input }

func (f *function) Classify(ctx context.Context) (*backend.Result, error) {
	if f.closed {
		return nil, backend.ErrClosed
	}
	return f.judge(ctx, f.input[:f.info.InputFeatures])
}

func (f *function) ClassifyContinuous(ctx context.Context) (*backend.Result, error) {
	if f.closed {
		return nil, backend.ErrClosed
	}
	if !f.info.Continuous {
		return nil, errors.New("not a continuous model: use Classify")
	}
	return f.judge(ctx, f.input[:f.info.SliceSize])
}

func (f *function) SetThreshold(_ context.Context, id int, values map[string]float64) error {
	if f.closed {
		return backend.ErrClosed
	}
	for i := range f.info.Thresholds {
		if f.info.Thresholds[i].ID == id {
			maps.Copy(f.info.Thresholds[i].Values, values)
			return nil
		}
	}
	return fmt.Errorf("no threshold block %d", id)
}

func (f *function) Close() error {
	f.closed = true
	return nil
}
