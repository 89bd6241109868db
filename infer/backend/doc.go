// Package backend says what a model is to the engine: what it wants to be
// fed ([Info]), how it is asked ([Model]) and what it answers ([Result]).
//
// Every runtime that can execute a model implements [Model]: the .eim process
// driver (infer/eim), the networks shipped with the engine (infer/builtin) and
// whatever comes later. Elements know only this package, so a result looks the
// same whoever computed it.
//
// The field names follow the Edge Impulse .eim protocol, because that is what
// people who have models already know. All fields of the protocol that were
// added over the years are optional here too: an absent field is the zero
// value, and the doc comment says what that means.
//
// # Feeding a model
//
// A model owns its input tensor. The caller asks for it, fills it, and runs:
//
//	in := model.Input()              // Info().InputFeatures float32 values
//	backend.PackRGB(in, rgb)         // images: one value a pixel
//	res, err := model.Classify(ctx)
//
// The tensor may be memory shared with another process. It must not be touched
// while Classify runs, and it must be asked for again before each request,
// since a model that was restarted has a new one.
//
// A Model serves one request at a time; it is not safe for concurrent use.
package backend
