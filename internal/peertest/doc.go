// Package peertest compares the engine with an installed GStreamer, on graphs
// that nobody thought of.
//
// [Read] takes from a registry the elements, properties and values that
// gst-inspect-1.0 knows as well. A [Generator] makes graphs of them: sources of
// raw video and sound, filters in any order, caps with lists and ranges in the
// middle, tees with branches, and streams that are joined. Many of them cannot be
// linked or negotiated: that, too, has to be the same. [Program.Play] runs a
// graph by bin/eiengine or by gst-launch-1.0, [Compare] says how the results
// differ: in success, in the number and times of frames at every sink, and in the
// caps there. [Shrink] makes a graph that differs smaller.
//
//	make peers                                                  # 500 graphs
//	go test ./internal/peertest -peer-seed 7 -peer-graphs 100   # some others
//	go test ./internal/peertest -peer-first 42 -peer-graphs 1   # one again
//
// # Known differences
//
// Graphs avoid what is known to differ, or what GStreamer itself does now this
// way and now that; the file bounds.go names each of those elements and
// properties with its reason. Besides:
//
//   - Sources are given a format. GStreamer's videotestsrc alone prefers
//     ABGR64_LE, which the engine does not have, and filters name no format that
//     only GStreamer knows.
//   - Fields that only GStreamer states (pixel-aspect-ratio, interlace-mode,
//     multiview-mode, multiview-flags, colorimetry, chroma-site, sof-marker,
//     channel-mask) are not compared. Where both state them, they are.
//   - Caps that ask for one size of a picture also ask for square pixels:
//     otherwise GStreamer's scalers keep the other size and change the shape of
//     pixels, the engine's keep the shape of the picture.
//   - Behind wavenc frames are not counted: GStreamer's writes tags and the header
//     again at the end of a stream that nobody can seek in.
//   - Times of encoded pictures are not compared: GStreamer's sinks go by
//     decoding times, which the engine does not have. Nor are times behind
//     elements that join streams, where order is a matter of time.
//   - Of graphs that fail only the failure is compared, not its exit status: 1
//     and 255 tell when it was noticed.
//   - A graph in which gst-launch-1.0 hangs and the engine does not is played by it
//     once more: now and then it misses an error that comes before the first frame.
//   - Live sources, clocks, dropping queues and shut valves are not compared, and
//     neither are the selectors, files, decodebin and devices.
package peertest
