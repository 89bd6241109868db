package testpattern

// Colours of SMPTE RP 219, in BT.709 whatever the picture says.
var (
	grey40      = color{[3]uint8{104, 128, 128}, [3]uint8{102, 102, 102}}
	grey15      = color{[3]uint8{49, 128, 128}, [3]uint8{38, 38, 38}}
	white75     = color{[3]uint8{180, 128, 128}, [3]uint8{191, 191, 191}}
	white100    = color{[3]uint8{235, 128, 128}, [3]uint8{255, 255, 255}}
	black0      = color{[3]uint8{16, 128, 128}, [3]uint8{0, 0, 0}}
	cyan100     = color{[3]uint8{188, 154, 16}, [3]uint8{22, 255, 253}}
	blue100     = color{[3]uint8{32, 240, 118}, [3]uint8{3, 0, 245}}
	yellow100   = color{[3]uint8{219, 16, 138}, [3]uint8{252, 255, 10}}
	red100      = color{[3]uint8{63, 102, 240}, [3]uint8{233, 0, 2}}
	minusI      = color{[3]uint8{61, 153, 99}, [3]uint8{6, 66, 103}}
	plusQ       = color{[3]uint8{35, 174, 152}, [3]uint8{60, 0, 115}}
	subBlack    = color{[3]uint8{1, 128, 128}, [3]uint8{0, 0, 0}}
	superWhite  = color{[3]uint8{254, 128, 128}, [3]uint8{255, 255, 255}}
	blackMinus2 = color{[3]uint8{12, 128, 128}, [3]uint8{0, 0, 0}}
	blackPlus2  = color{[3]uint8{20, 128, 128}, [3]uint8{5, 5, 5}}
	blackPlus4  = color{[3]uint8{25, 128, 128}, [3]uint8{10, 11, 10}}
	wideBars75  = []color{
		white75,
		{[3]uint8{168, 44, 136}, [3]uint8{190, 203, 8}}, {[3]uint8{145, 147, 44}, [3]uint8{16, 211, 189}},
		{[3]uint8{133, 63, 52}, [3]uint8{15, 223, 5}}, {[3]uint8{63, 193, 204}, [3]uint8{176, 0, 186}},
		{[3]uint8{51, 109, 212}, [3]uint8{175, 0, 2}}, {[3]uint8{28, 212, 120}, [3]uint8{1, 0, 183}},
	}
)

// split shares a length between n parts: equal ones, and what is left over goes
// to the parts that the row of extra for that remainder names, one bit a part,
// the first part first.
func split(length, n int, extra []string) []int {
	parts := make([]int, n)
	for i := range parts {
		parts[i] = length / n
		if extra[length%n][i] == '1' {
			parts[i]++
		}
	}
	return parts
}

// How RP 219 as GStreamer draws it rounds: rows of the lower half, the seven
// bars, and the three steps of a bar.
var (
	extraRows  = []string{"000000", "010000", "011000", "000111", "011101", "011111"}
	extraBars  = []string{"0000000", "0001000", "1000001", "0101010", "1010101", "0111110", "1110111"}
	extraSteps = []string{"000", "010", "101"}
)

// wideLayout is where the parts of the pattern begin and how wide they are.
type wideLayout struct {
	side  int   // the grey field at either side
	bars  []int // the seven bars between
	steps []int // three parts of a bar
	peak  int   // the white field of the bottom band, two bars wide
	left  int   // the black before it
	right int   // the black after it, up to the steps
	band  []int // first rows of the six bands
}

func newWideLayout(w, h int) wideLayout {
	l := wideLayout{side: w / 8}
	l.bars = split(w-2*l.side, 7, extraBars)
	l.steps = split(l.bars[5], 3, extraSteps)
	l.peak = l.bars[0] + l.bars[1]
	l.left = w/2 - l.side - l.peak
	l.right = w - w/2 - l.side - l.steps[0] - 2*l.steps[1] - 2*l.steps[2] - l.bars[5]
	rows := split(h-h/2, 6, extraRows)
	l.band = []int{0, h/2 + rows[0]}
	for _, n := range rows[1:5] {
		l.band = append(l.band, l.band[len(l.band)-1]+n)
	}
	return l
}

// rp219 draws a band when its first row comes; the rows after it are the same,
// and what a band does not draw is that of the band before.
func (p *Painter) rp219(y int) {
	l := &p.shape.wide
	for band, first := range l.band {
		if first == y {
			p.wideBand(l, band)
		}
	}
}

func (p *Painter) wideBand(l *wideLayout, band int) {
	x := 0
	next := func(width int, c color) {
		p.fillClipped(x, x+width, c.in(p.yuv))
		x += width
	}
	ramp := func(width int, from, to color) {
		p.ramp(x, x+width, from.in(p.yuv), to.in(p.yuv))
		x += width
	}
	between := 0
	for _, n := range l.bars[1:6] {
		between += n
	}
	switch band {
	case 0:
		next(l.side, grey40)
		for i, c := range wideBars75 {
			next(l.bars[i], c)
		}
		next(l.side, grey40)
	case 1:
		next(l.side, cyan100)
		next(l.bars[0], minusI)
		next(between+l.bars[6], white75)
		next(l.side, blue100)
	case 2:
		next(l.side, yellow100)
		next(l.bars[0], plusQ)
		ramp(between, black0, white100)
		next(l.bars[6], white100)
		next(l.side, red100)
	case 3:
		next(l.side, grey15)
		next(l.left, black0)
		next(l.peak, white100)
		next(l.right, black0)
		next(l.steps[0], blackMinus2)
		next(l.steps[1], black0)
		next(l.steps[2], blackPlus2)
		next(l.steps[1], blackMinus2) // the standard has 0 % here, GStreamer does not
		next(l.steps[2], blackPlus4)
		next(l.bars[5], black0)
		next(l.side, grey15)
	case 4: // a valley below black and a peak above white
		x = l.side
		ramp(l.left/2, black0, subBlack)
		ramp(l.left-l.left/2, subBlack, black0)
		ramp(l.peak/2, white100, superWhite)
		ramp(l.peak-l.peak/2, superWhite, white100)
	case 5:
		x = l.side
		next(l.left, black0)
		next(l.peak, white100)
	}
}

// fillClipped is fill for parts that a picture of a few pixels has no room for.
func (p *Painter) fillClipped(from, to int, c sample) {
	p.fill(min(max(from, 0), p.w), min(max(to, 0), p.w), c)
}

// ramp goes from one colour almost to another.
func (p *Painter) ramp(from, to int, a, b sample) {
	for x := max(from, 0); x < min(to, p.w); x++ {
		*(*sample)(p.line[4*x:]) = blend(b, a, uint8(255*(x-from)/(to-from)))
	}
}
