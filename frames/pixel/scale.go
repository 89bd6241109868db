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
	// Linear weights by distance, over as many pixels as the new one is large.
	Linear
	// Lanczos is a sinc under the main lobe of a wider one: sharp, slow.
	Lanczos
	// Sinc is a sinc that ends where the envelope does.
	Sinc
	// Sinc4 is Sinc over four pixels at most.
	Sinc4
	// Hermite, Spline, CatmullRom and Mitchell are cubics, from soft to sharp:
	// Spline, Mitchell, Hermite, CatmullRom.
	Hermite
	Spline
	CatmullRom
	Mitchell
	methods
)

var methodNames = [methods]string{
	"nearest", "bilinear", "area", "linear", "lanczos", "sinc", "sinc4", "hermite", "spline", "catmull-rom", "mitchell",
}

// String is the name in small letters, such as "bilinear".
func (m Method) String() string {
	if m < methods {
		return methodNames[m]
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Scaler scales pictures and keeps the tables and line buffers of the last sizes.
// The zero value is ready; not safe for concurrent use.
type Scaler struct {
	// Envelope is how many pixels to each side the filters of Lanczos and Sinc
	// reach, 1 to 5; 2 if 0.
	Envelope float64
	// Sharpness above 1 narrows the filters from Linear on, below 1 widens them,
	// 0.5 to 1.5; 1 if 0.
	Sharpness float64
	// Threads is how many goroutines may share the rows of a large picture; all
	// have ended when Scale returns. 0 and 1 stand for none but the caller's.
	Threads int

	// full size and subsampled components have tables of their own
	tables [2]axes
	lines  []lineBuffers // of each goroutine
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
	if m >= methods {
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
	s.tables[0].prepare(s.key(m), src.Width, src.Height, dst.Width, dst.Height, n)
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
		t.prepare(s.key(m), o.w, o.h, d.w, d.h, c.step)
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

// key is what the tables depend on apart from sizes.
func (s *Scaler) key(m Method) axisKey {
	k := axisKey{method: m}
	if m >= Linear {
		k.envelope, k.sharpness = s.Envelope, s.Sharpness
		if k.envelope <= 0 {
			k.envelope = 2
		}
		if k.sharpness <= 0 {
			k.sharpness = 1
		}
	}
	return k
}

// scale does one grid, its rows shared among goroutines if it is large.
func (s *Scaler) scale(dst, src samples, t *axes, m Method) {
	n := threadsFor(s.Threads, dst.w*dst.channels, dst.h)
	for len(s.lines) < n {
		s.lines = append(s.lines, lineBuffers{})
	}
	if n == 1 {
		scaleRows(dst, src, t, m, &s.lines[0], 0, dst.h)
		return
	}
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { scaleRows(dst, src, t, m, &s.lines[i], i*dst.h/n, (i+1)*dst.h/n) })
	}
	all.Wait()
}

// scaleRows makes the rows from begin to before end.
func scaleRows(dst, src samples, t *axes, m Method, lines *lineBuffers, begin, end int) {
	switch m {
	case Nearest:
		for y := begin; y < end; y++ {
			nearestRow(dst.row(y), src.row(int(t.y.first[y])), &t.x, dst.step, dst.channels)
		}
	case Bilinear:
		bilinear(dst, src, t, lines, begin, end)
	case Area:
		area(dst, src, t, lines, begin, end)
	default:
		filtered(dst, src, t, lines, begin, end)
	}
}

// bilinear mixes rows that were scaled horizontally; each is scaled once, since
// two new rows often need the same.
func bilinear(dst, src samples, t *axes, lines *lineBuffers, begin, end int) {
	n := dst.w * dst.channels
	a, b := lines.signed(n)
	have := [2]int{-1, -1}
	for y := begin; y < end; y++ {
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
func area(dst, src samples, t *axes, lines *lineBuffers, begin, end int) {
	n := dst.w * dst.channels
	line, sum := lines.unsigned(n)
	have := -1
	for y := begin; y < end; y++ {
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
