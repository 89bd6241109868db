package capture

import (
	"math"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// testPattern is a pattern of videotestsrc. Numbers below 100 are GStreamer's.
type testPattern int

const (
	patternSMPTE     testPattern = 0
	patternSnow      testPattern = 1
	patternBlack     testPattern = 2
	patternWhite     testPattern = 3
	patternRed       testPattern = 4
	patternGreen     testPattern = 5
	patternBlue      testPattern = 6
	patternCheckers1 testPattern = 7
	patternCheckers2 testPattern = 8
	patternCheckers4 testPattern = 9
	patternCheckers8 testPattern = 10
	patternBlink     testPattern = 12
	patternSMPTE75   testPattern = 13
	patternSolid     testPattern = 17
	patternBall      testPattern = 18
	patternSMPTE100  testPattern = 19
	patternBar       testPattern = 20
	patternGradient  testPattern = 23
	patternShapes    testPattern = 100
)

// EnumValues implements eiengine.Enum.
func (testPattern) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(patternSMPTE), Nick: "smpte", Name: "SMPTE 100% color bars"},
		{Value: int(patternSnow), Nick: "snow", Name: "Random (television snow)"},
		{Value: int(patternBlack), Nick: "black", Name: "100% Black"},
		{Value: int(patternWhite), Nick: "white", Name: "100% White"},
		{Value: int(patternRed), Nick: "red", Name: "Red"},
		{Value: int(patternGreen), Nick: "green", Name: "Green"},
		{Value: int(patternBlue), Nick: "blue", Name: "Blue"},
		{Value: int(patternCheckers1), Nick: "checkers-1", Name: "Checkers 1px"},
		{Value: int(patternCheckers2), Nick: "checkers-2", Name: "Checkers 2px"},
		{Value: int(patternCheckers4), Nick: "checkers-4", Name: "Checkers 4px"},
		{Value: int(patternCheckers8), Nick: "checkers-8", Name: "Checkers 8px"},
		{Value: int(patternBlink), Nick: "blink", Name: "Blink"},
		{Value: int(patternSMPTE75), Nick: "smpte75", Name: "SMPTE 75% color bars"},
		{Value: int(patternSolid), Nick: "solid-color", Name: "Solid color"},
		{Value: int(patternBall), Nick: "ball", Name: "Moving ball"},
		{Value: int(patternSMPTE100), Nick: "smpte100", Name: "SMPTE 100% color bars without the lower rows"},
		{Value: int(patternBar), Nick: "bar", Name: "Bar"},
		{Value: int(patternGradient), Nick: "gradient", Name: "Gradient"},
		{Value: int(patternShapes), Nick: "shapes", Name: "Moving shapes on a busy background, with their truth attached"},
	}
}

// painter draws one pattern. What never changes is drawn once on a canvas and
// kept in the format of the stream, so a frame costs a copy; what moves is drawn
// on the canvas and only that part is converted.
type painter struct {
	pattern testPattern
	fg, bg  pixel.Color

	canvas frames.Picture
	base   []byte // the still part, as it lies in a frame
	conv   pixel.Converter
	scene  *scene.Scene
	noise  uint64
}

// newPainter prepares a pattern for frames of a format. seed is of shapes only.
func newPainter(pattern testPattern, format *frames.Format, fg, bg pixel.Color, seed uint64) (*painter, error) {
	v := format.Video
	p := &painter{pattern: pattern, fg: fg, bg: bg, noise: 0x9e3779b97f4a7c15}
	switch pattern {
	case patternShapes:
		p.scene = scene.New(seed, v.Width, v.Height, scene.Options{})
		p.canvas = frames.NewPicture(frames.RGB, v.Width, v.Height)
		return p, nil
	case patternSnow:
		p.canvas = frames.NewPicture(frames.GRAY8, v.Width, v.Height)
		return p, nil
	}
	p.canvas = frames.NewPicture(frames.RGBA, v.Width, v.Height)
	p.paintStill()
	layout := v.DefaultLayout()
	p.base = make([]byte, layout.Size)
	still := v.Picture(p.base, layout)
	err := p.conv.Convert(&still, &p.canvas)
	if pattern != patternSMPTE && pattern != patternBall {
		p.canvas = frames.Picture{} // nothing is drawn on it any more
	}
	return p, err
}

