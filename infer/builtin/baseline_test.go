package builtin

import (
	"math"
	"slices"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// baseline is what one would write without a network, and with some care: it
// shrinks the picture to be rid of noise, takes what differs in colour from its
// surroundings, fills the holes of what hangs together, and tells the shapes
// apart by how much they fill of the circle round their centre of mass: a
// circle all of it, a square 0.64, a triangle 0.41. That measure stays the same
// however the shape is turned. Its constants were tuned on other scenes.
type baseline struct {
	frame, small []byte
	mask         []bool
	label        []int
}

const (
	baseW, baseH  = 160, 120
	surroundings  = 30   // half the side of what a pixel is compared with
	leastDistance = 28.0 // of colours that count as different, at the least
	mostDistance  = 60.0 // and at the most, lest the boldest shape hide the others
	leastSide     = 10   // of a blob's box, in small pixels
	mostSide      = 50
)

func (b *baseline) detect(s *scene.Scene, n int) []scene.Detection {
	width, height := s.Size()
	b.frame = slices.Grow(b.frame[:0], 3*width*height)[:3*width*height]
	s.Draw(n, b.frame, 3*width)
	if b.small == nil {
		b.small = make([]byte, 3*baseW*baseH)
		b.mask = make([]bool, baseW*baseH)
		b.label = make([]int, baseW*baseH)
	}
	resize.Area(b.small, baseW, baseH, b.frame, width, height)
	b.segment()
	scaleX, scaleY := float64(width)/baseW, float64(height)/baseH
	var found []scene.Detection
	for _, blob := range b.blobs() {
		name, ok := classify(blob)
		if !ok {
			continue
		}
		x0, y0, x1, y1 := bounds(blob)
		found = append(found, scene.Detection{
			Label: name,
			X:     float64(x0) * scaleX, Y: float64(y0) * scaleY,
			W: float64(x1-x0+1) * scaleX, H: float64(y1-y0+1) * scaleY,
		})
	}
	return found
}

// segment marks what differs from the median colour round it by more than
// Otsu's threshold, kept within bounds.
func (b *baseline) segment() {
	distances := make([]float64, baseW*baseH)
	const tile = 10
	for ty := 0; ty < baseH; ty += tile {
		for tx := 0; tx < baseW; tx += tile {
			median := b.medianRound(tx+tile/2, ty+tile/2)
			for y := ty; y < ty+tile; y++ {
				for x := tx; x < tx+tile; x++ {
					sum := 0.0
					for c := range 3 {
						d := float64(b.small[3*(y*baseW+x)+c]) - median[c]
						sum += d * d
					}
					distances[y*baseW+x] = math.Sqrt(sum)
				}
			}
		}
	}
	limit := min(max(otsu(distances), leastDistance), mostDistance)
	for i, d := range distances {
		b.mask[i] = d > limit
	}
}

func (b *baseline) medianRound(cx, cy int) (median [3]float64) {
	for c := range 3 {
		var values []byte
		for y := max(cy-surroundings, 0); y < min(cy+surroundings, baseH); y += 2 {
			for x := max(cx-surroundings, 0); x < min(cx+surroundings, baseW); x += 2 {
				values = append(values, b.small[3*(y*baseW+x)+c])
			}
		}
		slices.Sort(values)
		median[c] = float64(values[len(values)/2])
	}
	return median
}

// otsu is the threshold that parts values into the two groups that differ most.
func otsu(values []float64) float64 {
	var histogram [442]float64
	total := 0.0
	for _, v := range values {
		histogram[int(v)]++
		total += v
	}
	best, bestSpread, count, sum := 0.0, -1.0, 0.0, 0.0
	for t, h := range histogram {
		count += h
		sum += h * float64(t)
		rest := float64(len(values)) - count
		if count == 0 || rest == 0 {
			continue
		}
		d := sum/count - (total-sum)/rest
		if spread := count * rest * d * d; spread > bestSpread {
			best, bestSpread = float64(t), spread
		}
	}
	return best
}

type point struct{ x, y int }

// blobs lists what hangs together, with its holes filled.
func (b *baseline) blobs() [][]point {
	for i := range b.label {
		b.label[i] = 0
	}
	var blobs [][]point
	for i := range b.mask {
		if !b.mask[i] || b.label[i] != 0 {
			continue
		}
		blob := b.flood(i, len(blobs)+1)
		blobs = append(blobs, filled(blob))
	}
	return blobs
}

func (b *baseline) flood(start, label int) []point {
	b.label[start] = label
	blob := []point{{start % baseW, start / baseW}}
	for i := 0; i < len(blob); i++ {
		p := blob[i]
		for _, q := range []point{{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}} {
			if q.x < 0 || q.y < 0 || q.x >= baseW || q.y >= baseH {
				continue
			}
			if at := q.y*baseW + q.x; b.mask[at] && b.label[at] == 0 {
				b.label[at] = label
				blob = append(blob, q)
			}
		}
	}
	return blob
}

// filled adds the points of the blob's box that the outside cannot reach.
func filled(blob []point) []point {
	x0, y0, x1, y1 := bounds(blob)
	w, h := x1-x0+3, y1-y0+3 // with a border to walk round on
	taken := make([]bool, w*h)
	for _, p := range blob {
		taken[(p.y-y0+1)*w+p.x-x0+1] = true
	}
	outside := []int{0}
	taken[0] = true
	reached := make([]bool, w*h)
	reached[0] = true
	for i := 0; i < len(outside); i++ {
		x, y := outside[i]%w, outside[i]/w
		for _, q := range []point{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
			if q.x < 0 || q.y < 0 || q.x >= w || q.y >= h || taken[q.y*w+q.x] {
				continue
			}
			taken[q.y*w+q.x], reached[q.y*w+q.x] = true, true
			outside = append(outside, q.y*w+q.x)
		}
	}
	all := blob[:0:0]
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			if !reached[y*w+x] {
				all = append(all, point{x + x0 - 1, y + y0 - 1})
			}
		}
	}
	return all
}

func bounds(blob []point) (x0, y0, x1, y1 int) {
	x0, y0 = blob[0].x, blob[0].y
	x1, y1 = x0, y0
	for _, p := range blob {
		x0, x1 = min(x0, p.x), max(x1, p.x)
		y0, y1 = min(y0, p.y), max(y1, p.y)
	}
	return x0, y0, x1, y1
}

// classify names a blob by the part that it fills of the circle round it.
func classify(blob []point) (label string, ok bool) {
	x0, y0, x1, y1 := bounds(blob)
	w, h := x1-x0+1, y1-y0+1
	if w < leastSide || h < leastSide || w > mostSide || h > mostSide {
		return "", false
	}
	cx, cy := 0.0, 0.0
	for _, p := range blob {
		cx, cy = cx+float64(p.x), cy+float64(p.y)
	}
	cx, cy = cx/float64(len(blob)), cy/float64(len(blob))
	reach := 0.0
	for _, p := range blob {
		reach = max(reach, math.Hypot(float64(p.x)-cx, float64(p.y)-cy))
	}
	reach += 0.5
	switch part := float64(len(blob)) / (math.Pi * reach * reach); {
	case part > 0.80:
		return scene.Circle, true
	case part > 0.52:
		return scene.Square, true
	case part > 0.33:
		return scene.Triangle, true
	}
	return "", false
}
