package pixel

import (
	"fmt"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Method says how a picture is scaled.
type Method uint8

// The methods.
const (
	// Nearest takes the source pixel under the centre of each new pixel.
	Nearest Method = iota
	// Bilinear mixes the four source pixels around that centre. Below half the
	// size it skips pixels and aliases: use Area there.
	Bilinear
	// Area averages all that the new pixel covers, by the covered share: every
	// source pixel counts.
	Area
)

// String is "nearest", "bilinear" or "area".
func (m Method) String() string {
	switch m {
	case Nearest:
		return "nearest"
	case Bilinear:
		return "bilinear"
	case Area:
		return "area"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Scaler scales pictures and keeps the tables and line buffers of the last sizes.
// The zero value is ready; not safe for concurrent use.
type Scaler struct {
	// full size and subsampled components have tables of their own
	tables [2]axes
	lines  lineBuffers
}

// axes are the tables of both directions.
type axes struct{ x, y axis }

var scalers = sync.Pool{New: func() any { return new(Scaler) }}

// Scale fills dst with all of src, which has the same format and may have another
// size. The two must not overlap. Crop either picture to scale a part. It is
// [Scaler.Scale] on a recycled scaler, safe for concurrent use.
func Scale(dst, src *frames.Picture, m Method) error {
	s := scalers.Get().(*Scaler)
	defer scalers.Put(s)
	return s.Scale(dst, src, m)
}

// Scale fills dst with all of src, which has the same format and may have another
// size. The two must not overlap. Colorimetry is not looked at. Errors: formats
// differ, planes too short, unknown format or method.
func (s *Scaler) Scale(dst, src *frames.Picture, m Method) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("scale: %w", err)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("scale: %w", err)
	}
	if m > Area {
		return fmt.Errorf("scale: unknown method %v", m)
	}
	if dst.Format != src.Format {
		return fmt.Errorf("scale: source is %v and destination %v: convert first", src.Format, dst.Format)
	}
	if dst.Width == src.Width && dst.Height == src.Height {
		copyPlanes(dst, src)
		return nil
	}
	if dst.Format.IsYUV() {
		s.scaleYUV(dst, src, m)
		return nil
	}
	n := dst.Format.PixelStride()
	s.tables[0].prepare(m, src.Width, src.Height, dst.Width, dst.Height, n)
	s.scale(grid(dst, component{step: n}, n), grid(src, component{step: n}, n), &s.tables[0], m)
	return nil
}

// scaleYUV scales the components one by one, or the two of chroma at once where
// they are interleaved.
func (s *Scaler) scaleYUV(dst, src *frames.Picture, m Method) {
	for i, c := range yuvComponents[dst.Format] {
		channels := 1
		if i > 0 && c.step == 2 { // NV12, NV21
			if c.offset == 1 {
				continue
			}
			channels = 2
		}
		d, o := grid(dst, c, channels), grid(src, c, channels)
		t := &s.tables[min(i, 1)]
		t.prepare(m, o.w, o.h, d.w, d.h, c.step)
		s.scale(d, o, t, m)
		if i == 0 && c.step == 2 {
			for y := range d.h {
				padLuma(d.row(y), c.step, d.w)
			}
		}
	}
}

// samples is a grid of groups of neighbouring bytes: the pixels of a picture, or
// one component of it.
type samples struct {
	data           []byte
	stride, step   int
	channels, w, h int
}

// grid is the component of a picture as a grid, channels bytes to a sample.
func grid(p *frames.Picture, c component, channels int) samples {
	return samples{
		data: p.Data[c.plane][c.offset:], stride: p.Stride[c.plane], step: c.step, channels: channels,
		w: (p.Width + 1<<c.subX - 1) >> c.subX, h: (p.Height + 1<<c.subY - 1) >> c.subY,
	}
}

// row is row y, from its first to its last sample; with a step of 2 or 4 it may
// reach to the end of the row's last pair.
func (g *samples) row(y int) []byte {
	end := min(y*g.stride+g.w*g.step, len(g.data))
	if g.channels == 1 && g.step == 2 {
		end = min(y*g.stride+(g.w+1)/2*4, len(g.data))
	}
	return g.data[y*g.stride : end]
}

// scale does one grid.
func (s *Scaler) scale(dst, src samples, t *axes, m Method) {
	switch m {
	case Nearest:
		for y := range dst.h {
			nearestRow(dst.row(y), src.row(int(t.y.first[y])), &t.x, dst.step, dst.channels)
		}
	case Bilinear:
		s.bilinear(dst, src, t)
	case Area:
		s.area(dst, src, t)
	}
}

// bilinear mixes rows that were scaled horizontally; each is scaled once, since
// two new rows often need the same.
func (s *Scaler) bilinear(dst, src samples, t *axes) {
	n := dst.w * dst.channels
	a, b := s.lines.signed(n)
	have := [2]int{-1, -1}
	for y := range dst.h {
		i := int(t.y.first[y])
		j := min(i+1, src.h-1)
		if have[1] == i {
			a, b = b, a
			have[0], have[1] = have[1], have[0]
		}
		if have[0] != i {
			bilinearRow(a, src.row(i), &t.x, src.channels)
			have[0] = i
		}
		if have[1] != j {
			bilinearRow(b, src.row(j), &t.x, src.channels)
			have[1] = j
		}
		mixRows(dst.row(y), a, b, t.y.weight[y], dst.step, dst.channels)
	}
}

// area adds up rows that were scaled horizontally, by their share. A row on the
// border between two new rows counts for both.
func (s *Scaler) area(dst, src samples, t *axes) {
	n := dst.w * dst.channels
	line, sum := s.lines.unsigned(n)
	have := -1
	for y := range dst.h {
		clear(sum)
		first := int(t.y.first[y])
		for k, weight := range t.y.shares(y) {
			if have != first+k {
				have = first + k
				areaRow(line, src.row(have), &t.x, src.channels)
			}
			addRow(sum, line, weight)
		}
		storeRow(dst.row(y), sum, dst.step, dst.channels)
	}
}
