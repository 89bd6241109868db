// Package gdp reads and writes packets of the GStreamer Data Protocol 1.0: what
// gdppay makes of a stream, and gdpdepay makes a stream of again.
//
// A stream is a row of packets, each a head of 62 bytes and a payload: events (the
// start of the stream, a segment), the caps as text, and buffers with their times,
// numbers and flags. Everything is big endian.
//
//	0   version, 1.0
//	2   which checksums are there, 1 of the head, 2 of the payload
//	4   type: 1 buffer, 2 caps, from 64 on events
//	6   bytes of payload
//	10  PTS, 18 duration, in nanoseconds
//	26  offset, 34 offset of the end: of a camera, the number of the frame
//	42  flags
//	44  DTS
//	58  checksums of the first 58 bytes, and of the payload
//
// [AppendHeader] and [ParseHeader] are for heads; payloads stay with the caller.
// [Segment] is the one event that says more than that it is there.
//
// The protocol has no place for strides: raw pictures are in the default layout of
// their format. Nor has it one for metadata such as regions.
package gdp
