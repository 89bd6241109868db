package scene

import "math/rand/v2"

// TurnFrames is for how many frames a scene that shows its shapes one by one
// shows each.
const TurnFrames = 45

// turns is after how many shapes, and pauses without one, they come again.
const turns = 8

// None is the label of a frame without a shape.
const None = "none"

// addClutter adds to the background what is no target and yet as large as the
// shapes, so that size does not tell them from the rest.
func (s *Scene) addClutter(r *rand.Rand) {
	c := canvas{s.background, s.width, s.height}
	for range 1 + r.IntN(2) {
		c.blob(r, 2*s.scale, s.soft)
	}
}

// queueShapes makes the shapes that are shown one by one, 0.28 to 0.6 times as
// wide as the shorter side of the picture, every fourth a pause.
func queueShapes(r *rand.Rand, s *Scene, speed float64) []body {
	shapes := make([]body, turns)
	for i := range shapes {
		if chance(r, 0.25) {
			shapes[i].label = None
			continue
		}
		across := between(r, 0.28, 0.6) * float64(min(s.width, s.height))
		shapes[i] = newBody(r, s, across, 0, 1, 0, 1, speed)
	}
	return shapes
}

// shown are the shapes of frame n.
func (s *Scene) shown(n int) []body {
	if !s.oneByOne {
		return s.shapes
	}
	turn := n / TurnFrames % turns
	if n < 0 {
		turn = 0
	}
	if s.shapes[turn].label == None {
		return nil
	}
	return s.shapes[turn : turn+1]
}

// Label is the label of the only shape of frame n, None if there is no shape;
// it is for scenes that show their shapes one by one.
func (s *Scene) Label(n int) string {
	if shapes := s.shown(n); len(shapes) == 1 {
		return shapes[0].label
	}
	return None
}
