package raster

import (
	"fmt"
	"image"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Face is a font at a size, with the glyphs that it has drawn so far. Not safe for
// concurrent use.
type Face struct {
	font           *sfnt.Font
	face           font.Face
	px             int
	ascent, height int
	buf            sfnt.Buffer
	glyphs         map[glyphKey]*glyph
	cached         int // bytes of masks
}

// glyphKey: each character is drawn at four positions between two pixels, which
// keeps the distance between characters even.
type glyphKey struct {
	r       rune
	quarter uint8
}

// glyph is the coverage of a character, placed relative to the pen on the base
// line.
type glyph struct {
	mask       []byte
	x, y, w, h int
	advance    fixed.Int26_6
}

// MaxSize is the largest font size, in pixels.
const MaxSize = 512

// maxCached bounds the masks of a face, against labels that never repeat.
const maxCached = 4 << 20

var regular = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(goregular.TTF) })
var bold = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(gobold.TTF) })

// NewFace is the Go font of that size in pixels (of the em, 1 to MaxSize), regular
// or bold. Errors: a size outside.
func NewFace(px int, isBold bool) (*Face, error) {
	if px < 1 || px > MaxSize {
		return nil, fmt.Errorf("font size %d px is not in 1..%d", px, MaxSize)
	}
	load := regular
	if isBold {
		load = bold
	}
	f, err := load()
	if err != nil {
		return nil, fmt.Errorf("embedded font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(px), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("embedded font at %d px: %w", px, err)
	}
	m := face.Metrics()
	return &Face{
		font: f, face: face, px: px,
		ascent: m.Ascent.Ceil(), height: m.Ascent.Ceil() + m.Descent.Ceil(),
		glyphs: make(map[glyphKey]*glyph),
	}, nil
}

// Size is the font size in pixels.
func (f *Face) Size() int { return f.px }

// Height is the height of a line in pixels, from the top of the tallest to the
// bottom of the lowest character.
func (f *Face) Height() int { return f.height }

// Measure is the size of the text in pixels as DrawText draws it.
func (f *Face) Measure(text string) (width, height int) {
	var pen int // in 1/64 pixel
	for _, r := range text {
		pen += int(f.glyph(r, 0).advance)
	}
	return (pen + 63) / 64, f.height
}

// glyph is the character at a quarter of a pixel, from the cache or drawn now.
func (f *Face) glyph(r rune, quarter uint8) *glyph {
	if unicode.IsControl(r) {
		r = ' ' // tabs and line ends within a label
	}
	key := glyphKey{r, quarter}
	if g := f.glyphs[key]; g != nil {
		return g
	}
	g := f.draw(r, quarter)
	if f.cached > maxCached {
		clear(f.glyphs)
		f.cached = 0
	}
	f.glyphs[key] = g
	f.cached += len(g.mask) + 64
	return g
}

func (f *Face) draw(r rune, quarter uint8) *glyph {
	if i, err := f.font.GlyphIndex(&f.buf, r); err != nil || i == 0 {
		return f.replacement(r)
	}
	dot := fixed.Point26_6{X: fixed.Int26_6(quarter) * 16}
	area, mask, at, advance, ok := f.face.Glyph(dot, r)
	if !ok {
		return f.replacement(r)
	}
	g := &glyph{x: area.Min.X, y: area.Min.Y, w: area.Dx(), h: area.Dy(), advance: advance}
	alpha, ok := mask.(*image.Alpha)
	if !ok {
		return f.replacement(r)
	}
	g.mask = make([]byte, 0, g.w*g.h)
	for y := range g.h {
		start := alpha.PixOffset(at.X, at.Y+y)
		g.mask = append(g.mask, alpha.Pix[start:start+g.w]...)
	}
	return g
}

// replacement is a hollow box for what the font lacks, and nothing for marks and
// joiners that only change their neighbours.
func (f *Face) replacement(r rune) *glyph {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return &glyph{}
	}
	w, h := max(f.px/2, 1), max(f.px*7/10, 1)
	line := max(f.px/14, 1)
	g := &glyph{x: line, y: -h, w: w, h: h, advance: fixed.I(w + 2*line), mask: make([]byte, w*h)}
	for y := range h {
		for x := range w {
			if x < line || y < line || x >= w-line || y >= h-line {
				g.mask[y*w+x] = 255
			}
		}
	}
	return g
}
