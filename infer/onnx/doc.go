// Package onnx runs .onnx models with ONNX Runtime, whose library is opened at
// run time: nothing of it is needed to build, and a machine without it gets an
// error that says where the library was looked for.
//
//	model, err := onnx.Open("detector.onnx", onnx.Options{})
//	if err != nil { … }
//	defer model.Close()
//	backend.PackRGB(model.Input(), rgb)
//	res, err := model.Classify(ctx)
//
// [Model] implements backend.Model, with the same packed pixels as input and the
// same results as a .eim.
//
// # The description
//
// An .onnx file does not say what its numbers mean. A JSON file of the same name
// beside it does: detector.json for detector.onnx. See [Description] for the
// fields; this one is a whole example:
//
//	{
//	  "labels": ["circle", "square", "triangle"],
//	  "input":  {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize": "squash"},
//	  "output": {"decoder": "fomo", "softmax": true},
//	  "threshold": 0.5
//	}
//
// # The library
//
// libonnxruntime is looked for at Options.Library, then at the path in the
// environment variable EIENGINE_ONNXRUNTIME, then as libonnxruntime.so.1 where
// the dynamic linker looks. Any version from 1.17 on serves. It runs inside of
// this process: unlike a .eim, a model is not confined and a fault in the library
// ends the program. Open only models that you trust.
//
// Built with -tags nodlopen, or for another system than Linux on amd64 or arm64,
// the package has no library and Open says so.
package onnx
