// Package sides runs launch lines by eiengine and by GStreamer's gst-launch-1.0,
// alternately, and gives what a frame costs each of them.
//
// A line is run with few and with many frames, a number that stands in it as =COUNT; the
// difference divided by that of the numbers is the cost of a frame without the start.
//
//	s := sides.Flags()
//	flag.Parse()
//	version, err := s.Present()
//	ours, theirs, err := s.PerFrame("videotestsrc num-buffers=COUNT ! jpegenc ! fakesink")
package sides
