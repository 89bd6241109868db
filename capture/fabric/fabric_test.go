package fabric

import (
	"bytes"
	"testing"
)

func picture(f *Fabric, n int) []byte {
	width, height := f.Size()
	dst := make([]byte, 3*width*height)
	f.Draw(n, dst, 3*width)
	return dst
}

func TestSameSeedSameFrames(t *testing.T) {
	a, b := New(3, 160, 120, Options{}), New(3, 160, 120, Options{})
	picture(b, 0) // the order of frames must not matter
	if !bytes.Equal(picture(a, 41), picture(b, 41)) {
		t.Fatal("frame 41 differs between two fabrics of the same seed")
	}
	if bytes.Equal(picture(a, 41), picture(New(4, 160, 120, Options{}), 41)) {
		t.Fatal("seeds 3 and 4 give the same picture")
	}
	if bytes.Equal(picture(a, 41), picture(a, 42)) {
		t.Fatal("the cloth stands still")
	}
}

func TestDrawKeepsToItsRows(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {17, 400}, {400, 17}, {96, 96}} {
		f := New(9, size[0], size[1], Options{})
		stride := 3*size[0] + 5
		dst := bytes.Repeat([]byte{0xEE}, stride*size[1])
		for _, n := range []int{-1000, -1, 0, 1, 29, 1 << 40} {
			f.Draw(n, dst, stride)
			f.Truth(n)
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

// Without its faults the cloth must be the same, but for where the truth says.
func TestTruthIsWhereTheClothIsSpoilt(t *testing.T) {
	const width, height = 240, 180
	seen := map[string]int{}
	for seed := range uint64(6) {
		spoilt, good := New(seed, width, height, Options{}), New(seed, width, height, Options{Flawless: true})
		for n := 0; n < 480; n += 30 {
			truth := spoilt.Truth(n)
			if len(good.Truth(n)) != 0 {
				t.Fatal("a flawless cloth has faults")
			}
			differ := make([]int, len(truth))
			a, b := picture(spoilt, n), picture(good, n)
			for i := range a {
				if a[i] == b[i] {
					continue
				}
				x, y := float64(i/3%width), float64(i/3/width)
				at := within(truth, x, y)
				if at < 0 {
					t.Fatalf("seed %d frame %d: %v,%v differs from good cloth, but the faults are %+v", seed, n, x, y, truth)
				}
				differ[at]++
			}
			for i, f := range truth {
				if f.Visible < 0 || f.Visible > 1.000001 {
					t.Fatalf("%+v", f)
				}
				if f.Visible > 0.99 {
					seen[f.Kind]++
					if differ[i] < 20 {
						t.Errorf("seed %d frame %d: only %d values differ at %+v", seed, n, differ[i], f)
					}
				}
			}
		}
	}
	for _, kind := range Kinds() {
		if seen[kind] < 2 {
			t.Errorf("only %d whole faults of kind %s", seen[kind], kind)
		}
	}
}

// within is the fault whose box, with some room for how threads sway, the pixel
// lies in; -1 if there is none.
func within(truth []Fault, x, y float64) int {
	const margin = 9 // a thread
	for i, f := range truth {
		if x >= f.X-margin && y >= f.Y-margin && x <= f.X+f.W+margin && y <= f.Y+f.H+margin {
			return i
		}
	}
	return -1
}

func TestClothComesAgainWithoutASeam(t *testing.T) {
	f := New(5, 120, 90, Options{})
	period := f.rows * framesAPicture / 90
	if f.offset(0) != f.offset(period) || f.offset(7) != f.offset(7+period) {
		t.Fatal("the cloth does not come again")
	}
	// The rows on both sides of the end differ no more than rows elsewhere.
	difference := func(a, b int) (sum int) {
		row := 3 * f.width
		for i := range row {
			d := int(f.cloth[a*row+i]) - int(f.cloth[b*row+i])
			sum += max(d, -d)
		}
		return sum
	}
	most := 0
	for y := range f.rows - 1 {
		most = max(most, difference(y, y+1))
	}
	if d := difference(f.rows-1, 0); d > most*5/4 {
		t.Errorf("a difference of %d at the seam, elsewhere at most %d", d, most)
	}
}

func TestDrawDoesNotAllocate(t *testing.T) {
	f := New(2, 160, 120, Options{})
	dst := make([]byte, 3*160*120)
	if n := testing.AllocsPerRun(5, func() { f.Draw(3, dst, 480) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(1, 160, 160, Options{})
	}
}

func BenchmarkDraw(b *testing.B) {
	f := New(1, 640, 480, Options{})
	dst := make([]byte, 3*640*480)
	for b.Loop() {
		f.Draw(1, dst, 1920)
	}
}
