package overlay

import "github.com/eiengine/eiengine/frames/pixel"

// colours are told apart easily; those of the Edge Impulse plugin, in its order.
var colours = [14]uint32{
	0xE6194B, 0x3CB44B, 0xFFE119, 0x4363D8, 0xF58231, 0x42D4F4, 0xF032E6,
	0xFABED4, 0x469990, 0xDCBEFF, 0x9A6324, 0xFFFAC8, 0x800000, 0xAAFFC3,
}

// maxRemembered bounds what a palette knows, since tracked objects get ever new
// numbers. After that many it begins anew.
const maxRemembered = 1 << 12

// palette gives each label, or tracked object, a colour of its own in the order
// in which they are first seen.
type palette struct {
	labels  map[string]int
	objects map[uint64]int
	next    int
}

func (p *palette) ofLabel(label string) pixel.Color {
	i, ok := p.labels[label]
	if !ok {
		i = p.advance()
		if p.labels == nil || len(p.labels) >= maxRemembered {
			p.labels = map[string]int{}
		}
		p.labels[label] = i
	}
	return rgb(colours[i])
}

func (p *palette) ofObject(id uint64) pixel.Color {
	i, ok := p.objects[id]
	if !ok {
		i = p.advance()
		if p.objects == nil || len(p.objects) >= maxRemembered {
			p.objects = map[uint64]int{}
		}
		p.objects[id] = i
	}
	return rgb(colours[i])
}

func (p *palette) advance() int {
	i := p.next
	p.next = (p.next + 1) % len(colours)
	return i
}

// rgb is an opaque colour from 0xRRGGBB.
func rgb(v uint32) pixel.Color {
	return pixel.Color{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// heat goes from blue for a score of 0 to red for one of 12 and more; the usual
// threshold of anomaly models, 6, is in the middle.
func heat(score float64) pixel.Color {
	n := min(max(score/12, 0), 1)
	v := uint8(n*255 + 0.5)
	return pixel.Color{R: v, B: 255 - v, A: 255}
}
