// Package testpattern draws the test pictures of GStreamer's videotestsrc, byte
// for byte: the same colours, the same subsampling of chroma, the same noise.
//
// A pattern is drawn row by row in the colour space of the picture: four bytes a
// pixel, alpha first and then red, green and blue or Y, U and V. Fixed colours
// come from tables of code values (not from a conversion), so luma without
// chroma, or blacker than black, exist where the format can hold them. Grey
// levels are blends of the background and the foreground colour.
//
// Rows are packed into the picture in pairs where chroma is halved vertically:
// the mean of both rows, then the mean of each two columns, rounded up. Above 576
// rows, where GStreamer takes chroma to lie on the even columns, the filter is
// 1 2 1 over three columns instead. Colours are BT.601 up to 576 rows, BT.709
// above, if the format does not say.
//
// GRAY8 differs from GStreamer on purpose. GStreamer writes luma of 16 to 235 in
// it although grey is full range; here white is 255.
//
// So do two things that GStreamer 1.22 draws once although they should move:
// pinwheels and spokes with a KT, and the ball that goes by the frame's time.
//
// What does not move is drawn once and copied from then on, so a frame of bars
// costs a copy.
package testpattern
