package onnx

// libraryVariable names the file of ONNX Runtime in the environment.
const libraryVariable = "EIENGINE_ONNXRUNTIME"

// Options says how to run a model. The zero value is right for most.
type Options struct {
	// Library is the file of ONNX Runtime; empty means the usual places.
	Library string
	// Threads is the number of threads within one request; 0 means 1. More help
	// large models; several models at once use the processor better with one.
	Threads int
	// MaxBatch is the most pictures of one request where the model leaves the
	// size of its batch open; 0 means DefaultMaxBatch.
	MaxBatch int
}

// DefaultMaxBatch is the usual value of Options.MaxBatch.
const DefaultMaxBatch = 8

func (o Options) threads() int { return max(o.Threads, 1) }

func (o Options) maxBatch() int {
	if o.MaxBatch <= 0 {
		return DefaultMaxBatch
	}
	return o.MaxBatch
}
