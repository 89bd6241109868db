// Package infer has the elements that run models on a stream:
// edgeimpulsevideoinfer for pictures and edgeimpulseaudioinfer for sound.
//
// # Models
//
// model-path is the path of a .eim file, which runs as a process of its own
// (package infer/eim), or builtin:NAME for a model that comes with the engine
// (package infer/builtin). Elements of one engine that name the same model share
// it, unless it remembers what it has seen, as trackers and continuous models
// do: those serve one stream each. Every model has one goroutine that takes the
// frames of all its elements in the order of their arrival, makes the model's
// input and asks for the answer. Thresholds belong to the element, not to the
// model: they are set anew when frames of elements that differ take turns.
//
// # What comes out
//
// The frames themselves, unchanged and in order, with what was found attached:
// an InferenceResult, an Anomaly if the model gave a grid, a Region for each
// detection, and for classifications the best label, as a Classification and as
// a Region that stands for the full picture. For each inference one message, a
// bus.Inference, is published before its frame goes on.
//
// A frame that could not be judged goes on without results; that is counted and
// told as a warning, and never stops the stream.
package infer
