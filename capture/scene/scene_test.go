package scene

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

func TestSameSeedSameFrames(t *testing.T) {
	a, b := New(3, 160, 120, Options{}), New(3, 160, 120, Options{})
	x, y := make([]byte, 3*160*120), make([]byte, 3*160*120)
	b.Draw(0, y, 480) // the order of frames must not matter
	a.Draw(41, x, 480)
	b.Draw(41, y, 480)
	if !bytes.Equal(x, y) {
		t.Fatal("frame 41 differs between two scenes of the same seed")
	}
	New(4, 160, 120, Options{}).Draw(41, y, 480)
	if bytes.Equal(x, y) {
		t.Fatal("seeds 3 and 4 give the same picture")
	}
}

func TestDrawKeepsToItsRows(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {17, 400}, {400, 17}, {96, 96}} {
		s := New(9, size[0], size[1], Options{Count: 6})
		stride := 3*size[0] + 5
		dst := bytes.Repeat([]byte{0xEE}, stride*size[1])
		for n := -3; n < 30; n++ {
			s.Draw(n, dst, stride)
		}
		for y := range size[1] {
			if pad := dst[y*stride+3*size[0] : (y+1)*stride]; !bytes.Equal(pad, bytes.Repeat([]byte{0xEE}, 5)) {
				t.Fatalf("%v: the padding of row %d was written: % x", size, y, pad)
			}
		}
	}
}

func TestDrawRefusesShortBuffers(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("a short buffer was drawn into")
		}
	}()
	New(1, 64, 48, Options{}).Draw(0, make([]byte, 100), 192)
}

func TestTruthIsInThePictureAndLargeEnough(t *testing.T) {
	labels := map[string]int{}
	for seed := range uint64(200) {
		s := New(seed, 640, 480, Options{})
		for n := 0; n < 600; n += 200 {
			truth := s.Truth(n)
			if len(truth) < 2 || len(truth) > 5 {
				t.Fatalf("seed %d: %d shapes", seed, len(truth))
			}
			for _, b := range truth {
				labels[b.Label]++
				if b.X < -1 || b.Y < -1 || b.X+b.W > 641 || b.Y+b.H > 481 {
					t.Fatalf("seed %d frame %d: %+v leaves the picture", seed, n, b)
				}
				if b.W < 40 || b.W > 215 || b.H < 40 || b.H > 215 {
					t.Fatalf("seed %d frame %d: %+v has an odd size", seed, n, b)
				}
				if b.Visible < 0 || b.Visible > 1 {
					t.Fatalf("seed %d frame %d: %+v visible", seed, n, b)
				}
			}
		}
	}
	for _, l := range Labels() {
		if labels[l] < 300 {
			t.Errorf("only %d of %s", labels[l], l)
		}
	}
}

// What moves between two frames must be where the truth says.
func TestTruthIsWhereThePictureChanges(t *testing.T) {
	s := New(12, 640, 480, Options{Count: 1})
	s.bars, s.noise = nil, make([]int8, len(s.noise))
	a, b := make([]byte, len(s.background)), make([]byte, len(s.background))
	s.Draw(0, a, 1920)
	s.Draw(25, b, 1920)
	box := func(shapes []Shape) image.Rectangle {
		r := shapes[0]
		return image.Rect(int(r.X)-3, int(r.Y)-3, int(r.X+r.W)+4, int(r.Y+r.H)+4)
	}
	first, second := box(s.Truth(0)), box(s.Truth(25))
	changed := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		changed++
		if p := image.Pt(i/3%640, i/1920); !p.In(first) && !p.In(second) {
			t.Fatalf("the picture changed at %v, outside of %v and %v", p, first, second)
		}
	}
	if changed < 1000 {
		t.Fatalf("only %d values changed", changed)
	}
}

func TestCoverIsCounted(t *testing.T) {
	s := New(5, 640, 480, Options{Count: 2})
	s.bars = nil
	below, above := s.shapes[0], s.shapes[1]
	below.outline, above.outline = 0, 0
	above.x, above.y = below.x, below.y // on top of it, middle on middle
	above.radius, above.edges, above.corners = 1000, nil, nil
	s.shapes = []body{below, above}
	truth := s.Truth(0)
	if truth[0].Visible != 0 {
		t.Errorf("the covered shape is %v visible", truth[0].Visible)
	}
	s.shapes = []body{below}
	if v := s.Truth(0)[0].Visible; v != 1 {
		t.Errorf("a lone shape is %v visible", v)
	}
}

