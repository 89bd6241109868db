package pixel

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// What the row functions of this processor give is what the reference gives, byte for
// byte, at every width, alignment and format, and nothing beside the row changes.

// dice draws what a fuzz target varies from one seed.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 7))} }

func (d dice) bytes(n int) []byte {
	// Extremes are where sums overflow: make them common.
	b := make([]byte, n)
	for i := range b {
		switch b[i] = byte(d.Uint32()); d.IntN(8) {
		case 0:
			b[i] = 0
		case 1:
			b[i] = 255
		}
	}
	return b
}

func (d dice) format(suits func(frames.PixelFormat) bool) frames.PixelFormat {
	var suiting []frames.PixelFormat
	for _, f := range frames.PixelFormats() {
		if suits(f) {
			suiting = append(suiting, f)
		}
	}
	return suiting[d.IntN(len(suiting))]
}

func (d dice) yuv() frames.PixelFormat { return d.format(frames.PixelFormat.IsYUV) }

func (d dice) rgb() frames.PixelFormat {
	return d.format(func(f frames.PixelFormat) bool { return kindOf(f) == kindRGB })
}

func (d dice) color() frames.Colorimetry {
	matrices := []frames.ColorMatrix{frames.BT601, frames.BT709, frames.BT2020, frames.SMPTE240M, frames.FCC}
	ranges := []frames.ColorRange{frames.FullRange, frames.LimitedRange}
	return frames.Colorimetry{Matrix: matrices[d.IntN(len(matrices))], Range: ranges[d.IntN(len(ranges))]}
}

// picture is a view, at any place of its memory, of random bytes.
func (d dice) picture(f frames.PixelFormat, w, h int) frames.Picture {
	p := frames.Picture{Format: f, Width: w, Height: h}
	for i := range f.Planes() {
		n, rows := f.PlaneSize(i, w, h)
		p.Stride[i] = n + d.IntN(40)
		p.Data[i] = d.bytes(p.Stride[i]*rows + 40)[d.IntN(40):]
	}
	return p
}

// twice is two equal copies of a picture.
func twice(p frames.Picture) (a, b frames.Picture) {
	a, b = p, p
	for i := range p.Format.Planes() {
		a.Data[i], b.Data[i] = bytes.Clone(p.Data[i]), bytes.Clone(p.Data[i])
	}
	return a, b
}

// sameBytes fails unless two pictures are equal, the bytes between rows too.
func sameBytes(t *testing.T, got, want *frames.Picture, from frames.PixelFormat) {
	t.Helper()
	for i := range got.Format.Planes() {
		for at := range got.Data[i] {
			if got.Data[i][at] == want.Data[i][at] {
				continue
			}
			t.Fatalf("%v to %v, %dx%d: byte %d of row %d of plane %d is %d, the reference says %d", from, got.Format, got.Width, got.Height,
				at%got.Stride[i], at/got.Stride[i], i, got.Data[i][at], want.Data[i][at])
		}
	}
}

// yuvRowAt is a row of a picture's luma and chroma.
func yuvRowAt(p *frames.Picture, c *[3]component, y int) yuvRow {
	all := yuvRowsOf(p, c)
	return all.at(y)
}

func fuzzRows(f *testing.F, check func(t *testing.T, d dice, w int)) {
	f.Helper()
	for w := range 140 {
		f.Add(uint64(w)*31, uint16(w))
	}
	if runtime.GOARCH == "arm64" { // which runs under emulation, where nothing can be fuzzed
		d := newDice(9)
		for range 600 {
			f.Add(d.Uint64(), uint16(d.Uint32()))
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64, w uint16) {
		for i := range uint64(4) {
			check(t, newDice(seed+i<<32), int(w)%600+1)
		}
	})
}

func FuzzYUVToRGBRow(f *testing.F) { fuzzRows(f, checkYUVToRGBRow) }

