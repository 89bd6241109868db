package testpattern

import (
	"bytes"

	"github.com/eiengine/eiengine/frames"
)

// stillPicture is what does not move in a pattern, drawn once and copied to every
// frame. Rows that equal the one above are copied from the first of them, which stays
// in the processor's cache: a plain picture costs no more than writing it.
type stillPicture struct {
	frames.Picture
	first [frames.MaxPlanes][]int // of the equal rows, for each row of a plane
	drawn bool
}

func newStillPicture(v frames.VideoInfo) stillPicture {
	s := stillPicture{Picture: frames.NewPicture(v.Format, v.Width, v.Height)}
	for i := range v.Format.Planes() {
		_, rows := v.Format.PlaneSize(i, v.Width, v.Height)
		s.first[i] = make([]int, rows)
	}
	return s
}

// finish takes note of the rows that are equal, once all are drawn.
func (s *stillPicture) finish() {
	s.drawn = true
	for i := range s.Format.Planes() {
		first := s.first[i]
		for y := 1; y < len(first); y++ {
			first[y] = y
			if bytes.Equal(s.Row(i, y), s.Row(i, first[y-1])) {
				first[y] = first[y-1]
			}
		}
	}
}

// copyTo writes the whole picture into dst.
func (s *stillPicture) copyTo(dst *frames.Picture) {
	for i := range s.Format.Planes() {
		for y, first := range s.first[i] {
			copy(dst.Row(i, y), s.Row(i, first))
		}
	}
}
