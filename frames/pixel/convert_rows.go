package pixel

import "github.com/eiengine/eiengine/frames"

func (c *Converter) yuvToRGB(dst, src *frames.Picture) {
	yuv, rgb := yuvRowsOf(src, &c.srcYUV), packedRows(dst)
	for y := range src.Height {
		yuvToRGBRow(rgb.row(y), &c.dstOrder, yuv.at(y), src.Width, &c.toRGB)
	}
}

func (c *Converter) rgbToYUV(dst, src *frames.Picture, l *lines) {
	w, h := src.Width, src.Height
	yuv, rgb := yuvRowsOf(dst, &c.dstYUV), packedRows(src)
	luma, u, v := &yuv[0], &yuv[1], &yuv[2]
	if u.subY == 0 {
		c.rgbToPacked(dst, src, l)
		return
	}
	y := 0
	for ; y+1 < h; y += 2 {
		to := yuvPair{luma.row(y), luma.row(y + 1), u.row(y), v.row(y), luma.step, u.step}
		from := rgbPair{rgb.row(y), rgb.row(y + 1)}
		rgbToYUVRows(to, from, &c.srcOrder, w, &c.fromRGB)
	}
	if y < h {
		line := rgb.row(y)
		rgbToLumaRow(luma.row(y), luma.step, line, &c.srcOrder, w, &c.fromRGB)
		rgbToChromaRow(u.row(y), v.row(y), u.step, line, line, &c.srcOrder, w, &c.fromRGB)
	}
}

// rgbToPacked computes luma and pairs of chroma and packs them.
func (c *Converter) rgbToPacked(dst, src *frames.Picture, l *lines) {
	to, from := packedRows(dst), packedRows(src)
	l.grow(src.Width)
	u, v := l.pairs, l.pairs[1:]
	if c.dst.vFirst {
		u, v = v, u
	}
	for y := range src.Height {
		line := from.row(y)
		rgbToLumaRow(l.luma, 1, line, &c.srcOrder, src.Width, &c.fromRGB)
		rgbToChromaRow(u, v, 2, line, line, &c.srcOrder, src.Width, &c.fromRGB)
		packRow(to.row(y), l.luma, l.pairs, c.dst.lumaFirst, src.Width)
	}
}

// padLuma repeats the last luma sample in the unused half of the last pair of
// the packed formats, so that no old bytes show there.
func padLuma(y []byte, step, w int) {
	if step == 2 && w&1 == 1 {
		y[2*w] = y[2*w-2]
	}
}

func (c *Converter) rgbToRGB(dst, src *frames.Picture) {
	sameLevels := c.key.srcColor.Range == c.key.dstColor.Range
	to, from := packedRows(dst), packedRows(src)
	for y := range src.Height {
		if sameLevels {
			rgbToRGBRow(to.row(y), &c.dstOrder, from.row(y), &c.srcOrder, src.Width, &c.moves)
			continue
		}
		rgbLevelsRow(to.row(y), &c.dstOrder, from.row(y), &c.srcOrder, src.Width, &c.levels.table)
	}
}

func (c *Converter) rgbToGray(dst, src *frames.Picture) {
	gray, rgb := packedRows(dst), packedRows(src)
	for y := range src.Height {
		rgbToLumaRow(gray.row(y), 1, rgb.row(y), &c.srcOrder, src.Width, &c.fromRGB)
	}
}

func (c *Converter) grayToRGB(dst, src *frames.Picture) {
	rgb, gray := packedRows(dst), packedRows(src)
	for y := range src.Height {
		grayToRGBRow(rgb.row(y), &c.dstOrder, gray.row(y), src.Width, &c.levels)
	}
}

func (c *Converter) grayToGray(dst, src *frames.Picture) {
	to, from := packedRows(dst), packedRows(src)
	for y := range src.Height {
		levelsRow(to.row(y), 1, from.row(y), 1, src.Width, &c.levels)
	}
}

func (c *Converter) grayToYUV(dst, src *frames.Picture, l *lines) {
	yuv, gray := yuvRowsOf(dst, &c.dstYUV), packedRows(src)
	if yuv[1].subY == 0 {
		c.grayToPacked(dst, src, l)
		return
	}
	for y := range src.Height {
		levelsRow(yuv[0].row(y), 1, gray.row(y), 1, src.Width, &c.levels)
	}
	for i := 1; i < dst.Format.Planes(); i++ {
		chroma := planeOf(dst, i)
		for y := range chroma.rows {
			fill(chroma.row(y), 128)
		}
	}
}

// grayToPacked packs gray with chroma of none.
func (c *Converter) grayToPacked(dst, src *frames.Picture, l *lines) {
	to, gray := packedRows(dst), packedRows(src)
	l.grow(src.Width)
	fill(l.pairs, 128)
	for y := range src.Height {
		levelsRow(l.luma, 1, gray.row(y), 1, src.Width, &c.levels)
		packRow(to.row(y), l.luma, l.pairs, c.dst.lumaFirst, src.Width)
	}
}

func (c *Converter) yuvToGray(dst, src *frames.Picture) {
	yuv, gray := yuvRowsOf(src, &c.srcYUV), packedRows(dst)
	for y := range src.Height {
		c.lumaRow(gray.row(y), yuv.at(y), src.Width)
	}
}

// lumaRow brings luma to the levels and the matrix of the destination.
func (c *Converter) lumaRow(dst []byte, s yuvRow, w int) {
	switch {
	case c.key.srcColor.Matrix != c.key.dstColor.Matrix:
		yuvToLumaRow(dst, s, w, &c.toYUV.luma)
	case c.key.srcColor.Range != c.key.dstColor.Range:
		levelsRow(dst, 1, s.y, s.ys, w, &c.levels)
	default:
		copyRow(dst, 1, s.y, s.ys, w)
	}
}
