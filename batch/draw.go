package batch

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// canvas is what drawing keeps from frame to frame.
type canvas struct {
	layers     []layer
	bare, rest []frames.Rect // where the background shows
}

// layer is a picture that is to be drawn.
type layer struct {
	input *input
	props *padProps
	src   frames.Picture
	area  frames.Rect // where it lies, also outside of the output
	seen  frames.Rect // what of that shows
	hides bool        // what is below it
}

// draw fills dst with the background and the pictures, from the lowest on.
func (s *compositor) draw(c *eiengine.Ctx, dst *frames.Picture, p *compositorProps) error {
	// The default colours depend on the height: settle them before cutting.
	dst.Color = dst.Color.Resolve(dst.Format, dst.Height)
	s.collect(c, dst, p)
	s.drawBackground(dst, p.Background)
	for i := range s.canvas.layers {
		l := &s.canvas.layers[i]
		if s.hidden(i) {
			continue
		}
		if err := l.input.brush.draw(dst, l, threads(p.MaxThreads)); err != nil {
			return fmt.Errorf("%s: %w", l.input.name, err)
		}
	}
	clear(s.canvas.layers)
	return nil
}

// threads is max-threads with 0 resolved.
func threads(asked uint) int {
	if asked == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return int(min(asked, 64))
}

// collect lists what shows, by zorder.
func (s *compositor) collect(c *eiengine.Ctx, dst *frames.Picture, p *compositorProps) {
	v := &s.canvas
	v.layers = v.layers[:0]
	for i := range s.inputs {
		input := &s.inputs[i]
		if input.frame == nil {
			continue
		}
		l := layer{input: input, props: input.props.Load(), src: input.frame.Picture()}
		l.area, _ = l.props.area(&input.frame.Format.Video, s.out.Video.PAR, p.ZeroIsUnscaled)
		if l.area.W > maxSide || l.area.H > maxSide {
			c.Warn(errTooLarge(input.name, l.area))
			continue
		}
		in, _, shows := pixel.Place(dst, l.area.X, l.area.Y, l.area.W, l.area.H)
		if !shows || l.props.Alpha == 0 {
			continue
		}
		l.seen = in
		l.hides = l.props.Operator == operatorSource || l.props.Alpha == 1 && !l.src.Format.HasAlpha()
		v.layers = append(v.layers, l)
	}
	slices.SortStableFunc(v.layers, func(a, b layer) int { return cmp.Compare(a.props.ZOrder, b.props.ZOrder) })
}

// hidden reports whether a layer lies below one that hides all of it.
func (s *compositor) hidden(i int) bool {
	for j := range s.canvas.layers[i+1:] {
		if above := &s.canvas.layers[i+1+j]; above.hides && contains(above.seen, s.canvas.layers[i].seen) {
			return true
		}
	}
	return false
}

// maxPieces bounds the pieces of background that are filled one by one.
const maxPieces = 64

// drawBackground fills what no layer hides.
func (s *compositor) drawBackground(dst *frames.Picture, kind background) {
	v := &s.canvas
	whole := frames.Rect{W: dst.Width, H: dst.Height}
	v.bare = append(v.bare[:0], whole)
	for i := range v.layers {
		if !v.layers[i].hides {
			continue
		}
		v.rest = v.rest[:0]
		for _, r := range v.bare {
			v.rest = without(v.rest, r, v.layers[i].seen)
		}
		v.bare, v.rest = v.rest, v.bare
		if len(v.bare) > maxPieces {
			v.bare = append(v.bare[:0], whole)
			break
		}
	}
	for _, r := range v.bare {
		switch kind {
		case checker:
			pixel.FillChecker(dst, r)
		case black:
			pixel.Fill(dst, r, pixel.Black)
		case white:
			pixel.Fill(dst, r, pixel.Color{R: 255, G: 255, B: 255, A: 255})
		case transparent:
			pixel.Fill(dst, r, pixel.Color{})
		}
	}
}

// brush draws the pictures of one input: it keeps tables and buffers while format,
// size and place stay the same.
type brush struct {
	scaler    pixel.Scaler
	converter pixel.Converter

	key     brushKey
	between frames.Picture // where a picture is both scaled and converted
	whole   frames.Picture // the picture as it is to be laid, where it cannot be made in its place
	mask    frames.Picture // its alpha, where the output has none
	alpha   frames.Picture // the same at the size of the input
}

type brushKey struct {
	src, dst           frames.PixelFormat
	srcColor, dstColor frames.Colorimetry
	srcW, srcH, w, h   int
	inPlace, masked    bool
}

