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

// clamp takes a fixed point number, already rounded, to a byte. It compiles to
// conditional moves: saturated colours are too common to guess a branch.
func clamp(v int32) uint8 {
	return uint8(min(max(v>>fixBits, 0), 255))
}

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
// of chroma when the matrices differ; chroma never has one of luma, because gray
// is gray in both.
type toYUV struct {
	yy, yu, yv, y0 int32
	uu, uv, u0     int32
	vu, vv, v0     int32
}

func newToYUV(from, to frames.Colorimetry) toYUV {
	kr, kb := primaries(from.Matrix)
	kg := 1 - kr - kb
	kr2, kb2 := primaries(to.Matrix)
	kg2 := 1 - kr2 - kb2
	fromBlack, fromSpan, fromC := levels(from.Range)
	toBlack, toSpan, toC := levels(to.Range)

	// RGB is y + au*U + av*V, with these au and av for each channel.
	ru, gu, bu := 0.0, -2*kb*(1-kb)/kg, 2*(1-kb)
	rv, gv, bv := 2*(1-kr), -2*kr*(1-kr)/kg, 0.0
	lu := kr2*ru + kg2*gu + kb2*bu
	lv := kr2*rv + kg2*gv + kb2*bv

	y, c := toSpan/fromSpan, toC/fromC
	m := toYUV{
		yy: fix(y), yu: fix(lu * toSpan / fromC), yv: fix(lv * toSpan / fromC),
		uu: fix((bu - lu) / (2 * (1 - kb2)) * c), uv: fix((bv - lv) / (2 * (1 - kb2)) * c),
		vu: fix((ru - lu) / (2 * (1 - kr2)) * c), vv: fix((rv - lv) / (2 * (1 - kr2)) * c),
	}
	m.y0 = fix(toBlack-fromBlack*y) + fixHalf - 128*(m.yu+m.yv)
	m.u0 = fix(128) + fixHalf - 128*(m.uu+m.uv)
	m.v0 = fix(128) + fixHalf - 128*(m.vu+m.vv)
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
