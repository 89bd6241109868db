package main

import (
	"math/rand/v2"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// augmentation is a way to see a sample anew: mirrored and turned by quarters
// (which all three labels survive), colours exchanged, brightness and contrast
// changed, blurred, and with more noise.
type augmentation struct {
	mirrorX, mirrorY, swap bool
	colour                 [3]int
	gain, lift             [3]float32
	noise                  float32
	blur                   bool
}

func randomAugmentation(r *rand.Rand) augmentation {
	a := augmentation{mirrorX: r.IntN(2) == 0, mirrorY: r.IntN(2) == 0, swap: r.IntN(2) == 0}
	copy(a.colour[:], r.Perm(3))
	gain, lift := 0.8+0.4*r.Float32(), 0.2*(r.Float32()-0.5)
	for c := range 3 {
		a.gain[c] = gain * (0.95 + 0.1*r.Float32())
		a.lift[c] = lift + 0.06*(r.Float32()-0.5)
	}
	if r.IntN(5) == 0 {
		a.noise = 0.1 * r.Float32()
	}
	a.blur = r.IntN(12) == 0
	return a
}

// picture writes the sample as the planes of the network's input.
func (a *augmentation) picture(dst []float32, s *sample, r *rand.Rand) {
	const area = side * side
	for y := range side {
		for x := range side {
			sx, sy := x, y
			if a.swap {
				sx, sy = sy, sx
			}
			if a.mirrorX {
				sx = side - 1 - sx
			}
			if a.mirrorY {
				sy = side - 1 - sy
			}
			p := s.pixels[3*(sy*side+sx) : 3*(sy*side+sx)+3]
			for c := range 3 {
				dst[c*area+y*side+x] = fomo.Value(p[a.colour[c]])*a.gain[c] + a.lift[c]
			}
		}
	}
	if a.blur {
		for c := range 3 {
			soften(dst[c*area : (c+1)*area])
		}
	}
	for i, v := range dst {
		if a.noise > 0 {
			v += a.noise * (r.Float32() + r.Float32() + r.Float32() - 1.5)
		}
		dst[i] = min(max(v, -1), 1)
	}
}

// soften blurs a plane by 1 2 1 in both directions, borders apart.
func soften(plane []float32) {
	for y := range side {
		soften1(plane[y*side:(y+1)*side], 1)
	}
	for x := range side {
		soften1(plane[x:], side)
	}
}

func soften1(line []float32, step int) {
	before := line[0]
	for i := 1; i+1 < side; i++ {
		now := line[i*step]
		line[i*step] = (before + 2*now + line[(i+1)*step]) / 4
		before = now
	}
}

// things moves the sample's things to where picture put them.
func (a *augmentation) things(dst, src []fomo.Thing) []fomo.Thing {
	dst = dst[:0]
	for _, t := range src {
		if a.mirrorX {
			t.X = side - t.X - t.W
		}
		if a.mirrorY {
			t.Y = side - t.Y - t.H
		}
		if a.swap {
			t.X, t.Y, t.W, t.H = t.Y, t.X, t.H, t.W
		}
		dst = append(dst, t)
	}
	return dst
}
