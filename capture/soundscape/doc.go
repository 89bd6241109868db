// Package soundscape makes sound whose content is known: beeps, knocks, sirens
// and whistles, one at a time, over noise.
//
// It serves three uses at once, so that they mean the same by "a siren": the
// test wave of the engine, the demonstration that counts what a model heard, and
// the sound on which the shipped model is trained.
//
//	s := soundscape.New(7, 16000)
//	samples := make([]float32, 16000)
//	s.Read(samples)                       // the first second
//	label, clear := s.Label(0, 16000)     // what is to be heard in it
//
// # What is to be heard
//
// Time is cut into slots of three seconds. A slot is left to the noise, or one
// sound begins in it and ends in it, 1.2 to 2.4 seconds later:
//
//   - a beep is a tone of one pitch that goes on and off two to eight times a
//     second;
//   - a knock is a train of short strokes of irregular distance, as on wood;
//   - a siren is a tone with overtones whose pitch sweeps, a third of an octave
//     to two octaves wide, to and fro or like a saw;
//   - a whistle is one long tone that trembles and drifts a little, with breath.
//
// # What makes it hard
//
// The sounds are 8 decibels below to 20 above the noise (each by its power over
// the whole band while it sounds), their pitches overlap, and the noise is of
// any colour and level, swells and ebbs, hums like the mains, hisses in short
// bursts and holds single clicks, which are no knocking.
package soundscape
