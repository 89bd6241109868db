package pixel

import (
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Fit says how a picture of srcW x srcH becomes a model's input of dstW x dstH:
// which part of the source is taken, and where in the destination it goes, scaled
// to that size; the destination around place is black. All sizes are at least 1.
//
//   - squash (also none and unset): all of it, into all of it, each axis on its own.
//   - fit-shortest: the largest centred part of the destination's shape.
//   - fit-longest: all of it, into the largest centred place of the source's shape.
//
// Sizes are rounded to the nearest pixel and offsets down. Every size must be
// positive; the crop may be odd, which subsampled formats cannot cut exactly.
func Fit(srcW, srcH, dstW, dstH int, mode backend.ResizeMode) (crop, place frames.Rect) {
	crop, place = frames.Rect{W: srcW, H: srcH}, frames.Rect{W: dstW, H: dstH}
	switch mode {
	case backend.ResizeFitShortest:
		crop.W, crop.H = inscribe(srcW, srcH, dstW, dstH)
		crop.X, crop.Y = (srcW-crop.W)/2, (srcH-crop.H)/2
	case backend.ResizeFitLongest:
		place.W, place.H = inscribe(dstW, dstH, srcW, srcH)
		place.X, place.Y = (dstW-place.W)/2, (dstH-place.H)/2
	}
	return crop, place
}

// inscribe is the largest size within w x h that has the shape shapeW : shapeH.
func inscribe(w, h, shapeW, shapeH int) (int, int) {
	if w*shapeH > h*shapeW {
		return clampSize(roundDiv(h*shapeW, shapeH), w), h
	}
	return w, clampSize(roundDiv(w*shapeH, shapeW), h)
}

func roundDiv(a, b int) int { return (a + b/2) / b }

func clampSize(v, limit int) int { return min(max(v, 1), limit) }
