package grid

// Shape is the size of a stack of planes.
type Shape struct{ Channels, Height, Width int }

// Area is the length of one plane.
func (s Shape) Area() int { return s.Height * s.Width }

// Len is the length of all planes.
func (s Shape) Len() int { return s.Channels * s.Area() }
