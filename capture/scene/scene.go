package scene

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
)

// Options change what a scene shows. The zero value is the usual scene.
type Options struct {
	// Count is the number of shapes, 1 to 6; 0 lets the seed choose 2 to 5.
	Count int
	// OneByOne shows one shape at a time, larger than usual, and at times none:
	// every TurnFrames frames the next. Count is then not looked at.
	OneByOne bool
	// Speed multiplies the speed of everything that moves; 0 means 1. Usual
	// shapes move 1 to 4 pixels a frame at 640x480.
	Speed float64
	// Backgrounds are pictures of which the seed picks one, a part of it and
	// its brightness. Without any the background is generated. The pictures
	// are only read, while New runs.
	Backgrounds []image.Image
}

// Scene is one moving scene. Its methods may be called from one goroutine at a
// time.
type Scene struct {
	width, height int
	scale         float64 // 1 at 640x480, by the square root of the area
	soft          float32 // width of an edge in pixels: how far out of focus
	background    []byte  // packed RGB
	noise         []int8
	noiseSeed     uint64
	shapes        []body
	oneByOne      bool
	bars          []bar
}

// maxSide bounds pictures to what a frame can sensibly be.
const maxSide = 1 << 14

// noiseSpan is how many different places in the noise a row may start at.
const noiseSpan = 1 << 14

// New prepares a scene of width x height pixels; sides outside 1 to 16384 are
// brought to the nearest of the two. Equal arguments give equal scenes. All
// memory is allocated here.
func New(seed uint64, width, height int, opts Options) *Scene {
	width, height = min(max(width, 1), maxSide), min(max(height, 1), maxSide)
	r := rand.New(rand.NewPCG(seed, 0x5ce7e))
	s := &Scene{width: width, height: height, noiseSeed: r.Uint64()}
	s.scale = math.Sqrt(float64(width) * float64(height) / (640 * 480))
	s.soft = float32(max(1, between(r, 0.8, 4)*s.scale))

	s.background = drawBackground(r, width, height, s.scale, s.soft, opts.Backgrounds)
	speed := opts.Speed
	if speed == 0 {
		speed = 1
	}
	if s.oneByOne = opts.OneByOne; s.oneByOne {
		s.addClutter(r)
		s.shapes = queueShapes(r, s, speed)
	} else {
		s.shapes = placeShapes(r, s, opts.Count, speed)
	}
	for range r.IntN(3) {
		s.bars = append(s.bars, newBar(r, s, speed))
	}
	s.noise = makeNoise(r, 3*width+noiseSpan)
	return s
}

// Size is the size of the pictures in pixels.
func (s *Scene) Size() (width, height int) { return s.width, s.height }

// Draw draws frame n as packed 8-bit RGB into dst, whose rows begin stride
// bytes apart. dst needs stride*(height-1)+3*width bytes; a shorter one, or a
// stride below 3*width, is a mistake of the program and panics. Draw does not
// allocate.
func (s *Scene) Draw(n int, dst []byte, stride int) {
	row := 3 * s.width
	if need := stride*(s.height-1) + row; stride < row || len(dst) < need {
		panic(fmt.Sprintf("scene: %d bytes with stride %d cannot hold a picture of %dx%d: it needs %d bytes and a stride of at least %d",
			len(dst), stride, s.width, s.height, max(need, row*s.height), row))
	}
	for y := range s.height {
		copy(dst[y*stride:y*stride+row], s.background[y*row:])
	}
	shown := s.shown(n)
	for i := range shown {
		p := shown[i].at(n)
		s.paint(&shown[i], &p, dst, stride)
	}
	for i := range s.bars {
		s.paintBar(&s.bars[i], n, dst, stride)
	}
	s.addNoise(n, dst, stride)
}

// addNoise adds sensor noise, another stretch of the table for each row and
// frame.
func (s *Scene) addNoise(n int, dst []byte, stride int) {
	row := 3 * s.width
	for y := range s.height {
		start := int(mix(s.noiseSeed^uint64(n)<<20^uint64(y)) % noiseSpan)
		noise := s.noise[start : start+row]
		line := dst[y*stride : y*stride+row]
		for i, v := range noise {
			line[i] = clampTable[(int(line[i])+int(v)+128)&511]
		}
	}
}

// clampTable[v+128] is v brought into a byte, for v from -128 to 383.
var clampTable = func() (t [512]byte) {
	for i := range t {
		t[i] = byte(min(max(i-128, 0), 255))
	}
	return t
}()

// makeNoise is roughly normal noise of a strength that r chooses, often none
// worth seeing.
func makeNoise(r *rand.Rand, n int) []int8 {
	sigma := between(r, 0, 12)
	t := make([]int8, n)
	for i := range t {
		v := r.Uint64()
		// The sum of eight bytes is nearly normal, with deviation 209.
		sum := 0
		for range 8 {
			sum += int(v & 255)
			v >>= 8
		}
		t[i] = int8(min(max(math.Round(float64(sum-1020)/209*sigma), -100), 100))
	}
	return t
}

// mix spreads the bits of v (the finaliser of SplitMix64).
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// between is a uniform number from lo to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }
