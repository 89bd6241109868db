package pixel

import (
	"fmt"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Alpha fills dst, a GRAY8 picture, with the alpha of src, 255 where its format has
// none. Both have the same size. Errors: another format or size, planes too short.
func Alpha(dst, src *frames.Picture) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("alpha: %w", err)
	}
	if err := checkMask("alpha", dst); err != nil {
		return err
	}
	if dst.Width != src.Width || dst.Height != src.Height {
		return fmt.Errorf("alpha: source is %dx%d and destination %dx%d", src.Width, src.Height, dst.Width, dst.Height)
	}
	o := rgbOrders[src.Format]
	for y := range dst.Height {
		if !o.alpha {
			fillRow(dst.Row(0, y), 1, dst.Width, 255)
			continue
		}
		copyRow(dst.Row(0, y), 1, src.Row(0, y)[o.a:], o.size, dst.Width)
	}
	return nil
}

// Cover lays src on dst like [Blend] with Over, each pixel by its coverage: mask is a
// GRAY8 picture of src's size, 255 where src hides what is below. dst and src have the
// same format. Errors: formats or sizes that do not fit, planes too short.
func Cover(dst, src, mask *frames.Picture, x, y int, alpha float64) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("cover: %w", err)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("cover: %w", err)
	}
	if err := checkMask("cover", mask); err != nil {
		return err
	}
	if dst.Format != src.Format || mask.Width != src.Width || mask.Height != src.Height {
		return fmt.Errorf("cover: %v %dx%d with a mask of %dx%d does not fit onto %v",
			src.Format, src.Width, src.Height, mask.Width, mask.Height, dst.Format)
	}
	in, of, ok := Place(dst, x, y, src.Width, src.Height)
	if !ok {
		return nil
	}
	c := covers.Get().(*covering)
	defer covers.Put(c)
	c.src, c.mask, c.alpha = src.Crop(of), mask.Crop(of), uint32(min(max(alpha, 0), 1)*255)
	c.lay(dst, in)
	return nil
}

// BlendMask lays a colour on dst, by the coverage that mask, a GRAY8 picture with its
// top left corner at x, y, says for each pixel: 255 is all of it. A sample of chroma is
// covered as its pixels are on average. Errors: another format of the mask, planes too
// short.
func BlendMask(dst, mask *frames.Picture, x, y int, color Color) error {
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("blend: %w", err)
	}
	if err := checkMask("blend", mask); err != nil {
		return err
	}
	x, y = upTo(x, 1), upTo(y, 1)
	in, ok := clip(frames.Rect{X: x, Y: y, W: mask.Width, H: mask.Height}, dst.Width, dst.Height)
	if !ok || color.A == 0 {
		return nil
	}
	c := covers.Get().(*covering)
	defer covers.Put(c)
	c.mask, c.alpha = mask.Crop(frames.Rect{X: in.X - x, Y: in.Y - y, W: in.W, H: in.H}), uint32(color.A)
	color.A = 255
	c.setInk(dst, color, in.W+2)
	c.lay(dst, in)
	return nil
}

// Tint lays a colour on r: like [Fill], but what is there shows through as far as the
// colour's alpha lets it. Pictures that Check refuses are left alone.
func Tint(dst *frames.Picture, r frames.Rect, color Color) {
	if color.A == 255 {
		Fill(dst, r, color)
		return
	}
	in, ok := clip(r, dst.Width, dst.Height)
	if !ok || color.A == 0 || Check(dst) != nil {
		return
	}
	c := covers.Get().(*covering)
	defer covers.Put(c)
	c.full = resize(c.full, in.W)
	for i := range c.full {
		c.full[i] = 255
	}
	// One row, which is all of them.
	c.mask = frames.Picture{Format: frames.GRAY8, Width: in.W, Height: in.H}
	c.mask.Data[0] = c.full
	c.alpha = uint32(color.A)
	color.A = 255
	c.setInk(dst, color, in.W+2)
	c.lay(dst, in)
}

func checkMask(what string, mask *frames.Picture) error {
	if err := check("mask", mask); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if mask.Format != frames.GRAY8 {
		return fmt.Errorf("%s: the mask is %v, not GRAY8", what, mask.Format)
	}
	return nil
}

// covering lays something on a picture through a mask, and keeps its lines.
type covering struct {
	src   frames.Picture // what is laid, of the size of the mask; or one row of ink
	mask  frames.Picture
	alpha uint32 // of all of it

	full        []byte // coverage of the whole row
	top, bottom []byte // coverage of two rows that share chroma
	line        []byte // the same for each byte of a row
	room        []byte // pixels with alpha
	inks        []byte
}

var covers = sync.Pool{New: func() any { return new(covering) }}

// setInk has a colour laid: a picture of it, of one row that counts for all.
func (c *covering) setInk(dst *frames.Picture, color Color, w int) {
	v := frames.VideoInfo{Format: dst.Format, Width: w, Height: 1, Color: dst.Color.Resolve(dst.Format, dst.Height)}
	if dst.Format == frames.GRAY8 {
		v.Color = dst.Color
	}
	layout := v.DefaultLayout()
	c.inks = resize(c.inks, layout.Size)
	c.src = v.Picture(c.inks, layout)
	Fill(&c.src, frames.Rect{W: w, H: 1}, color)
	c.src.Stride = [frames.MaxPlanes]int{}
}

// lay does it, within the part in of dst, which the mask covers.
func (c *covering) lay(dst *frames.Picture, in frames.Rect) {
	columns, rows := dst.Format.Subsampling()
	at := frames.Rect{X: in.X &^ (columns - 1), Y: in.Y &^ (rows - 1)}
	at.W = min(upTo(in.X+in.W, columns), dst.Width) - at.X
	at.H = min(upTo(in.Y+in.H, rows), dst.Height) - at.Y
	d := dst.Crop(at)
	dx, dy := in.X-at.X, in.Y-at.Y
	for y := 0; y < d.Height; y += rows {
		c.top = c.coverage(c.top, y-dy, dx, d.Width)
		if rows == 2 && y+1 < d.Height {
			c.bottom = c.coverage(c.bottom, y+1-dy, dx, d.Width)
		}
		c.layRows(&d, y, rows, dx, dy)
	}
	*c = covering{full: c.full, top: c.top, bottom: c.bottom, line: c.line, room: c.room, inks: c.inks}
}

// coverage is a row of the mask, times alpha, as w pixels, of which the first dx and
// what is behind the mask are not covered.
func (c *covering) coverage(line []byte, y, dx, w int) []byte {
	line = resize(line, w)
	if y < 0 || y >= c.mask.Height {
		clear(line)
		return line
	}
	clear(line[:dx])
	row := c.mask.Data[0][y*c.mask.Stride[0]:][:c.mask.Width]
	n := copy(line[dx:], row)
	clear(line[dx+n:])
	if c.alpha != 255 {
		for i, v := range line[dx : dx+n] {
			line[dx+i] = uint8(uint32(v) * c.alpha / 255)
		}
	}
	return line
}

// layRows lays one row, or two that share chroma. The mask begins at dx, dy.
func (c *covering) layRows(d *frames.Picture, y, rows, dx, dy int) {
	switch o := rgbOrders[d.Format]; {
	case o.alpha:
		c.layPixels(d.Row(0, y), c.inkRow(0, y), o.a)
		return
	case o.size > 0:
		c.line = each(c.line, c.top, o.size)
		coverRow(d.Row(0, y), c.inkRow(0, y), c.line)
		return
	case d.Format == frames.GRAY8:
		coverRow(d.Row(0, y), c.inkRow(0, y), c.top)
		return
	case d.Format.Planes() == 1:
		c.line = pairs(c.line, c.top, yuvComponents[d.Format][0].offset)
		row := d.Row(0, y)
		coverRow(row, c.inkRow(0, y), c.line[:len(row)])
		return
	}
	// What is laid may end with half a sample of chroma.
	luma := dx + c.mask.Width
	if y >= dy {
		coverRow(d.Row(0, y)[:luma], c.inkRow(0, y), c.top)
	}
	below := c.top
	if y+1 < d.Height {
		below = c.bottom
	}
	if y+1 < dy+c.mask.Height {
		coverRow(d.Row(0, y+1)[:luma], c.inkRow(0, y+1), c.bottom)
	}
	for plane := 1; plane < d.Format.Planes(); plane++ {
		c.line = quarters(c.line, c.top, below, 4-d.Format.Planes())
		coverRow(d.Row(plane, y/rows), c.inkRow(plane, y/rows), c.line)
	}
}

// inkRow is a row of what is laid.
func (c *covering) inkRow(plane, y int) []byte {
	return c.src.Data[plane][y*c.src.Stride[plane]:]
}

// layPixels is for pixels that have an alpha.
func (c *covering) layPixels(dst, ink []byte, a int) {
	c.room = resize(c.room, len(dst))
	copy(c.room, ink)
	for x, m := range c.top {
		c.room[4*x+a] = part255(uint32(c.room[4*x+a]) * uint32(m))
	}
	overRow(dst, c.room, a, Over, 255)
}

// each repeats every byte n times.
func each(line, of []byte, n int) []byte {
	line = resize(line, n*len(of))
	for x, m := range of {
		for i := range n {
			line[n*x+i] = m
		}
	}
	return line
}

// pairs is the coverage of the bytes of a packed YUV format.
func pairs(line, of []byte, luma int) []byte {
	line = resize(line, (len(of)+1)/2*4)
	for x := 0; x < len(of); x += 2 {
		a, b := uint32(of[x]), uint32(of[min(x+1, len(of)-1)])
		mean := uint8((a + b + 1) / 2)
		quad := [4]byte{mean, mean, mean, mean}
		quad[luma], quad[luma+2] = uint8(a), uint8(b)
		*(*[4]byte)(line[2*x:]) = quad
	}
	return line
}

// quarters is the coverage of samples of chroma, n bytes each, that two by two pixels
// share.
func quarters(line, top, bottom []byte, n int) []byte {
	line = resize(line, n*((len(top)+1)/2))
	last := len(top) - 1
	for x := 0; x <= last; x += 2 {
		next := min(x+1, last)
		mean := uint8((uint32(top[x]) + uint32(top[next]) + uint32(bottom[x]) + uint32(bottom[next]) + 2) / 4)
		for i := range n {
			line[x/2*n+i] = mean
		}
	}
	return line
}