// paint draws frame n, counted from 0, into dst.
func (p *painter) paint(dst *frames.Picture, bytes []byte, n int) error {
	switch p.pattern {
	case patternShapes:
		if dst.Format == frames.RGB {
			p.scene.Draw(n, dst.Data[0], dst.Stride[0])
			return nil
		}
		p.scene.Draw(n, p.canvas.Data[0], p.canvas.Stride[0])
		return p.conv.Convert(dst, &p.canvas)
	case patternSnow:
		p.snow(p.canvas.Data[0])
		return p.conv.Convert(dst, &p.canvas)
	}
	copy(bytes, p.base)
	return p.paintMoving(dst, n)
}

func (p *painter) paintStill() {
	all := frames.Rect{W: p.canvas.Width, H: p.canvas.Height}
	switch p.pattern {
	case patternSMPTE:
		p.paintSMPTE()
	case patternSMPTE75:
		p.bars(0, all.H, 191)
	case patternSMPTE100:
		p.bars(0, all.H, 255)
	case patternBlack:
		p.fill(all, pixel.Black)
	case patternWhite:
		p.fill(all, rgb(0xffffff))
	case patternRed:
		p.fill(all, rgb(0xff0000))
	case patternGreen:
		p.fill(all, rgb(0x00ff00))
	case patternBlue:
		p.fill(all, rgb(0x0000ff))
	case patternSolid:
		p.fill(all, p.fg)
	case patternCheckers1, patternCheckers2, patternCheckers4, patternCheckers8:
		p.checkers(1 << (p.pattern - patternCheckers1))
	case patternBar:
		p.fill(all, p.bg)
		p.fill(frames.Rect{W: all.W / 7, H: all.H}, p.fg)
	case patternGradient:
		p.gradient()
	case patternBall, patternBlink:
		p.fill(all, p.bg)
	}
}

// paintMoving adds what differs from frame to frame.
func (p *painter) paintMoving(dst *frames.Picture, n int) error {
	switch p.pattern {
	case patternSMPTE:
		r := smpteSnow(dst.Width, dst.Height)
		p.snowRect(r)
		return p.update(dst, r)
	case patternBlink:
		if n%2 == 1 {
			pixel.Fill(dst, frames.Rect{W: dst.Width, H: dst.Height}, p.fg)
		}
	case patternBall:
		r := p.ball(n)
		err := p.update(dst, r)
		p.fill(r, p.bg)
		return err
	}
	return nil
}

// update converts a part of the canvas into the same part of dst, widened to
// whole chroma samples.
func (p *painter) update(dst *frames.Picture, r frames.Rect) error {
	x, y := r.X&^1, r.Y&^1
	r = frames.Rect{X: x, Y: y, W: r.X + r.W - x, H: r.Y + r.H - y}
	r.W, r.H = min(r.W+r.W&1, dst.Width-x), min(r.H+r.H&1, dst.Height-y)
	if r.W <= 0 || r.H <= 0 {
		return nil
	}
	// The default matrix depends on the height: settle it before the part is cut.
	whole := *dst
	whole.Color = whole.Color.Resolve(whole.Format, whole.Height)
	to, from := whole.Crop(r), p.canvas.Crop(r)
	return p.conv.Convert(&to, &from)
}

func (p *painter) fill(r frames.Rect, c pixel.Color) { pixel.Fill(&p.canvas, r, c) }