func checkYUVToRGBRow(t *testing.T, d dice, w int) {
	t.Helper()
	src := d.picture(d.yuv(), w, 1)
	got, want := twice(d.picture(d.rgb(), w, 1))
	o, c := rgbOrders[got.Format], yuvComponents[src.Format]
	m := newToRGB(d.color(), d.color())
	m.lanes.set(&m, &o, &c)
	yuvToRGBRow(got.Row(0, 0), &o, yuvRowAt(&src, &c, 0), w, &m)
	yuvToRGBReference(want.Row(0, 0), &o, yuvRowAt(&src, &c, 0), w, &m)
	sameBytes(t, &got, &want, src.Format)
}

func FuzzRGBToLumaRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.rgb(), w, 1)
		got, want := twice(d.picture(frames.GRAY8, w, 1))
		o, c := rgbOrders[src.Format], yuvComponents[frames.I420]
		m := newFromRGB(d.color(), d.color())
		m.lanes.set(&m, &o, &c)
		rgbToLumaRow(got.Row(0, 0), 1, src.Row(0, 0), &o, w, &m)
		rgbToLumaReference(want.Row(0, 0), 1, src.Row(0, 0), &o, w, &m)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzRGBToChromaRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.rgb(), w, 2)
		got, want := twice(d.picture(d.yuv(), w, 2))
		o, c := rgbOrders[src.Format], yuvComponents[got.Format]
		m := newFromRGB(d.color(), d.color())
		m.lanes.set(&m, &o, &c)
		top, bottom, u, v := src.Row(0, 0), src.Row(0, d.IntN(2)), c[1], c[2]
		rgbToChromaRow(u.row(&got, 0), v.row(&got, 0), u.step, top, bottom, &o, w, &m)
		rgbToChromaReference(u.row(&want, 0), v.row(&want, 0), u.step, top, bottom, &o, w, &m)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzRGBToRGBRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.rgb(), w, 1)
		got, want := twice(d.picture(d.rgb(), w, 1))
		if got.Format == src.Format {
			return // a plain copy
		}
		to, from := rgbOrders[got.Format], rgbOrders[src.Format]
		var l rgbLanes
		l.set(&to, &from)
		rgbToRGBRow(got.Row(0, 0), &to, src.Row(0, 0), &from, w, &l)
		rgbToRGBReference(want.Row(0, 0), &to, src.Row(0, 0), &from, w, &l)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzGrayToRGBRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(frames.GRAY8, w, 1)
		got, want := twice(d.picture(d.rgb(), w, 1))
		o := rgbOrders[got.Format]
		var l levelMap
		l.set(d.color().Range, d.color().Range, &o)
		grayToRGBRow(got.Row(0, 0), &o, src.Row(0, 0), w, &l)
		grayToRGBReference(want.Row(0, 0), &o, src.Row(0, 0), w, &l)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzLumaRows(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.yuv(), w, 1)
		got, want := twice(d.picture(d.yuv(), w, 1))
		from, to := yuvComponents[src.Format][0], yuvComponents[got.Format][0]
		copyRow(to.row(&got, 0), to.step, from.row(&src, 0), from.step, w)
		copyReference(to.row(&want, 0), to.step, from.row(&src, 0), from.step, w)
		sameBytes(t, &got, &want, src.Format)

		var l levelMap
		l.set(d.color().Range, d.color().Range, &order{})
		levelsRow(to.row(&got, 0), to.step, from.row(&src, 0), from.step, w, &l)
		levelsReference(to.row(&want, 0), to.step, from.row(&src, 0), from.step, w, &l)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzRGBToYUVRows(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.rgb(), w, 2)
		got, want := twice(d.picture(d.yuv(), w, 2))
		o, c := rgbOrders[src.Format], yuvComponents[got.Format]
		m := newFromRGB(d.color(), d.color())
		m.lanes.set(&m, &o, &c)
		from := rgbPair{src.Row(0, 0), src.Row(0, 1)}
		pair := func(p *frames.Picture) yuvPair {
			r := yuvRowsOf(p, &c)
			return yuvPair{r[0].row(0), r[0].row(1), r[1].row(0), r[2].row(0), r[0].step, r[1].step}
		}
		rgbToYUVRows(pair(&got), from, &o, w, &m)
		rgbToYUVReference(pair(&want), from, &o, w, &m)
		sameBytes(t, &got, &want, src.Format)
	})
}
