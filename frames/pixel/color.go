package pixel

import (
	"math"

	"github.com/eiengine/eiengine/frames"
)

// Color is a colour in full-range RGB with alpha; 255 is opaque.
type Color struct{ R, G, B, A uint8 }

// Black is opaque black.
var Black = Color{A: 255}

// primaries are the weights of red and blue in luma (ITU-R BT.601, BT.709 and
// BT.2020, SMPTE 240M, and FCC Title 47 73.682).
func primaries(m frames.ColorMatrix) (kr, kb float64) {
	switch m {
	case frames.BT709:
		return 0.2126, 0.0722
	case frames.BT2020:
		return 0.2627, 0.0593
	case frames.SMPTE240M:
		return 0.212, 0.087
	case frames.FCC:
		return 0.30, 0.11
	}
	return 0.299, 0.114
}

// levels are the code of black and the distance from there to white, for luma or
// RGB, and the distance between the extremes of chroma.
func levels(r frames.ColorRange) (black, span, chroma float64) {
	if r == frames.LimitedRange {
		return 16, 219, 224
	}
	return 0, 255, 255
}

// Fixed point numbers have 16 fractional bits.
const (
	fixBits = 16
	fixOne  = 1 << fixBits
	fixHalf = fixOne / 2
)

func fix(v float64) int32 { return int32(math.Round(v * fixOne)) }

// toRGB are the coefficients from YUV to RGB. Terms have 6 fractional bits, so
// that all of it fits 16 bits, where vector kernels have most lanes:
//
//	R = (y*Y>>8 + y0 + (rv*(V-128) + 64)>>7) >> 6
//
// and so on. y0 includes rounding. A result is within 0.6 of the exact one.
type toRGB struct {
	y, y0          int32
	rv, gu, gv, bu int32

	lanes toRGBLanes
}

const (
	toRGBBits  = 6  // of terms
	lumaBits   = 14 // of the coefficient of luma
	chromaBits = 13 // of those of chroma, which may be more than 2
)

// scaled rounds a number to one with so many fractional bits.
func scaled(v float64, bits int) int32 { return int32(math.Round(v * float64(int(1)<<bits))) }

func newToRGB(yuv, rgb frames.Colorimetry) toRGB {
	kr, kb := primaries(yuv.Matrix)
	kg := 1 - kr - kb
	_, _, cSpan := levels(yuv.Range)
	_, span, _ := levels(rgb.Range)
	c := span / cSpan
	y, y0 := lumaToRGB(yuv.Range, rgb.Range)
	return toRGB{
		y: y, y0: y0,
		rv: scaled(2*(1-kr)*c, chromaBits),
		gu: scaled(-2*kb*(1-kb)/kg*c, chromaBits),
		gv: scaled(-2*kr*(1-kr)/kg*c, chromaBits),
		bu: scaled(2*(1-kb)*c, chromaBits),
	}
}

// lumaToRGB are factor and constant from luma of one range to RGB of another.
func lumaToRGB(yuv, rgb frames.ColorRange) (y, y0 int32) {
	yBlack, ySpan, _ := levels(yuv)
	black, span, _ := levels(rgb)
	// The shift of the product drops half a unit on average.
	y0 = int32(math.Round((black-yBlack*span/ySpan)*(1<<toRGBBits)+0.5)) + 1<<(toRGBBits-1)
	return scaled(span/ySpan, lumaBits), y0
}

// luma is the term of luma, the rest of the constants included.
func (m *toRGB) luma(y uint8) int32 { return m.y*int32(y)>>8 + m.y0 }

// chroma are the terms of chroma in R, G and B.
func (m *toRGB) chroma(u, v uint8) (r, g, b int32) {
	cu, cv := int32(u)-128, int32(v)-128
	return (m.rv*cv + 64) >> 7, (m.gu*cu+64)>>7 + (m.gv*cv+64)>>7, (m.bu*cu + 64) >> 7
}

// clamp6 takes a sum of such terms to a byte.
func clamp6(v int32) uint8 { return uint8(min(max(v>>toRGBBits, 0), 255)) }

// fromRGB are the coefficients from RGB to luma and chroma, for 16 bits as well:
//
//	Y = (yr*R>>8 + yg*G>>8 + yb*B>>8 + y0) >> 8
//	U = ((ur*R + 512)>>10 + (ug*G + 512)>>10 + (ub*B + 512)>>10 + u0) >> 6
//
// where the R, G and B of U, and those of V, are sums of four pixels. The constants
// include rounding. The coefficients of chroma add up to zero, and those of luma to
// the ratio of the ranges, so gray stays exactly gray.
type fromRGB struct {
	yr, yg, yb, y0 int32
	ur, ug, ub     int32
	vr, vg, vb     int32

	lanes fromRGBLanes
}

const (
	chromaFromBits = 14                // of the coefficients of chroma
	chromaMapBits  = 14                // of those from chroma to chroma, which are less than 2
	chromaZero     = 128<<6 + 1<<(6-1) // where chroma has 6 fractional bits
)

