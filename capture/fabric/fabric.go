package fabric

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Options change what a fabric shows. The zero value is the usual fabric.
type Options struct {
	// Flawless leaves the faults out; the rest stays the same.
	Flawless bool
}

// Fabric is one running cloth. Its methods may be called from one goroutine at a
// time.
type Fabric struct {
	width, height int
	rows          int    // of the cloth, before it comes again
	cloth         []byte // packed RGB, width x rows
	faults        []fault
	light         []uint8 // of each pixel of the picture, 128 being 1
	noise         []int8
	noiseSeed     uint64
}

const (
	maxSide = 1 << 14
	// The cloth comes again after so many heights of a picture, or after fewer if
	// it would then have more pixels.
	maxPictures = 8
	maxPixels   = 8 << 20
	// framesAPicture is how many frames it takes for the cloth to move by the
	// height of the picture.
	framesAPicture = 60
	noiseSpan      = 1 << 14
)

// New weaves a cloth for pictures of width x height pixels; sides outside 1 to
// 16384 are brought to the nearest of the two. Equal arguments give equal cloth.
// All memory is allocated here: up to eight pictures.
func New(seed uint64, width, height int, opts Options) *Fabric {
	width, height = min(max(width, 1), maxSide), min(max(height, 1), maxSide)
	r := rand.New(rand.NewPCG(seed, 0xfab41c))
	f := &Fabric{width: width, height: height, rows: min(max(maxPixels/(width*height), 1), maxPictures) * height, noiseSeed: r.Uint64()}
	w := newWeave(r, width, f.rows, float64(min(width, height)))
	f.shine(r)
	f.noise = makeNoise(r, 3*width+noiseSpan)
	if !opts.Flawless {
		f.faults = spoil(r, w, height)
	}
	f.cloth = w.weave(f.faults)
	return f
}

// Size is the size of the pictures in pixels.
func (f *Fabric) Size() (width, height int) { return f.width, f.height }

// shine makes the light: a slope over the picture.
func (f *Fabric) shine(r *rand.Rand) {
	gain := between(r, 0.8, 1.15)
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	slope := between(r, 0, 0.25)
	f.light = make([]uint8, f.width*f.height)
	for y := range f.height {
		for x := range f.width {
			along := cos*(float64(x)/float64(f.width)-0.5) + sin*(float64(y)/float64(f.height)-0.5)
			f.light[y*f.width+x] = uint8(128 * gain * (1 + slope*along))
		}
	}
}

// offset is the row of the cloth at the top of frame n.
func (f *Fabric) offset(n int) int {
	at := int(int64(n) * int64(f.height) / framesAPicture % int64(f.rows))
	if at < 0 {
		at += f.rows
	}
	return at
}

// Draw draws frame n as packed 8-bit RGB into dst, whose rows begin stride
// bytes apart. dst needs stride*(height-1)+3*width bytes; a shorter one, or a
// stride below 3*width, is a mistake of the program and panics. Draw does not
// allocate.
func (f *Fabric) Draw(n int, dst []byte, stride int) {
	row := 3 * f.width
	if need := stride*(f.height-1) + row; stride < row || len(dst) < need {
		panic(fmt.Sprintf("fabric: %d bytes with stride %d cannot hold a picture of %dx%d: it needs %d bytes and a stride of at least %d",
			len(dst), stride, f.width, f.height, max(need, row*f.height), row))
	}
	offset := f.offset(n)
	for y := range f.height {
		at := (offset + y) % f.rows
		start := int(mix(f.noiseSeed^uint64(n)<<20^uint64(y)) % noiseSpan)
		shade(dst[y*stride:y*stride+row], f.cloth[at*row:(at+1)*row], f.light[y*f.width:(y+1)*f.width], f.noise[start:start+row])
	}
}

// shade puts light and noise on a row of cloth.
func shade(dst, cloth []byte, light []uint8, noise []int8) {
	for x, l := range light {
		d, c, n := dst[3*x:3*x+3], cloth[3*x:3*x+3], noise[3*x:3*x+3]
		for i := range d {
			v := int(c[i])*int(l)>>7 + int(n[i])
			d[i] = byte(min(max(v, 0), 255))
		}
	}
}

// makeNoise is normal noise of a strength that r chooses.
func makeNoise(r *rand.Rand, n int) []int8 {
	sigma := between(r, 1, 7)
	t := make([]int8, n)
	for i := range t {
		t[i] = int8(min(max(math.Round(r.NormFloat64()*sigma), -100), 100))
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
