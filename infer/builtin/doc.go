// Package builtin holds the models that come with the engine, so that it can be
// tried and tested on a bare machine. They are real networks, trained by
// programs of this repository, and run in plain Go.
//
//	model, err := builtin.Open("shapes")
//	if err != nil {
//		return err
//	}
//	defer model.Close()
//	backend.PackRGB(model.Input(), rgb) // 128x128, packed
//	result, err := model.Classify(ctx)
//
// # shapes
//
// Finds circles, squares and triangles. Input 128x128 RGB, the whole picture
// squashed into it. It answers as FOMO models do: a grid of 16x16 cells, each 8
// pixels wide, says what has its centre there. Neighbouring cells of a label
// become one box, so a box says where the middle of a shape is and not how
// large the shape is.
//
// The file shapes.md beside the weights is its model card: what it was trained
// on and how good it is. To train it again, in the root of the repository:
//
//	go run ./infer/builtin/train -h
package builtin
