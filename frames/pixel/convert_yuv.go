package pixel

import "github.com/eiengine/eiengine/frames"

// lines are rows of which others are put together: luma and pairs of chroma.
type lines struct {
	luma, pairs, below, mapped []byte
}

// grow makes room for w pixels.
func (l *lines) grow(w int) {
	w = (w + 1) &^ 1
	if len(l.luma) >= w {
		return
	}
	all := make([]byte, 4*w)
	l.luma, l.pairs, l.below, l.mapped = all[:w], all[w:2*w], all[2*w:3*w], all[3*w:]
}

// plane is one plane of a picture, as rows of n bytes.
type plane struct {
	data            []byte
	stride, n, rows int
}

func planeOf(p *frames.Picture, i int) plane {
	n, rows := p.Format.PlaneSize(i, p.Width, p.Height)
	return plane{p.Data[i], p.Stride[i], n, rows}
}

func (p *plane) row(y int) []byte { return p.data[y*p.stride:][:p.n:p.n] }

// asOneRow takes planes of as many rows as one row each, if none has gaps.
func asOneRow(all ...*plane) {
	for _, p := range all {
		if p.stride != p.n {
			return
		}
	}
	for _, p := range all {
		p.n, p.rows = p.n*p.rows, 1
	}
}

// copyPlanes copies a picture to another of its format and size.
func copyPlanes(dst, src *frames.Picture) {
	for i := range src.Format.Planes() {
		copyPlane(dst, i, src, i)
	}
}

// copyPlane copies a plane to another of its size.
func copyPlane(dst *frames.Picture, to int, src *frames.Picture, from int) {
	d, s := planeOf(dst, to), planeOf(src, from)
	asOneRow(&d, &s)
	for y := range s.rows {
		copyBytes(d.row(y), s.row(y))
	}
}

// copyBytes copies in pieces: a copy of megabytes goes past the caches, where the next
// element would find the picture.
func copyBytes(dst, src []byte) {
	const piece = 1 << 16
	for len(src) > piece {
		copy(dst[:piece], src)
		dst, src = dst[piece:], src[piece:]
	}
	copy(dst, src)
}

// fill sets all bytes of a row.
func fill(row []byte, v byte) {
	row[0] = v
	for n := 1; n < len(row); n *= 2 {
		copy(row[n:], row[:n])
	}
}

func (c *Converter) yuvToYUV(dst, src *frames.Picture, l *lines) {
	from, to := src.Format.Planes() == 1, dst.Format.Planes() == 1
	switch {
	case c.key.srcColor != c.key.dstColor:
		c.recolor(dst, src, l)
	case from && to:
		c.repack(dst, src)
	case from:
		c.unpack(dst, src)
	case to:
		c.pack(dst, src, l)
	default:
		copyPlane(dst, 0, src, 0)
		c.chromaPlanes(dst, src)
	}
}

// chromaPlanes takes chroma between planes of one component and planes of pairs.
func (c *Converter) chromaPlanes(dst, src *frames.Picture) {
	if src.Format.Planes() == 2 && dst.Format.Planes() == 2 {
		to, from := planeOf(dst, 1), planeOf(src, 1)
		asOneRow(&to, &from)
		for y := range from.rows {
			shuffleRow(to.row(y), from.row(y), &c.src.swap)
		}
		return
	}
	if src.Format.Planes() == 3 && dst.Format.Planes() == 3 {
		copyPlane(dst, 1, src, 2)
		copyPlane(dst, 2, src, 1)
		return
	}
	if src.Format.Planes() == 2 {
		pairs := planeOf(src, 1)
		first, second := chromaOf(dst, c.src.vFirst)
		asOneRow(&pairs, &first, &second)
		for y := range pairs.rows {
			splitRow(first.row(y), second.row(y), pairs.row(y), first.n)
		}
		return
	}
	pairs := planeOf(dst, 1)
	first, second := chromaOf(src, c.dst.vFirst)
	asOneRow(&pairs, &first, &second)
	for y := range pairs.rows {
		mergeRow(pairs.row(y), first.row(y), second.row(y), first.n)
	}
}

// repack goes from one packed format to another.
func (c *Converter) repack(dst, src *frames.Picture) {
	to, from := planeOf(dst, 0), planeOf(src, 0)
	for y := range from.rows {
		shuffleRow(to.row(y), from.row(y), &c.src.swap)
	}
}

