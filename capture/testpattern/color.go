package testpattern

// sample is a colour as rows hold it: alpha, then R, G, B or Y, U, V.
type sample [4]uint8

// color is an entry of a table: its code values in both spaces. Alpha is 255.
type color struct{ yuv, rgb [3]uint8 }

func (c color) in(yuv bool) sample {
	v := c.rgb
	if yuv {
		v = c.yuv
	}
	return sample{255, v[0], v[1], v[2]}
}

// Places in the tables of bars.
const (
	white = iota
	yellow
	cyan
	green
	magenta
	red
	blue
	black
	negativeI
	positiveQ
	superBlack
	darkGrey
)

// pluge is what follows the bars in all tables: two colours without luma, one
// blacker than black and one a little lighter.
var pluge = []color{
	{[3]uint8{16, 198, 21}, [3]uint8{0, 0, 128}},
	{[3]uint8{16, 235, 198}, [3]uint8{0, 128, 255}},
	{[3]uint8{0, 128, 128}, [3]uint8{0, 0, 0}},
	{[3]uint8{32, 128, 128}, [3]uint8{19, 19, 19}},
}

// barTable is white, yellow, cyan, green, magenta, red, blue and black, whose
// YUV values are given and whose RGB values are 0 and level, and the pluge.
func barTable(level uint8, yuv [8][3]uint8) []color {
	table := make([]color, 0, 12)
	for i, v := range yuv {
		// Bars count down in binary: green, red and blue are switched off in turn.
		on := 7 - uint8(i)
		table = append(table, color{v, [3]uint8{level * (on >> 1 & 1), level * (on >> 2), level * (on & 1)}})
	}
	return append(table, pluge...)
}

var (
	bars601 = barTable(255, [8][3]uint8{
		{235, 128, 128}, {210, 16, 146}, {170, 166, 16}, {145, 54, 34}, {106, 202, 222}, {81, 90, 240}, {41, 240, 110}, {16, 128, 128},
	})
	bars709 = barTable(255, [8][3]uint8{
		{235, 128, 128}, {219, 16, 138}, {188, 154, 16}, {173, 42, 26}, {78, 214, 230}, {63, 102, 240}, {32, 240, 118}, {16, 128, 128},
	})
	bars601At75 = barTable(191, [8][3]uint8{
		{180, 128, 128}, {162, 44, 142}, {131, 156, 44}, {112, 72, 58}, {84, 184, 198}, {65, 100, 212}, {35, 212, 114}, {16, 128, 128},
	})
	bars709At75 = barTable(191, [8][3]uint8{
		{180, 128, 128}, {168, 44, 136}, {145, 147, 44}, {133, 63, 52}, {63, 193, 204}, {51, 109, 212}, {28, 212, 120}, {16, 128, 128},
	})
)

// weights of red, green and blue in luma and in the two colour differences, full
// scale; what is missing in a row of differences sums to zero.
type weights struct{ y, u, v [3]float64 }

var (
	weights601 = weights{[3]float64{0.299, 0.587, 0.114}, [3]float64{-0.16874, -0.33126, 0.5}, [3]float64{0.5, -0.41869, -0.08131}}
	weights709 = weights{[3]float64{0.2126, 0.7152, 0.0722}, [3]float64{-0.114572, -0.385427, 0.5}, [3]float64{0.5, -0.454153, -0.045847}}
)

// convert makes a sample of 0xAARRGGBB. Limited range, in fixed point of ten
// bits; the rounding is GStreamer's.
func convert(argb uint32, yuv bool, w *weights) sample {
	a, r, g, b := uint8(argb>>24), int(argb>>16&0xff), int(argb>>8&0xff), int(argb&0xff)
	if !yuv {
		return sample{a, uint8(r), uint8(g), uint8(b)}
	}
	sum := func(row [3]float64, scale float64, half int) int {
		s := half
		for i, c := range []int{r, g, b} {
			k := row[i] * scale / 255 * 1024
			if k < 0 {
				s -= int(-k+0.5) * c
			} else {
				s += int(k+0.5) * c
			}
		}
		return s >> 10
	}
	return sample{a, uint8(sum(w.y, 219, 512) + 16), uint8(sum(w.u, 224, 511) + 128), uint8(sum(w.v, 224, 511) + 128)}
}

// blend is b at 0 and a at 255.
func blend(a, b sample, level uint8) sample {
	var out sample
	for i := range out {
		v := int(a[i])*int(level) + int(b[i])*(255-int(level))
		out[i] = uint8((v + (v+128)>>8 + 128) >> 8)
	}
	return out
}