// draw lays a picture on dst.
func (b *brush) draw(dst *frames.Picture, l *layer, threads int) error {
	b.scaler.Threads, b.converter.Threads = threads, threads
	src := l.src
	src.Color = src.Color.Resolve(src.Format, src.Height)
	k := brushKey{
		src: src.Format, dst: dst.Format, srcColor: src.Color, dstColor: dst.Color,
		srcW: src.Width, srcH: src.Height, w: l.area.W, h: l.area.H,
	}
	op, alpha := kernels[l.props.Operator], l.props.Alpha
	if !k.scales() && !k.converts() {
		return pixel.Blend(dst, &src, l.area.X, l.area.Y, op, alpha)
	}
	k.masked = src.Format.HasAlpha() && !dst.Format.HasAlpha() && op != pixel.Source
	k.inPlace = l.fitsInto(dst) && !k.masked
	if k != b.key {
		b.prepare(k)
	}
	if k.inPlace {
		place := dst.Crop(l.seen)
		return b.make(&place, &src)
	}
	if err := b.make(&b.whole, &src); err != nil {
		return err
	}
	if !k.masked {
		return pixel.Blend(dst, &b.whole, l.area.X, l.area.Y, op, alpha)
	}
	if err := b.makeMask(&src); err != nil {
		return err
	}
	return pixel.Cover(dst, &b.whole, &b.mask, l.area.X, l.area.Y, alpha)
}

func (k *brushKey) scales() bool   { return k.srcW != k.w || k.srcH != k.h }
func (k *brushKey) converts() bool { return k.src != k.dst || k.srcColor != k.dstColor }

// fitsInto reports whether a picture can be made where it is to lie: nothing of what
// is there shows through, all of it shows, and its last pixel shares no bytes with the next.
func (l *layer) fitsInto(dst *frames.Picture) bool {
	whole := l.seen.W == l.area.W && l.seen.H == l.area.H
	paired := dst.Format.IsYUV() && dst.Format.Planes() == 1
	if paired && l.seen.W%2 == 1 && l.seen.X+l.seen.W < dst.Width {
		return false
	}
	if l.props.Alpha < 1 && (dst.Format.HasAlpha() || l.props.Operator != operatorSource) {
		return false
	}
	return whole && (l.hides && l.props.Operator == operatorSource || !l.src.Format.HasAlpha())
}

// prepare makes the buffers that a way of drawing needs.
func (b *brush) prepare(k brushKey) {
	b.key = k
	b.between, b.whole, b.mask, b.alpha = frames.Picture{}, frames.Picture{}, frames.Picture{}, frames.Picture{}
	if k.scales() && k.converts() {
		// Convert where there are fewer pixels.
		if k.convertsFirst() {
			b.between = buffer(k.dst, k.dstColor, k.srcW, k.srcH)
		} else {
			b.between = buffer(k.src, k.srcColor, k.w, k.h)
		}
	}
	if !k.inPlace {
		b.whole = buffer(k.dst, k.dstColor, k.w, k.h)
	}
	if k.masked {
		b.mask = frames.NewPicture(frames.GRAY8, k.w, k.h)
		b.alpha = frames.NewPicture(frames.GRAY8, k.srcW, k.srcH)
	}
}

func (k *brushKey) convertsFirst() bool { return k.srcW*k.srcH < k.w*k.h }

func buffer(f frames.PixelFormat, c frames.Colorimetry, w, h int) frames.Picture {
	p := frames.NewPicture(f, w, h)
	p.Color = c
	return p
}

// method is that of GStreamer's compositor.
const method = pixel.Mitchell

// make fills to with the picture in the output's format.
func (b *brush) make(to, src *frames.Picture) error {
	switch k := &b.key; {
	case !k.scales():
		return b.converter.Convert(to, src)
	case !k.converts():
		return b.scaler.Scale(to, src, method)
	case k.convertsFirst():
		if err := b.converter.Convert(&b.between, src); err != nil {
			return err
		}
		return b.scaler.Scale(to, &b.between, method)
	}
	if err := b.scaler.Scale(&b.between, src, method); err != nil {
		return err
	}
	return b.converter.Convert(to, &b.between)
}

// makeMask fills the mask with the picture's alpha.
func (b *brush) makeMask(src *frames.Picture) error {
	if !b.key.scales() {
		return pixel.Alpha(&b.mask, src)
	}
	if err := pixel.Alpha(&b.alpha, src); err != nil {
		return err
	}
	return pixel.Scale(&b.mask, &b.alpha, method)
}

// carryMetas attaches what is known of the pictures to the output, at the place where
// it lies there.
func (s *compositor) carryMetas(out *frames.Frame) {
	for i := range s.inputs {
		input := &s.inputs[i]
		if input.frame == nil || !input.frame.HasMeta() {
			continue
		}
		s.carry(out, input)
	}
}

func (s *compositor) carry(out *frames.Frame, input *input) {
	v := &input.frame.Format.Video
	area, _ := input.props.Load().area(v, s.out.Video.PAR, s.Load().ZeroIsUnscaled)
	if area.W == 0 || area.H == 0 || input.props.Load().Alpha == 0 {
		return
	}
	columns, rows := s.out.Video.Format.Subsampling()
	area.X, area.Y = (area.X+columns-1)&^(columns-1), (area.Y+rows-1)&^(rows-1)
	m := frames.RectMapping(frames.Rect{W: v.Width, H: v.Height}, area)
	for meta := range frames.MetasOf[frames.Mappable](input.frame) {
		if at := meta.Mapped(m, s.out.Video.Width, s.out.Video.Height); at != nil {
			out.Attach(at)
		}
	}
}