// unpack goes from a packed format to planes.
func (c *Converter) unpack(dst, src *frames.Picture) {
	to, from := yuvRowsOf(dst, &c.dstYUV), packedRows(src)
	for y := 0; y < src.Height; y += 2 {
		next := min(y+1, src.Height-1)
		pair := yuvPair{to[0].row(y), to[0].row(next), to[1].row(y), to[2].row(y), 1, to[1].step}
		unpackRows(pair, from.row(y), from.row(next), &c.src, src.Width)
	}
}

// pack goes from planes to a packed format.
func (c *Converter) pack(dst, src *frames.Picture, l *lines) {
	l.grow(src.Width)
	to, from := packedRows(dst), yuvRowsOf(src, &c.srcYUV)
	var pairs []byte
	for y := range src.Height {
		s := from.at(y)
		if y%2 == 0 {
			pairs = c.pairsOf(s, l.pairs, src.Width)
			if c.src.swapped {
				shuffleRow(l.mapped[:len(pairs)], pairs, &c.src.swap)
				pairs = l.mapped
			}
		}
		packRow(to.row(y), s.y, pairs, c.dst.lumaFirst, src.Width)
	}
}

// pairsOf are the pairs of chroma of a row, in the order in which it has them, U first
// in planes. They lie in it or are put into room.
func (c *Converter) pairsOf(s yuvRow, room []byte, w int) []byte {
	n := (w + 1) / 2
	first, second := s.u, s.v
	if c.src.vFirst {
		first, second = second, first
	}
	switch s.cs {
	case 1:
		mergeRow(room, first, second, n)
	case 2:
		return first[:2*n]
	default:
		copyRow(room, 1, first, 2, 2*n)
	}
	return room[:2*n]
}

// packRow writes w pixels of luma and their pairs of chroma as they alternate in packed
// formats. An odd last pixel is repeated, so that no old bytes show behind it.
func packRow(dst, y, pairs []byte, lumaFirst bool, w int) {
	even := w &^ 1
	first, second := y, pairs
	if !lumaFirst {
		first, second = pairs, y
	}
	mergeRow(dst, first, second, even)
	if w == even {
		return
	}
	last := [4]byte{y[even], pairs[even], y[even], pairs[even+1]}
	if !lumaFirst {
		last = [4]byte{pairs[even], y[even], pairs[even+1], y[even]}
	}
	copy(dst[2*even:], last[:])
}

// recolor goes from one matrix or range to another, and may change the arrangement.
func (c *Converter) recolor(dst, src *frames.Picture, l *lines) {
	l.grow(src.Width)
	to, from := yuvRowsOf(dst, &c.dstYUV), yuvRowsOf(src, &c.srcYUV)
	packed := packedRows(dst)
	shared := from[1].subY | to[1].subY // rows of chroma belong to two of luma on some side
	for y := range src.Height {
		s := from.at(y)
		if y&int(shared) == 0 {
			below := s
			if to[1].subY > from[1].subY {
				below = from.at(min(y+1, src.Height-1))
			}
			c.recolorPairs(&to, y, s, below, l, src.Width)
		}
		if to[1].subY == 1 {
			c.lumaRow(to[0].row(y), s, src.Width)
			continue
		}
		c.lumaRow(l.luma, s, src.Width)
		packRow(packed.row(y), l.luma, l.mapped, c.dst.lumaFirst, src.Width)
	}
}

// recolorPairs brings the mean chroma of two rows to the destination's colours, and
// into its planes or, for packed formats, into l.mapped.
func (c *Converter) recolorPairs(to *yuvRows, y int, s, below yuvRow, l *lines, w int) {
	a := c.pairsOf(s, l.pairs, w)
	b := a
	if &s.u[0] != &below.u[0] {
		b = c.pairsOf(below, l.below, w)
	}
	u, v, n := to[1].row(y), to[2].row(y), (w+1)/2
	switch {
	case to[1].step == 1:
		mapPairsRow(l.mapped, a, b, n, &c.toYUV.pairs)
		splitRow(u, v, l.mapped, n)
	case to[1].step == 4:
		mapPairsRow(l.mapped, a, b, n, &c.toYUV.pairs)
	case c.dst.vFirst:
		mapPairsRow(v, a, b, n, &c.toYUV.pairs)
	default:
		mapPairsRow(u, a, b, n, &c.toYUV.pairs)
	}
}

// chromaOf are the planes of U and V, or of V and U.
func chromaOf(p *frames.Picture, vFirst bool) (first, second plane) {
	c := yuvComponents[p.Format]
	u, v := planeOf(p, c[1].plane), planeOf(p, c[2].plane)
	if vFirst {
		return v, u
	}
	return u, v
}
