package pcm

//go:generate go run ./internal/kernels

// The functions that do many samples. A file for a processor may replace them in its
// init, after asking the processor what it can do; the build tag noasm keeps the
// reference. What is handed to such a variable goes to the heap: decodeRow, encodeRow
// and levelRow, which work on memory of the stack, are functions of each processor.
var (
	splitRow  = splitReference
	joinRow   = joinReference
	meanRow   = meanReference
	ditherRow = ditherReference[float32]
	dot4F32   = dot4Reference[float32]
	dot4F64   = dot4Reference[float64]
)
