package testpattern

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Painter draws the frames of one stream. Use it from one goroutine at a time.
type Painter struct {
	o       Options
	w, h    int
	yuv     bool
	colors  []sample // the bars and what follows them
	fg, bg  sample
	weights *weights

	line   []byte // the row being drawn, 4 bytes a pixel
	rolled []byte // the same, moved sideways
	level  []byte // grey levels of the row, a byte a pixel
	pack   packer

	n     int           // number of the frame
	t     time.Duration // its time
	roll  int           // pixels to the left
	noise uint32

	blends [256]sample // of the background and the foreground
	shape  shape       // what a pattern works out once a frame

	base  stillPicture
	still bool // nothing but moving rows change from frame to frame
}

// New prepares to draw pictures of a size and format, 1x1 and larger.
func New(v frames.VideoInfo, o Options) (*Painter, error) {
	if v.Width < 1 || v.Height < 1 {
		return nil, fmt.Errorf("a test pattern of %dx%d pixels: give it at least 1x1", v.Width, v.Height)
	}
	p := &Painter{
		w: v.Width, h: v.Height, yuv: v.Format.IsYUV(),
		line: make([]byte, 4*v.Width), rolled: make([]byte, 4*v.Width), level: make([]byte, v.Width),
		pack: newPacker(v), weights: &weights601,
	}
	table := bars601
	// Colours in RGB are the same in both tables. Other matrices draw as BT.709
	// does, as in GStreamer.
	if v.Color.Resolve(v.Format, v.Height).Matrix != frames.BT601 {
		p.weights, table = &weights709, bars709
	}
	for _, c := range table {
		p.colors = append(p.colors, c.in(p.yuv))
	}
	p.base = newStillPicture(v)
	return p, p.Set(o)
}

// Set changes what is drawn from the next frame on. Noise goes on where it was.
func (p *Painter) Set(o Options) error {
	if o.Pattern < 0 || o.Pattern >= patterns {
		return fmt.Errorf("there is no test pattern %d: use 0 to %d", o.Pattern, patterns-1)
	}
	p.o, p.base.drawn = o, false
	p.fg, p.bg = convert(o.Foreground, p.yuv, p.weights), convert(o.Background, p.yuv, p.weights)
	for i := range p.blends {
		p.blends[i] = blend(p.fg, p.bg, uint8(i))
	}
	p.still = o.HorizontalSpeed == 0
	switch o.Pattern {
	case Snow, Blink:
		p.still = false
	case ZonePlate, ChromaZonePlate:
		p.still = p.still && o.KT == 0 && o.KT2 == 0 && o.KXT == 0 && o.KYT == 0
	case Pinwheel, Spokes:
		p.still = p.still && o.KT == 0
	case Ball:
		p.still = p.still && o.Motion == Wavy && !o.Flip
	}
	p.shape = newShape(p)
	return nil
}

// Paint draws frame n, counted from 0, whose time is t. dst has the size and
// format that New was told; it stays the caller's.
func (p *Painter) Paint(dst *frames.Picture, n int, t time.Duration) {
	p.n, p.t = n, t
	p.roll = ((p.o.HorizontalSpeed*n)%p.w + p.w) % p.w
	from, to := 0, p.h
	if p.still {
		if !p.base.drawn {
			p.drawBase()
		}
		p.base.copyTo(dst)
		p.shape.begin(p)
		from, to = p.moving()
	} else {
		p.shape.begin(p)
	}
	p.rows(dst, from, to)
	p.shape.end(p, dst)
}

// drawBase draws what does not move, and leaves the noise alone.
func (p *Painter) drawBase() {
	noise := p.noise
	p.shape.rest(p)
	p.rows(&p.base.Picture, 0, p.h)
	p.noise = noise
	p.base.finish()
}

// moving is the rows of a still pattern that are drawn for every frame. They
// begin with an even one, for rows are packed in pairs.
func (p *Painter) moving() (from, to int) {
	switch p.o.Pattern {
	case SMPTE:
		return 3 * p.h / 4 &^ 1, p.h
	case Ball:
		return p.shape.rowsOfBall(p.h)
	}
	return 0, 0
}

func (p *Painter) rows(dst *frames.Picture, from, to int) {
	for y := from; y < to; y++ {
		draws[p.o.Pattern](p, y)
		p.put(dst, y)
	}
}

// put packs the row that was drawn. The row itself stays as it is.
func (p *Painter) put(dst *frames.Picture, y int) {
	line := p.line
	if p.roll != 0 {
		line = p.rolled
		n := copy(line, p.line[4*p.roll:])
		copy(line[n:], p.line)
	}
	p.pack.row(dst, line, y)
}

// draws says how a row of a pattern is drawn.
var draws = [patterns]func(p *Painter, y int){
	SMPTE: (*Painter).smpte, Snow: (*Painter).snow,
	Black:     func(p *Painter, _ int) { p.fill(0, p.w, p.bg) },
	White:     func(p *Painter, _ int) { p.fill(0, p.w, p.fg) },
	Red:       func(p *Painter, _ int) { p.fill(0, p.w, p.colors[red]) },
	Green:     func(p *Painter, _ int) { p.fill(0, p.w, p.colors[green]) },
	Blue:      func(p *Painter, _ int) { p.fill(0, p.w, p.colors[blue]) },
	Checkers1: func(p *Painter, y int) { p.checkers(y, 1) }, Checkers2: func(p *Painter, y int) { p.checkers(y, 2) },
	Checkers4: func(p *Painter, y int) { p.checkers(y, 4) }, Checkers8: func(p *Painter, y int) { p.checkers(y, 8) },
	Circular: (*Painter).circular, Blink: (*Painter).blink,
	SMPTE75: (*Painter).smpte75, ZonePlate: (*Painter).zonePlate,
	Gamut: (*Painter).gamut, ChromaZonePlate: (*Painter).chromaZonePlate,
	Solid: func(p *Painter, _ int) { p.fill(0, p.w, p.fg) },
	Ball:  (*Painter).ball, SMPTE100: (*Painter).smpte100,
	Bar: (*Painter).bar, Pinwheel: (*Painter).pinwheel, Spokes: (*Painter).spokes,
	Gradient: (*Painter).gradient, Colors: (*Painter).allColors, SMPTERP219: (*Painter).rp219,
}

// fill draws pixels from up to, but not including, to.
func (p *Painter) fill(from, to int, c sample) {
	row := p.line[4*from : 4*max(from, to)]
	if len(row) == 0 {
		return
	}
	n := copy(row, c[:])
	for n < len(row) {
		n += copy(row[n:], row[:n])
	}
}

// blendLevels draws grey levels as blends of the two colours.
func (p *Painter) blendLevels(from, to int) {
	for x := from; x < to; x++ {
		*(*sample)(p.line[4*x:]) = p.blends[p.level[x]]
	}
}

// random is the next byte of noise: a linear congruential generator.
func (p *Painter) random() uint8 {
	p.noise = p.noise*1103515245 + 12345
	return uint8(p.noise >> 16)
}
