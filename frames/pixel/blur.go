package pixel

import (
	"fmt"
	"math/bits"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Blurrer makes areas of pictures unrecognisable and keeps its buffers. The zero
// value is ready; not safe for concurrent use.
type Blurrer struct {
	sums  []uint32 // of each column, over the rows in reach
	lines []byte   // rows as they were, as many as are in reach
}

var blurrers = sync.Pool{New: func() any { return new(Blurrer) }}

// Blur is [Blurrer.Blur] on a recycled blurrer, safe for concurrent use.
func Blur(p *frames.Picture, r frames.Rect, radius int) error {
	b := blurrers.Get().(*Blurrer)
	defer blurrers.Put(b)
	return b.Blur(p, r, radius)
}

// Blur replaces every pixel of the part of r that lies inside the picture by the mean
// of the square around it, radius pixels to each side, as far as that lies in r too:
// nothing from outside shines in. What it costs does not depend on the radius. Every
// component counts as a picture of its own, alpha too, and chroma that pixels share
// has a radius as much smaller. A radius below 1 changes nothing. Errors: planes too
// short, unknown format.
func (b *Blurrer) Blur(p *frames.Picture, r frames.Rect, radius int) error {
	if err := Check(p); err != nil {
		return fmt.Errorf("blur: %w", err)
	}
	in, ok := clip(r, p.Width, p.Height)
	if !ok || radius < 1 {
		return nil
	}
	radius = min(radius, max(p.Width, p.Height))
	if !p.Format.IsYUV() {
		n := p.Format.PixelStride()
		for channel := range n {
			b.component(p, component{step: n, offset: channel}, in, radius)
		}
		return nil
	}
	for i, c := range yuvComponents[p.Format] {
		b.component(p, c, in, radius)
		if i == 0 && in.X+in.W == p.Width {
			for y := in.Y; y < in.Y+in.H; y++ {
				padLuma(c.row(p, y), c.step, p.Width)
			}
		}
	}
	return nil
}

// component blurs the samples of one component: the columns in reach of a row are
// added up, and moved down by the row that comes and the one that goes; so is the sum
// of those columns along the row.
func (b *Blurrer) component(p *frames.Picture, c component, r frames.Rect, radius int) {
	x0, x1, y0, y1 := covered(r, c.subX, c.subY)
	w, h := x1-x0, y1-y0
	across, down := min(max(radius>>c.subX, 1), w), min(max(radius>>c.subY, 1), h)
	rows := c.of(p)
	line := func(y int) []byte { return rows.row((y0 + y) << c.subY)[x0*c.step:] }
	kept := min(2*down+1, h) // rows that are still wanted as they were
	b.sums, b.lines = resize(b.sums, w), resize(b.lines, kept*w)
	clear(b.sums)
	load := func(y int) {
		was := b.lines[y%kept*w:][:w]
		copyRow(was, 1, line(y), c.step, w)
		for x, v := range was {
			b.sums[x] += uint32(v)
		}
	}
	for y := range min(down, h) {
		load(y)
	}
	for y := range h {
		if gone := y - down - 1; gone >= 0 {
			for x, v := range b.lines[gone%kept*w:][:w] {
				b.sums[x] -= uint32(v)
			}
		}
		if y+down < h {
			load(y + down)
		}
		count := min(y+down, h-1) - max(y-down, 0) + 1
		blurLine(line(y), c.step, b.sums, across, count)
	}
}

// blurLine writes the means of columns, across of them to each side, of so many rows.
func blurLine(dst []byte, step int, sums []uint32, across, rows int) {
	w := len(sums)
	var sum uint64
	for _, v := range sums[:min(across, w)] {
		sum += uint64(v)
	}
	var by divisor
	edge := func(x int) {
		if x+across < w {
			sum += uint64(sums[x+across])
		}
		if gone := x - across - 1; gone >= 0 {
			sum -= uint64(sums[gone])
		}
		if n := uint64(rows * (min(x+across, w-1) - max(x-across, 0) + 1)); n != by.n {
			by = divideBy(n)
		}
		dst[x*step] = by.mean(sum)
	}
	x := 0
	for ; x <= across && x < w; x++ {
		edge(x)
	}
	if inner := w - across; x < inner { // here as many columns come as go
		by = divideBy(uint64(rows * (2*across + 1)))
		come, gone := sums[x+across:w], sums[x-across-1:]
		for i, v := range come {
			sum += uint64(v) - uint64(gone[i])
			dst[(x+i)*step] = by.mean(sum)
		}
		x = inner
	}
	for ; x < w; x++ {
		edge(x)
	}
}

// divisor divides sums of n bytes by n: by a product, as division is slow.
type divisor struct {
	n, scale uint64
	shift    uint
}

// exactly is up to where n can have a reciprocal that is exact enough.
const exactly = 1 << 22

func divideBy(n uint64) divisor {
	shift := uint(63 - bits.Len64(256*n))
	return divisor{n, (1<<shift + n - 1) / n, shift}
}

func (d *divisor) mean(sum uint64) byte {
	sum += d.n / 2
	if d.n > exactly {
		return byte(sum / d.n)
	}
	return byte(sum * d.scale >> (d.shift & 63))
}
