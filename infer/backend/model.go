package backend

import (
	"context"
	"errors"
)

// ErrClosed is returned by a model after Close.
var ErrClosed = errors.New("model is closed")

// Model is an open model. One request at a time; not safe for concurrent use,
// except for Close, which may be called at any time and ends a request that is
// under way.
type Model interface {
	// Info describes the model. The caller must not change what it points to.
	Info() *Info

	// Input is the tensor to fill before Classify, Info().InputFeatures long
	// (ClassifyContinuous reads the first Info().SliceSize). It is valid until
	// the next call of Classify, ClassifyContinuous or Close.
	Input() []float32

	// Classify runs the model on Input. An error leaves the model usable,
	// unless it is ErrClosed.
	Classify(ctx context.Context) (*Result, error)

	// ClassifyContinuous feeds one slice of a continuous signal. Models that
	// are not Info().Continuous return an error.
	ClassifyContinuous(ctx context.Context) (*Result, error)

	// SetThreshold changes values of the block with that id, from the next
	// request on; the values stay in force if the model has to be restarted.
	SetThreshold(ctx context.Context, id int, values map[string]float64) error

	// Close releases everything. Further calls return ErrClosed.
	Close() error
}

// Batcher is a Model that can answer several requests in one run, which may cost
// less than one run each.
type Batcher interface {
	Model

	// MaxBatch is the most requests of one run, at least 1.
	MaxBatch() int

	// BatchInput is the tensor of request i to fill before ClassifyBatch;
	// request 0's is Input. It is valid as long as that.
	BatchInput(i int) []float32

	// ClassifyBatch runs the model on the first n inputs and returns one result
	// each, in order. An error is one of all n requests.
	ClassifyBatch(ctx context.Context, n int) ([]*Result, error)
}

// Starter is a Model whose requests one goroutine may begin and another end.
type Starter interface {
	Model

	// TryStart begins what Classify does and returns while the model works, true
	// then: Finish has to follow, before any other method but Close. It returns
	// false at once, having done nothing, if it would have to wait. An error is one
	// of the request, which is over.
	TryStart(ctx context.Context) (bool, error)

	// Finish waits for the answer, and returns what Classify would.
	Finish() (*Result, error)
}
