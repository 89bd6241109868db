// Package capture holds the elements at which streams begin: the test sources
// videotestsrc and audiotestsrc, filesrc, multifilesrc and imagesequencesrc, and what makes pictures
// and sound out of bytes: typefind, which finds out what they are, decodebin, which
// becomes what decodes them, pngdec, jpegdec and wavparse.
// gdpdepay plays what gdppay has recorded.
//
// v4l2src captures from cameras; package v4l2 below it does so without a graph.
//
// Importing the package registers them.
//
// # Times
//
// Test sources number their frames and derive PTS and duration from the rate, so
// that a stream is the same on every run. If they are live they wait until the
// running time reaches the PTS of a frame before they give it. Files have no
// times; decoders give pictures the PTS of the buffer they began in, and
// wavparse counts samples.
//
// # As if live
//
// With loop=true filesrc begins again after the last byte and marks that buffer as
// discontinuous; wavparse and gdpdepay begin a new file there, and their times go on.
// They do so too where a file follows another. clocksync behind them keeps to the times.
//
// # Untyped bytes
//
// filesrc gives [frames.Untyped]: every element takes that, and whoever reads it
// looks at the bytes. Decoders take chunks of any size and cut them where a
// picture or a block of samples ends.
//
// # Test pictures
//
// videotestsrc gives the bytes of GStreamer's (see package testpattern); hashes of
// GStreamer's own frames are kept in testdata, and a test compares them. So are
// samples of the waves of audiotestsrc. Its noises are the engine's own, the same on
// every run.
//
// # Truth
//
// The shapes pattern of videotestsrc shows a scene whose content is known. Each
// frame carries a [Truth] that says what is where; it follows the picture
// through scaling and cropping, so that detections can be compared with it
// wherever they are made.
package capture
