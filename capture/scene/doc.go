// Package scene draws a moving scene whose content is known: circles, squares
// and triangles that drift and bounce in front of a busy background.
//
// It serves three uses at once, so that they mean the same by "a shape": the
// test pattern of the engine, the demonstration that counts what a detector
// found and missed, and the pictures on which the shipped detector is trained.
//
// A scene is a pure function of its seed, its size, its options and the frame
// number:
//
//	s := scene.New(7, 640, 480, scene.Options{})
//	rgb := make([]byte, 3*640*480)
//	s.Draw(12, rgb, 3*640)
//	truth := s.Truth(12) // what is where in that frame
//
// Frames may be drawn in any order. [Match] scores detections against the
// truth.
//
// # What makes it hard
//
// The background is a gradient, smooth noise, a texture or a photograph, with
// lines and blobs that are no target: crosses, stars and lobed blobs of the
// same sizes and colours. Shapes take a hue close to the background every
// other time, are plain, striped, checkered, shaded, speckled or drawn as an
// outline, turn while they move, and are partly covered by each other and by
// bars that cross the picture. The whole is a little out of focus and has
// sensor noise. Colour and blob size therefore say little; outlines say all.
//
// Each shape keeps to its own part of the picture, which overlaps that of its
// neighbours: shapes cover each other partly, and seldom for more than half.
package scene
