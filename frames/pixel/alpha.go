package pixel

import "github.com/eiengine/eiengine/frames"

// SetAlpha gives every pixel of a picture the same alpha; pictures without alpha
// stay as they are.
func SetAlpha(p *frames.Picture, alpha uint8) {
	eachAlpha(p, func(uint8) uint8 { return alpha })
}

// MultiplyAlpha multiplies the alpha of every pixel by a factor from 0 to 1;
// pictures without alpha stay as they are.
func MultiplyAlpha(p *frames.Picture, factor float64) {
	var table [256]uint8
	for i := range table {
		table[i] = uint8(min(max(float64(i)*factor+0.5, 0), 255))
	}
	eachAlpha(p, func(a uint8) uint8 { return table[a] })
}

func eachAlpha(p *frames.Picture, change func(uint8) uint8) {
	o, ok := rgbOrders[p.Format]
	if !ok || !o.alpha {
		return
	}
	for y := range p.Height {
		row := p.Row(0, y)
		for x := o.a; x < len(row); x += o.size {
			row[x] = change(row[x])
		}
	}
}
