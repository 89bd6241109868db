package pixel

import "github.com/eiengine/eiengine/frames"

func (c *Converter) yuvToRGB(dst, src *frames.Picture) {
	yuv, rgb := yuvRowsOf(src, &c.srcYUV), packedRows(dst)
	for y := range src.Height {
		yuvToRGBRow(rgb.row(y), &c.dstOrder, yuv.at(y), src.Width, &c.toRGB)
	}
}

func (c *Converter) rgbToYUV(dst, src *frames.Picture) {
	w, h := src.Width, src.Height
	yuv, rgb := yuvRowsOf(dst, &c.dstYUV), packedRows(src)
	luma, u, v := &yuv[0], &yuv[1], &yuv[2]
	y := 0
	if u.subY == 1 {
		for ; y+1 < h; y += 2 {
			to := yuvPair{luma.row(y), luma.row(y + 1), u.row(y), v.row(y), luma.step, u.step}
			from := rgbPair{rgb.row(y), rgb.row(y + 1)}
			rgbToYUVRows(to, from, &c.srcOrder, w, &c.fromRGB)
		}
	}
	for ; y < h; y++ {
		line := rgb.row(y)
		rgbToLumaRow(luma.row(y), luma.step, line, &c.srcOrder, w, &c.fromRGB)
		padLuma(luma.row(y), luma.step, w)
		rgbToChromaRow(u.row(y), v.row(y), u.step, line, line, &c.srcOrder, w, &c.fromRGB)
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

func (c *Converter) grayToYUV(dst, src *frames.Picture) {
	yuv, gray := yuvRowsOf(dst, &c.dstYUV), packedRows(src)
	luma := &yuv[0]
	for y := range src.Height {
		levelsRow(luma.row(y), luma.step, gray.row(y), 1, src.Width, &c.levels)
		padLuma(luma.row(y), luma.step, src.Width)
		for i := range yuv[1:] {
			chroma := &yuv[1+i]
			fillRow(chroma.row(y), chroma.step, (src.Width+1)/2, 128)
		}
	}
}

func (c *Converter) yuvToGray(dst, src *frames.Picture) {
	yuv, gray := yuvRowsOf(src, &c.srcYUV), packedRows(dst)
	for y := range src.Height {
		c.lumaRow(gray.row(y), 1, yuv.at(y), src.Width)
	}
}

// lumaRow brings luma to the levels and the matrix of the destination.
func (c *Converter) lumaRow(dst []byte, step int, s yuvRow, w int) {
	if c.key.srcColor.Matrix != c.key.dstColor.Matrix {
		yuvToLumaRow(dst, step, s, w, &c.toYUV)
		return
	}
	if c.key.srcColor.Range != c.key.dstColor.Range {
		levelsRow(dst, step, s.y, s.ys, w, &c.levels)
		return
	}
	copyRow(dst, step, s.y, s.ys, w)
}

func (c *Converter) yuvToYUV(dst, src *frames.Picture) {
	sameColor := c.key.srcColor == c.key.dstColor
	to, from := yuvRowsOf(dst, &c.dstYUV), yuvRowsOf(src, &c.srcYUV)
	luma, u, v := &to[0], &to[1], &to[2]
	half := (src.Width + 1) / 2
	srcRows := 1 + int(from[1].subY) // luma rows to a row of chroma
	dstRows := 1 + int(u.subY)
	for y := range src.Height {
		s := from.at(y)
		c.lumaRow(luma.row(y), luma.step, s, src.Width)
		padLuma(luma.row(y), luma.step, src.Width)
		if y%dstRows != 0 {
			continue
		}
		below := s
		if dstRows > srcRows {
			below = from.at(min(y+1, src.Height-1))
		}
		if sameColor {
			chromaRow(u.row(y), v.row(y), u.step, s, below, half)
			continue
		}
		mapChromaRow(u.row(y), v.row(y), u.step, s, below, half, &c.toYUV)
	}
}
