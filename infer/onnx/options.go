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
	// size of its batch open; 0 means what the description says.
	MaxBatch int
}

// DefaultMaxBatch is what a description means that names no batch: on one processor
// a run of several pictures takes no less time than one run each.
const DefaultMaxBatch = 1

func (o Options) threads() int { return max(o.Threads, 1) }

// maxBatch is Options.MaxBatch, or what the description says.
func (o Options) maxBatch(in *Input) int {
	for _, n := range []int{o.MaxBatch, in.Batch} {
		if n > 0 {
			return n
		}
	}
	return DefaultMaxBatch
}
