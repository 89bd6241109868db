// Package fabric draws a woven cloth that runs past a camera, as in a mill, with
// faults whose place is known.
//
// It serves three uses at once, so that they mean the same by "a fault": the
// test pattern of the engine, the demonstration that counts which faults a model
// saw, and the cloth on which the shipped model learnt what good cloth is.
//
//	f := fabric.New(7, 480, 480, fabric.Options{})
//	rgb := make([]byte, 3*480*480)
//	f.Draw(12, rgb, 3*480)
//	truth := f.Truth(12) // the faults in that frame
//
// # The cloth
//
// It is a twill of two colours, 22 threads to the shorter side of the picture.
// Threads differ in thickness and brightness, run a little in waves and have
// fibres. The light falls unevenly, brighter or darker by the seed, and the camera
// has noise. The cloth moves up by a sixtieth of the picture from frame to frame
// and comes again after eight pictures, sooner if they are large.
//
// # The faults
//
// About two of three stretches as long as a picture hold one:
//
//   - a hole, with what lies behind it;
//   - a stain, which only tints;
//   - a gap: a thread is missing over some length;
//   - a snag: a fibre that was pulled lies across;
//   - a float: some threads were not woven in, so the pattern is wrong, and
//     brightness and colours hardly change.
package fabric
