// Package photos reads the photographs that training programs put behind what
// they draw, so that a model meets more than generated backgrounds.
//
// One of them is held out: no training program draws on it, and all measure what
// a model makes of pictures with it.
package photos
