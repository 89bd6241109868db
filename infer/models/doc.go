// Package models opens whatever a model-path names: a model of the engine, an
// .onnx file or a .eim file. Programs without a graph use it the same way:
//
//	model, err := models.Open(ctx, "builtin:shapes", eim.Options{})
//	if err != nil { … }
//	defer model.Close()
//
// Packages infer/builtin, infer/onnx and infer/eim say what each kind can do.
package models
