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

// toRGB are the coefficients from YUV to RGB: R = y*Y + rv*V + r0 and so on.
// The constants include rounding.
type toRGB struct {
	y, rv, gu, gv, bu, r0, g0, b0 int32
}

func newToRGB(yuv, rgb frames.Colorimetry) toRGB {
	kr, kb := primaries(yuv.Matrix)
	kg := 1 - kr - kb
	yBlack, ySpan, cSpan := levels(yuv.Range)
	black, span, _ := levels(rgb.Range)
	c := span / cSpan
	m := toRGB{
		y:  fix(span / ySpan),
		rv: fix(2 * (1 - kr) * c),
		gu: fix(-2 * kb * (1 - kb) / kg * c),
		gv: fix(-2 * kr * (1 - kr) / kg * c),
		bu: fix(2 * (1 - kb) * c),
	}
	base := fix(black-yBlack*span/ySpan) + fixHalf
	m.r0 = base - 128*m.rv
	m.g0 = base - 128*(m.gu+m.gv)
	m.b0 = base - 128*m.bu
	return m
}

// fromRGB are the coefficients from RGB to luma and chroma. Those of chroma add
// up to zero, so gray stays exactly gray.
type fromRGB struct {
	yr, yg, yb, y0 int32
	ur, ug, ub     int32
	vr, vg, vb     int32
}

func newFromRGB(rgb, yuv frames.Colorimetry) fromRGB {
	kr, kb := primaries(yuv.Matrix)
	yBlack, ySpan, cSpan := levels(yuv.Range)
	black, span, _ := levels(rgb.Range)
	y, c := ySpan/span, cSpan/span
	m := fromRGB{yr: fix(kr * y), yb: fix(kb * y)}
	m.yg = fix(y) - m.yr - m.yb
	m.y0 = fix(yBlack-black*y) + fixHalf
	m.ub, m.ur = fix(c/2), fix(-kr/(2*(1-kb))*c)
	m.ug = -m.ub - m.ur
	m.vr, m.vb = fix(c/2), fix(-kb/(2*(1-kr))*c)
	m.vg = -m.vr - m.vb
	return m
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

// levelTable maps codes of one range to another, for luma, gray and RGB.
func levelTable(t *[256]uint8, from, to frames.ColorRange) {
	fb, fs, _ := levels(from)
	tb, ts, _ := levels(to)
	for i := range t {
		t[i] = clamp(fix(tb+(float64(i)-fb)*ts/fs) + fixHalf)
	}
}
