// Package wav reads and writes WAV files of linear samples: integers of 8, 16, 24
// and 32 bits and floats of 32 and 64, plain or WAVE_FORMAT_EXTENSIBLE, also RF64.
//
// Samples stay bytes, in a [frames.SampleFormat]; the package does not convert.
// [ParseHeader] is for those who have a growing buffer, [Reader] for those who have
// an io.Reader. Both read streams whose writer did not know the length: then a size
// field says 0 or all ones, and the data last until the input ends.
package wav
