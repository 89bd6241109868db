// Package raster draws on pictures: rectangles, filled or as outlines, and text in
// the Go fonts, which are part of the program, so no system font is needed.
//
// It draws on the RGB family and GRAY8. Colours are [pixel.Color]; alpha blends
// with what is there (not linear in light, as everybody does it), and on a format
// with alpha the result is the usual "over". On GRAY8 a colour becomes its BT.601
// luma.
//
// Everything is clipped to the picture. Coordinates may be negative or as large as
// an int holds. A [Face] caches its glyphs, so drawing the same label again
// allocates nothing.
package raster