func TestPictureAsBackground(t *testing.T) {
	green := image.NewUniform(color.RGBA{0, 200, 0, 255})
	picture := image.NewRGBA(image.Rect(3, 4, 50, 40))
	for y := 4; y < 40; y++ {
		for x := 3; x < 50; x++ {
			picture.Set(x, y, green)
		}
	}
	s := New(1, 320, 240, Options{Backgrounds: []image.Image{picture}})
	greenish := 0
	for i := 0; i < len(s.background); i += 3 {
		if s.background[i] == 0 && s.background[i+1] > 100 && s.background[i+2] == 0 {
			greenish++
		}
	}
	if greenish < 320*240/3 {
		t.Fatalf("%d of %d pixels show the picture", greenish, 320*240)
	}
	New(1, 32, 24, Options{Backgrounds: []image.Image{image.NewRGBA(image.Rectangle{})}})
}

func TestDrawDoesNotAllocate(t *testing.T) {
	s := New(8, 320, 240, Options{Count: 5})
	dst := make([]byte, 3*320*240)
	n := 0
	if a := testing.AllocsPerRun(20, func() { s.Draw(n, dst, 960); n++ }); a != 0 {
		t.Fatalf("%v allocations a frame", a)
	}
}

func TestMatch(t *testing.T) {
	circle := Shape{Label: Circle, X: 100, Y: 100, W: 80, H: 80, Visible: 1}
	hidden := Shape{Label: Square, X: 300, Y: 100, W: 80, H: 80, Visible: 0.4}
	at := func(label string, x, y float64) Detection { return Detection{label, x - 8, y - 8, 16, 16} }
	for _, c := range []struct {
		name       string
		detected   []Detection
		tp, fp, fn int
	}{
		{"nothing found", nil, 0, 0, 1},
		{"found", []Detection{at(Circle, 140, 150)}, 1, 0, 0},
		{"on the border of the box", []Detection{at(Circle, 100, 180)}, 1, 0, 0},
		{"beside it", []Detection{at(Circle, 95, 140)}, 0, 1, 1},
		{"wrong label", []Detection{at(Square, 140, 140)}, 0, 1, 1},
		{"twice", []Detection{at(Circle, 140, 140), at(Circle, 150, 140)}, 1, 1, 0},
		{"hidden one found", []Detection{at(Circle, 140, 140), at(Square, 340, 140)}, 1, 0, 0},
		{"hidden one under another label", []Detection{at(Circle, 140, 140), at(Triangle, 340, 140)}, 1, 1, 0},
	} {
		tp, fp, fn := Match([]Shape{hidden, circle}, c.detected)
		if tp != c.tp || fp != c.fp || fn != c.fn {
			t.Errorf("%s: %d found, %d wrong, %d missed; want %d, %d, %d", c.name, tp, fp, fn, c.tp, c.fp, c.fn)
		}
	}
}

func TestMatchPairsOneToOne(t *testing.T) {
	left := Shape{Label: Circle, X: 0, Y: 0, W: 100, H: 100, Visible: 1}
	right := Shape{Label: Circle, X: 50, Y: 0, W: 100, H: 100, Visible: 1}
	tp, fp, fn := Match([]Shape{left, right}, []Detection{{Circle, 40, 40, 20, 20}, {Circle, 85, 40, 20, 20}})
	if tp != 2 || fp != 0 || fn != 0 {
		t.Fatalf("%d found, %d wrong, %d missed", tp, fp, fn)
	}
	if F1(0, 0, 0) != 0 || F1(3, 1, 1) != 0.75 {
		t.Fatal("F1")
	}
}

func BenchmarkNew(b *testing.B) {
	for i := range b.N {
		New(uint64(i), 640, 480, Options{})
	}
}

func BenchmarkDraw(b *testing.B) {
	s := New(8, 640, 480, Options{Count: 5})
	dst := make([]byte, 3*640*480)
	b.SetBytes(int64(len(dst)))
	for n := range b.N {
		s.Draw(n, dst, 1920)
	}
}
