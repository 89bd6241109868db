// Package builtin holds the models that come with the engine, so that it can be
// tried and tested on a bare machine. They are real models, trained by programs of
// this repository, and run in plain Go.
//
//	model, err := builtin.Open("shapes")
//	if err != nil {
//		return err
//	}
//	defer model.Close()
//	backend.PackRGB(model.Input(), rgb) // 128x128, packed
//	result, err := model.Classify(ctx)
//
// All are trained on what packages of this repository generate: capture/scene,
// capture/soundscape and capture/fabric. Beside the weights of each lies its model
// card, named .md: what it was trained on, how good it is on what it was not trained
// on, and what it cannot do.
//
// # shapes
//
// Finds circles, squares and triangles. Input 128x128 RGB, the whole picture
// squashed into it. It answers as FOMO models do: a grid of 16x16 cells, each 8
// pixels wide, says what has its centre there. Neighbouring cells of a label
// become one box, so a box says where the middle of a shape is and not how
// large the shape is. To train it again, in the root of the repository:
//
//	go run ./infer/builtin/train -h
//
// # shapes-class
//
// Says what a picture shows: a circle, a square, a triangle or none. Input 96x96
// RGB, squashed; a classification.
//
//	go run ./infer/builtin/train/shapesclass -h
//
// # sounds
//
// Says what is to be heard in a second of sound: a beep, a knock, a siren, a whistle
// or noise. Input 16000 samples at 16 kHz, or slices of 4000 for ClassifyContinuous,
// which answers with zeros three times and then for the last second; it does not
// smooth. A new signal begins with a new model.
//
//	go run ./infer/builtin/train/sounds -h
//
// # faults
//
// Finds what is unusual in a woven cloth, having seen only good cloth. Input 160x160
// RGB, the middle of the picture; a visual anomaly on a grid of 20x20 cells of 8
// pixels.
//
//	go run ./infer/builtin/train/faults -h
package builtin