// rgb is an opaque colour from 0xrrggbb.
func rgb(c uint32) pixel.Color {
	return pixel.Color{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}

// argb is a colour from 0xaarrggbb, as the color properties have it.
func argb(c uint) pixel.Color {
	return pixel.Color{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: uint8(c >> 24)}
}

// bars draws white, yellow, cyan, green, magenta, red and blue side by side.
func (p *painter) bars(top, bottom int, level uint8) {
	p.row(top, bottom, []pixel.Color{
		{R: level, G: level, B: level, A: 255}, {R: level, G: level, A: 255}, {G: level, B: level, A: 255},
		{G: level, A: 255}, {R: level, B: level, A: 255}, {R: level, A: 255}, {B: level, A: 255},
	})
}

// row draws fields of equal width over the whole width.
func (p *painter) row(top, bottom int, fields []pixel.Color) {
	w := p.canvas.Width
	for i, c := range fields {
		x, next := i*w/len(fields), (i+1)*w/len(fields)
		p.fill(frames.Rect{X: x, Y: top, W: next - x, H: bottom - top}, c)
	}
}

// paintSMPTE draws the three rows of GStreamer's pattern, but for the snow. The
// two fields of the lower row that hold colours without luma (-I and +Q), and the
// one blacker than black, are what GStreamer draws in RGB: RGB has no such colours,
// and here every format shows the same picture.
func (p *painter) paintSMPTE() {
	w, h := p.canvas.Width, p.canvas.Height
	y1, y2 := 2*h/3, 3*h/4
	p.bars(0, y1, 255)
	p.row(y1, y2, []pixel.Color{
		rgb(0x0000ff), pixel.Black, rgb(0xff00ff), pixel.Black, rgb(0x00ffff), pixel.Black, rgb(0xffffff),
	})
	for i, c := range []pixel.Color{rgb(0x000080), rgb(0xffffff), rgb(0x0080ff)} {
		x, next := i*w/6, (i+1)*w/6
		p.fill(frames.Rect{X: x, Y: y2, W: next - x, H: h - y2}, c)
	}
	// Blacker than black, black, and a little lighter: three fields of a twelfth.
	for i, c := range []pixel.Color{pixel.Black, pixel.Black, rgb(0x131313)} {
		x, next := w/2+i*w/12, w/2+(i+1)*w/12
		p.fill(frames.Rect{X: x, Y: y2, W: next - x, H: h - y2}, c)
	}
}

// smpteSnow is where the bars end in snow.
func smpteSnow(w, h int) frames.Rect {
	x, y := 3*w/4, 3*h/4
	return frames.Rect{X: x, Y: y, W: w - x, H: h - y}
}

// snow fills bytes with noise: xorshift, eight bytes at a time.
func (p *painter) snow(b []byte) {
	s := p.noise
	for i := range b {
		if i&7 == 0 {
			s ^= s << 13
			s ^= s >> 7
			s ^= s << 17
		}
		b[i] = byte(s >> (i & 7 * 8))
	}
	p.noise = s
}

// snowRect draws gray noise on a part of the RGBA canvas.
func (p *painter) snowRect(r frames.Rect) {
	for y := r.Y; y < r.Y+r.H; y++ {
		row := p.canvas.Row(0, y)[4*r.X : 4*(r.X+r.W)]
		p.snow(row)
		for i := 0; i < len(row); i += 4 {
			row[i+1], row[i+2], row[i+3] = row[i], row[i], 255
		}
	}
}

// checkers draws squares of size pixels, red first, then green.
func (p *painter) checkers(size int) {
	for y := range p.canvas.Height {
		row := p.canvas.Row(0, y)
		for x := range p.canvas.Width {
			px := row[4*x : 4*x+4]
			px[0], px[1], px[2], px[3] = 255, 0, 0, 255
			if (x/size+y/size)%2 == 1 {
				px[0], px[1] = 0, 255
			}
		}
	}
}

// gradient goes from the background colour at the top to the foreground.
func (p *painter) gradient() {
	h := p.canvas.Height
	for y := range h {
		p.fill(frames.Rect{Y: y, W: p.canvas.Width, H: 1}, blend(p.bg, p.fg, 255*y/h))
	}
}

// blend is a at t = 0 and b at t = 255.
func blend(a, b pixel.Color, t int) pixel.Color {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*(255-t) + int(b)*t + 127) / 255) }
	return pixel.Color{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: mix(a.A, b.A)}
}

const ballRadius = 20

// ballCentre is GStreamer's path: two sines whose periods never meet.
func ballCentre(n, w, h int) (x, y float64) {
	at := func(turns float64, size int) float64 {
		return ballRadius + (0.5+0.5*math.Sin(2*math.Pi*turns))*float64(size-2*ballRadius)
	}
	return at(float64(n)/200, w), at(float64(n)*math.Sqrt2/200, h)
}

// ball draws a disc with a soft edge of two pixels on the canvas and tells where.
func (p *painter) ball(n int) frames.Rect {
	w, h := p.canvas.Width, p.canvas.Height
	cx, cy := ballCentre(n, w, h)
	const side = 2*ballRadius + 2
	r, ok := frames.Rect{X: int(math.Floor(cx)) - ballRadius, Y: int(math.Floor(cy)) - ballRadius, W: side, H: side}.Clip(w, h)
	if !ok {
		return frames.Rect{}
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		row := p.canvas.Row(0, y)
		for x := r.X; x < r.X+r.W; x++ {
			inside := ballRadius - math.Hypot(float64(x)-cx, float64(y)-cy)
			c := blend(p.bg, p.fg, int(min(max(128*inside, 0), 255)))
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
	return r
}
