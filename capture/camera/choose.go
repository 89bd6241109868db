package camera

import (
	"fmt"
	"math"
	"slices"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

// byCost are the formats that can be read, from cheap to dear: few bytes before many, what
// package image knows before what it does not, colour before gray.
var byCost = []frames.PixelFormat{
	frames.I420, frames.YV12, frames.NV12, frames.NV21, frames.YUY2, frames.UYVY, frames.YVYU,
	frames.RGBA, frames.RGB, frames.BGR, frames.RGBx, frames.BGRx, frames.XRGB, frames.XBGR, frames.BGRA, frames.ARGB, frames.ABGR,
}

// Cost ranks encodings by what it takes to read them, the cheapest first; ok is false for those
// that Frame.Picture cannot read.
func Cost(c v4l2.FourCC) (rank int, ok bool) {
	switch pix := c.PixelFormat(); {
	case isJPEG(c):
		return len(byCost), true
	case pix == frames.GRAY8:
		return len(byCost) + 1, true
	default:
		rank = slices.Index(byCost, pix)
		return rank, rank >= 0
	}
}

func isJPEG(c v4l2.FourCC) bool { return c == v4l2.MJPEG || c == v4l2.JPEG }

// candidate is one thing that a camera can do.
type candidate struct {
	request v4l2.Request
	// how far it is from the wishes, the most important first
	size, slow float64
	rank       int
	fast       float64
}

func (c *candidate) better(d *candidate) bool {
	switch {
	case c.size != d.size:
		return c.size < d.size
	case c.slow != d.slow:
		return c.slow < d.slow
	case c.rank != d.rank:
		return c.rank < d.rank
	}
	return c.fast < d.fast
}

// choose picks what is nearest to the wishes: first in size, then in rate, and of what is
// alike the encoding that is cheapest to read.
func choose(formats []v4l2.PixelFormat, o Options) (v4l2.Request, error) {
	o = o.filled()
	var best *candidate
	var names []string
	for _, f := range formats {
		names = append(names, f.FourCC.String())
		rank, ok := Cost(f.FourCC)
		if o.FourCC != 0 {
			ok = f.FourCC == o.FourCC
		}
		if !ok {
			continue
		}
		for _, s := range f.Sizes {
			c := o.judge(f.FourCC, s, rank)
			if best == nil || c.better(best) {
				best = &c
			}
		}
	}
	switch {
	case best != nil:
		return best.request, nil
	case o.FourCC != 0:
		return v4l2.Request{}, fmt.Errorf("%w: %s was asked for, and it gives %v", ErrNoFormat, o.FourCC, names)
	}
	return v4l2.Request{}, fmt.Errorf("%w: it gives %v; name one in FourCC to take its bytes as they are", ErrNoFormat, names)
}

// judge says how well a size, or the best of a range of sizes, fits.
func (o *Options) judge(code v4l2.FourCC, s v4l2.Size, rank int) candidate {
	width, height := o.Width, o.Height
	if width <= 0 {
		width = height * usualWidth / usualHeight
	}
	if height <= 0 {
		height = width * usualHeight / usualWidth
	}
	c := candidate{rank: rank, request: v4l2.Request{FourCC: code, Width: nearest(s.Width, width), Height: nearest(s.Height, height)}}
	c.size = distance(c.request.Width, o.Width) + distance(c.request.Height, o.Height)
	if len(s.Rates) == 0 {
		return c // it has one, and does not tell which
	}
	c.request.FPS = rate(s.Rates, o.FPS)
	got := c.request.FPS.Float()
	if got < o.FPS*0.9 { // 29.97 is as good as 30
		c.slow = o.FPS - got
	}
	c.fast = max(0, got-o.FPS)
	return c
}

// distance is 0 for what was wished, or if nothing was.
func distance(got, wished int) float64 {
	if wished <= 0 {
		return 0
	}
	return math.Abs(float64(got-wished)) / float64(max(got, wished))
}

// nearest is the number of a span that is nearest to n.
func nearest(s v4l2.Span, n int) int {
	n = min(max(n, s.Min), s.Max)
	if s.Step <= 1 {
		return n
	}
	steps := (n - s.Min + s.Step/2) / s.Step
	return min(s.Min+steps*s.Step, s.Max)
}

// rate is the lowest of those that reach fps, or the highest.
func rate(rates []v4l2.Rate, fps float64) frames.Fraction {
	var best frames.Fraction
	for i, r := range rates {
		at := r.Max
		if !r.Single() && r.Min.Float() <= fps && fps < r.Max.Float() {
			at = frames.Fraction{Num: int(math.Round(fps * 1000)), Den: 1000}.Reduce()
		} else if r.Min.Float() > fps {
			at = r.Min
		}
		if i == 0 || closer(at.Float(), best.Float(), fps) {
			best = at
		}
	}
	return best
}

// closer reports whether rate a is better than b: the lowest that is enough, or the highest.
func closer(a, b, fps float64) bool {
	enough := fps * 0.9
	if (a >= enough) != (b >= enough) {
		return a >= enough
	}
	return (a < b) == (a >= enough)
}