func newFromRGB(rgb, yuv frames.Colorimetry) fromRGB {
	kr, kb := primaries(yuv.Matrix)
	yBlack, ySpan, cSpan := levels(yuv.Range)
	black, span, _ := levels(rgb.Range)
	y, c := ySpan/span, cSpan/span
	m := fromRGB{yr: fix(kr * y), yb: fix(kb * y)}
	m.yg = fix(y) - m.yr - m.yb
	// Three shifts drop 1.5 units on average; with 1 white cannot overflow 16 bits.
	m.y0 = int32(math.Round((yBlack-black*y)*256)) + 128 + 1
	m.ub, m.ur = scaled(c/2, chromaFromBits), scaled(-kr/(2*(1-kb))*c, chromaFromBits)
	m.ug = -m.ub - m.ur
	m.vr, m.vb = scaled(c/2, chromaFromBits), scaled(-kb/(2*(1-kr))*c, chromaFromBits)
	m.vg = -m.vr - m.vb
	return m
}

// luma is that of one pixel.
func (m *fromRGB) luma(r, g, b uint8) uint8 {
	v := m.yr*int32(r)>>8 + m.yg*int32(g)>>8 + m.yb*int32(b)>>8 + m.y0
	return uint8(min(max(v>>8, 0), 255))
}

// chroma is that of sums of four pixels.
func (m *fromRGB) chroma(r, g, b int32) (u, v uint8) {
	return clamp6((m.ur*r+512)>>10 + (m.ug*g+512)>>10 + (m.ub*b+512)>>10 + chromaZero),
		clamp6((m.vr*r+512)>>10 + (m.vg*g+512)>>10 + (m.vb*b+512)>>10 + chromaZero)
}

// toYUV are the coefficients from one kind of YUV to another. Luma has a share
// of chroma when the matrices differ: it is computed as green is. Chroma never has one
// of luma, because gray is gray in both.
type toYUV struct {
	luma  toRGB
	pairs pairsMap
}

// pairsMap are the coefficients of pairs of chroma, in the order of memory.
type pairsMap struct {
	first, second chromaMap

	lanes pairsLanes
}

// chromaMap are the coefficients of one component of chroma, with 14 fractional bits:
//
//	U = ((fromFirst*64*first + 1<<14)>>15 + (fromSecond*64*second + 1<<14)>>15 + chromaZero) >> 6
//
// where first and second are sums of two samples, less 256.
type chromaMap struct{ fromFirst, fromSecond int32 }

func (m *chromaMap) of(first, second int32) uint8 {
	const half = 1 << 14
	return clamp6((m.fromFirst*64*first+half)>>15 + (m.fromSecond*64*second+half)>>15 + chromaZero)
}

// newToYUV computes them; the flags say of which side V precedes U in memory.
func newToYUV(from, to frames.Colorimetry, fromVFirst, toVFirst bool) toYUV {
	kr, kb := primaries(from.Matrix)
	kg := 1 - kr - kb
	kr2, kb2 := primaries(to.Matrix)
	kg2 := 1 - kr2 - kb2
	_, _, fromC := levels(from.Range)
	_, toSpan, toC := levels(to.Range)

	// RGB is y + au*U + av*V, with these au and av for each channel.
	ru, gu, bu := 0.0, -2*kb*(1-kb)/kg, 2*(1-kb)
	rv, gv, bv := 2*(1-kr), -2*kr*(1-kr)/kg, 0.0
	lu := kr2*ru + kg2*gu + kb2*bu
	lv := kr2*rv + kg2*gv + kb2*bv

	m := toYUV{luma: toRGB{gu: scaled(lu*toSpan/fromC, chromaBits), gv: scaled(lv*toSpan/fromC, chromaBits)}}
	m.luma.y, m.luma.y0 = lumaToRGB(from.Range, to.Range)
	c := toC / fromC
	u := chromaMap{scaled((bu-lu)/(2*(1-kb2))*c, chromaMapBits), scaled((bv-lv)/(2*(1-kb2))*c, chromaMapBits)}
	v := chromaMap{scaled((ru-lu)/(2*(1-kr2))*c, chromaMapBits), scaled((rv-lv)/(2*(1-kr2))*c, chromaMapBits)}
	if fromVFirst {
		u.fromFirst, u.fromSecond, v.fromFirst, v.fromSecond = u.fromSecond, u.fromFirst, v.fromSecond, v.fromFirst
	}
	m.pairs.first, m.pairs.second = u, v
	if toVFirst {
		m.pairs.first, m.pairs.second = v, u
	}
	return m
}

// levelTable maps codes of one range to another, for luma, gray and RGB, with the
// arithmetic of luma in toRGB.
func levelTable(t *[256]uint8, from, to frames.ColorRange) {
	m := toRGB{}
	m.y, m.y0 = lumaToRGB(from, to)
	for i := range t {
		t[i] = clamp6(m.luma(uint8(i)))
	}
}
