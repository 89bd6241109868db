package pixel

import "github.com/eiengine/eiengine/frames"

func (c *Converter) yuvToRGB(dst, src *frames.Picture) {
	for y := range src.Height {
		yuvToRGBRow(dst.Row(0, y), &c.dstOrder, yuvRowAt(src, &c.srcYUV, y), src.Width, &c.toRGB)
	}
}

func (c *Converter) rgbToYUV(dst, src *frames.Picture) {
	w, h := src.Width, src.Height
	luma, u, v := c.dstYUV[0], c.dstYUV[1], c.dstYUV[2]
	for y := range h {
		rgb := src.Row(0, y)
		rgbToLumaRow(luma.row(dst, y), luma.step, rgb, &c.srcOrder, w, &c.fromRGB)
		padLuma(luma.row(dst, y), luma.step, w)
		if u.subY == 0 {
			rgbToChromaRow(u.row(dst, y), v.row(dst, y), u.step, rgb, rgb, &c.srcOrder, w, &c.fromRGB)
			continue
		}
		if y&1 == 0 {
			below := src.Row(0, min(y+1, h-1))
			rgbToChromaRow(u.row(dst, y), v.row(dst, y), u.step, rgb, below, &c.srcOrder, w, &c.fromRGB)
		}
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
	for y := range src.Height {
		if sameLevels {
			rgbToRGBRow(dst.Row(0, y), &c.dstOrder, src.Row(0, y), &c.srcOrder, src.Width, &c.moves)
			continue
		}
		rgbLevelsRow(dst.Row(0, y), &c.dstOrder, src.Row(0, y), &c.srcOrder, src.Width, &c.levels.table)
	}
}

func (c *Converter) rgbToGray(dst, src *frames.Picture) {
	for y := range src.Height {
		rgbToLumaRow(dst.Row(0, y), 1, src.Row(0, y), &c.srcOrder, src.Width, &c.fromRGB)
	}
}

func (c *Converter) grayToRGB(dst, src *frames.Picture) {
	for y := range src.Height {
		grayToRGBRow(dst.Row(0, y), &c.dstOrder, src.Row(0, y), src.Width, &c.levels)
	}
}

func (c *Converter) grayToGray(dst, src *frames.Picture) {
	for y := range src.Height {
		levelsRow(dst.Row(0, y), 1, src.Row(0, y), 1, src.Width, &c.levels)
	}
}

func (c *Converter) grayToYUV(dst, src *frames.Picture) {
	luma := c.dstYUV[0]
	for y := range src.Height {
		levelsRow(luma.row(dst, y), luma.step, src.Row(0, y), 1, src.Width, &c.levels)
		padLuma(luma.row(dst, y), luma.step, src.Width)
		for _, chroma := range c.dstYUV[1:] {
			fillRow(chroma.row(dst, y), chroma.step, (src.Width+1)/2, 128)
		}
	}
}

func (c *Converter) yuvToGray(dst, src *frames.Picture) {
	for y := range src.Height {
		c.lumaRow(dst.Row(0, y), 1, yuvRowAt(src, &c.srcYUV, y), src.Width)
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
	luma, u, v := c.dstYUV[0], c.dstYUV[1], c.dstYUV[2]
	half := (src.Width + 1) / 2
	srcRows := 1 + c.srcYUV[1].subY // luma rows to a row of chroma
	dstRows := 1 + u.subY
	for y := range src.Height {
		s := yuvRowAt(src, &c.srcYUV, y)
		c.lumaRow(luma.row(dst, y), luma.step, s, src.Width)
		padLuma(luma.row(dst, y), luma.step, src.Width)
		if y%dstRows != 0 {
			continue
		}
		below := s
		if dstRows > srcRows {
			below = yuvRowAt(src, &c.srcYUV, min(y+1, src.Height-1))
		}
		if sameColor {
			chromaRow(u.row(dst, y), v.row(dst, y), u.step, s, below, half)
			continue
		}
		mapChromaRow(u.row(dst, y), v.row(dst, y), u.step, s, below, half, &c.toYUV)
	}
}
