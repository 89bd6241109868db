// Package mfe computes mel filterbank energies: the loudness of a sound by pitch
// and time, as a picture that a convolutional network can look at.
//
// Samples are cut into frames of [FrameLength] that begin [Stride] apart. Each
// frame is weighted with a Hann window, its power spectrum is taken, and the
// power is summed under [Filters] triangles that lie evenly on the mel scale and
// overlap by half:
//
//	mel(f) = 1127 ln(1 + f/700)         f in Hz
//
// in the form of O'Shaughnessy, "Speech Communication" (1987), and with the
// triangles of Davis and Mermelstein, IEEE Trans. ASSP 28(4), 1980, as the HTK
// Book (section 5.4) lays them out. The energies are given in decibels, 0 being
// that of a sine of full scale, and brought to the range of a network's input:
//
//	value = clamp(dB, -90, 0) / 45 + 1  from -1 to 1
//
// Each frame's values depend on its samples alone, so those of overlapping
// windows of a stream need to be computed only once.
package mfe
