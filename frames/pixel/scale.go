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
	strips []strip
	rows   [2]rowMap     // of the first plane, and of those of chroma
	lines  []lineBuffers // of each goroutine
	crew   crew

	// of the plane that is being scaled
	row *rowMap
	way way
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
	components := yuvComponents[dst.Format]
	if dst.Format.IsYUV() {
		s.scalePlanes(dst, src, components[:], m)
		return nil
	}
	s.scalePlanes(dst, src, []component{{step: dst.Format.PixelStride()}}, m)
	return nil
}

// scalePlanes scales the components plane by plane.
func (s *Scaler) scalePlanes(dst, src *frames.Picture, components []component, m Method) {
	for begin := 0; begin < len(components); {
		end := begin + 1
		for end < len(components) && components[end].plane == components[begin].plane {
			end++
		}
		s.scalePlane(dst, src, components[begin:end], m)
		begin = end
	}
}

// scalePlane scales the components that lie in one plane.
func (s *Scaler) scalePlane(dst, src *frames.Picture, components []component, m Method) {
	s.prepare(dst, src, components, m)
	s.row = &s.rows[min(components[0].plane, 1)]
	s.way = wayOf(s.strips, s.row, m)
	s.scale()
	clear(s.strips)
}

// prepare makes a strip of each component, and its tables.
func (s *Scaler) prepare(dst, src *frames.Picture, components []component, m Method) {
	s.strips = s.strips[:0]
	for _, c := range components {
		channels := 1
		if !dst.Format.IsYUV() {
			channels = c.step
		}
		d, o := grid(dst, c, channels), grid(src, c, channels)
		t := &s.tables[c.subX]
		t.prepare(s.key(m, channels), o.w, o.h, d.w, d.h, c.step)
		s.strips = append(s.strips, strip{dst: d, src: o, x: &t.x, y: &t.y})
	}
}

// strip is a component on its way from one grid of samples to another. Those that
// are scaled together share their rows.
type strip struct {
	dst, src samples
	x, y     *axis
}

// samples is a grid of groups of neighbouring bytes: the pixels of a picture, or
// one component of it.
type samples struct {
	plane                  []byte
	stride, rowBytes       int
	offset, step, channels int
	w, h                   int
}

// grid is the component of a picture as a grid, channels bytes to a sample.
func grid(p *frames.Picture, c component, channels int) samples {
	rowBytes, _ := p.Format.PlaneSize(c.plane, p.Width, p.Height)
	return samples{
		plane: p.Data[c.plane], stride: p.Stride[c.plane], rowBytes: rowBytes,
		offset: c.offset, step: c.step, channels: channels,
		w: (p.Width + 1<<c.subX - 1) >> c.subX, h: (p.Height + 1<<c.subY - 1) >> c.subY,
	}
}

// row is row y from its first sample on.
func (g *samples) row(y int) []byte {
	return g.plane[y*g.stride+g.offset : y*g.stride+g.rowBytes]
}

// key is what the tables depend on apart from sizes.
func (s *Scaler) key(m Method, channels int) axisKey {
	k := axisKey{method: m, channels: channels}
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

// scale does the strips, their rows shared among goroutines if they are large.
func (s *Scaler) scale() {
	dst, src := s.strips[0].dst, s.strips[0].src
	width := dst.rowBytes
	if s.way == wayWeigh { // which reads all of the source
		width = max(width, src.rowBytes*src.h/dst.h)
	}
	n := threadsFor(s.Threads, width, dst.h)
	for len(s.lines) < n {
		s.lines = append(s.lines, lineBuffers{})
	}
	if n == 1 {
		s.part(0, 0, 1)
		return
	}
	s.crew.do(s, n)
}

// part implements parts.
func (s *Scaler) part(goroutine, i, n int) {
	h := s.strips[0].dst.h
	scaleRows(s.strips, s.row, s.way, &s.lines[goroutine], i*h/n, (i+1)*h/n)
}

// way is how the rows of a plane are made; all give the same bytes.
type way uint8

const (
	wayWeigh      way = iota // add up rows, weigh the samples of each component
	wayNearest               // fetch the samples of each component
	wayNearestRow            // fetch all bytes of a row at once
	wayPicked                // fetch two samples for each byte from two rows, weigh them
	wayLine                  // add up rows, weigh two samples for each byte
)

// wayOf chooses the fastest way here, and makes the map of a row if it needs one.
func wayOf(strips []strip, rows *rowMap, m Method) way {
	t, across := &strips[0], 0
	for i := range strips {
		across = max(across, strips[i].x.longest)
	}
	if across > 2 {
		return wayWeigh
	}
	if max(across, t.y.longest) <= 1 { // Nearest, and what is enlarged by whole numbers
		rows.prepare(strips, 1)
		switch {
		case rows.windows.steps > 0:
			return wayNearestRow
		case m == Nearest:
			return wayNearest
		}
		return wayWeigh
	}
	rows.prepare(strips, 2)
	fewer := 2*t.src.rowBytes >= 3*t.dst.rowBytes // samples than the rows have
	switch {
	case t.y.longest <= 2 && fewer:
		return wayPicked
	case rows.lines.steps > 0:
		return wayLine
	}
	return wayWeigh
}

// scaleRows makes the rows from begin to before end.
func scaleRows(strips []strip, rows *rowMap, w way, lines *lineBuffers, begin, end int) {
	switch w {
	case wayNearestRow:
		rows.nearestRows(&strips[0], begin, end)
	case wayPicked:
		rows.pickedRows(&strips[0], begin, end)
	case wayLine:
		rows.lineRows(&strips[0], lines, begin, end)
	case wayNearest:
		nearestRows(strips, begin, end)
	default:
		weighRows(strips, lines, begin, end)
	}
}

// nearestRows fetches the samples of one component after the other.
func nearestRows(strips []strip, begin, end int) {
	for i := range strips {
		t := &strips[i]
		for y := begin; y < end; y++ {
			nearestRow(t.dst.row(y), t.src.row(int(t.y.first[y])), t.x, t.dst.step, t.dst.channels)
		}
	}
	padRows(strips, begin, end)
}

// padRows fills the luma that the packed formats have too much of in odd widths.
func padRows(strips []strip, begin, end int) {
	if len(strips) < 3 {
		return
	}
	luma := &strips[0].dst
	for y := begin; y < end; y++ {
		padLuma(luma.row(y), luma.step, luma.w)
	}
}

// weighRows adds up the rows of the source that a new row covers, as they lie there,
// by their taps, and then the samples of that line. The rows go first because they
// can be read in order, whatever the format.
func weighRows(strips []strip, lines *lineBuffers, begin, end int) {
	src, axisY := strips[0].src, strips[0].y
	lines.reserve(strips, src.rowBytes)
	for y := begin; y < end; y++ {
		sumRows(lines.line[:src.rowBytes], src.plane[int(axisY.first[y])*src.stride:], src.stride, axisY.taps(y))
		for i := range strips {
			t := &strips[i]
			row := t.dst.row(y)
			weighRow(lines.out, lines.line[t.src.offset:], t.x)
			copyRow(row, t.dst.step/t.dst.channels, lines.out, 1, t.dst.w*t.dst.channels)
		}
	}
	padRows(strips, begin, end)
}
