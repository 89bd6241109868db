// Package convert holds the elements that change the format of raw video and
// sound, its place or its rate, and nothing of what is seen and heard:
//
//	videoconvert, videoscale, videoconvertscale   pixel format and size
//	videorate, audiorate                          an even rate, nothing missing
//	videocrop, videoflip                          cut, turn, mirror
//	audioconvert, audioresample                   samples, channels, rate
//	level                                         how loud it is, told on the bus
//
// Importing the package registers them. The arithmetic is in frames/pixel and
// frames/pcm.
//
// # What they choose
//
// All of them pass frames through untouched, without a copy, if what follows
// takes what comes. Otherwise:
//
//   - videoconvert takes of the pixel formats that follow the one that loses
//     least: not colour, not alpha, not chroma resolution, in this order; of
//     those that lose as much, the one that the peer names first.
//   - videoscale takes the size that downstream asks for; a side that is open
//     stays as it is. If the shape of the pixels (pixel-aspect-ratio) is open too,
//     they change their shape, as in GStreamer: nothing is cut off and no border
//     is added. If that is given, an open side follows the other; with both sides
//     given the picture keeps its shape between black borders, or is stretched
//     with add-borders=false.
//   - audioconvert takes the samples and channels nearest to the input.
//
// Frame rate, times, numbers and flags stay but where the element is for them;
// metadata that lies in the picture moves with it.
package convert
