// Package infer has the elements that run models on a stream:
// edgeimpulsevideoinfer for pictures and edgeimpulseaudioinfer for sound.
//
// # Models
//
// model-path is the path of a .eim file, which runs as a process of its own
// (package infer/eim), or builtin:NAME for a model that comes with the engine
// (package infer/builtin). Elements of one engine that name the same model share
// it, unless it remembers what it has seen, as trackers and continuous models
// do: those serve one stream each. Thresholds belong to the element, not to the
// model: they are set anew when frames of elements that differ take turns.
//
// # Who waits where
//
// A model runs as one or several workers: processes, or networks in this one. Each
// element that uses it is a stream with a queue of its own (client). Lanes, two
// goroutines for each worker, take frames from the queues in turn, one of each
// stream, make the model's input, ask a worker and complete the frame's ticket.
// While the workers are busy the other lanes make inputs ahead, and then wait for a
// worker in the order in which they took their frames, so that a model with one
// worker is asked in that order. A lane takes one frame at a time, but for models that
// answer several requests in one run (backend.Batcher): of those as many as wait.
//
// Waking a goroutine takes longer than most of what is done for a frame. So a frame
// that finds a worker idle is made an input and asked about by the goroutine that
// brings it, and a lane only waits for the answer (backend.Starter); and the lane that
// has an answer sends the next lane's request before it does anything with it.
//
// Which frames are judged at all is said by rules. The runtime's window behind the
// element puts the answers in order.
//
// docs/adr/0007 has the reasons.
//
// # What comes out
//
// The frames themselves, unchanged and in order, with what was found attached: an
// InferenceResult, an Anomaly if the model gave a score or a grid, a Region for
// each detection, and for classifications the best label, as a Classification and
// as a Region that stands for the full picture. For each inference a bus.Inference
// is published before its frame goes on, in the profile that message-profile or
// the engine names.
//
// A frame that could not be judged goes on without results; that is counted, told
// as a warning and as a bus.InferenceFailed, and never stops the stream.
package infer
