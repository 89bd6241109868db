package main

import (
	"math/rand/v2"

	"github.com/eiengine/eiengine/frames"
)

// picture is an empty one in BT.601, limited range for YUV, which libyuv takes for
// granted.
func picture(f frames.PixelFormat, w, h int) frames.Picture {
	p := frames.NewPicture(f, w, h)
	if f.IsYUV() {
		p.Color = frames.Colorimetry{Matrix: frames.BT601, Range: frames.LimitedRange}
	}
	return p
}

// noise is a picture of random bytes, the worst that there is for branches.
func noise(f frames.PixelFormat, w, h int) frames.Picture {
	p, r := picture(f, w, h), rand.New(rand.NewPCG(1, 2))
	for i := range f.Planes() {
		for at := range p.Data[i] {
			p.Data[i][at] = byte(r.Uint32())
		}
	}
	return p
}

// apart is the largest difference of two samples of pictures of one format, without
// alpha, which the two sides may fill in differently.
func apart(a, b *frames.Picture) (most int) {
	for i := range a.Format.Planes() {
		_, rows := a.Format.PlaneSize(i, a.Width, a.Height)
		for y := range rows {
			p, q := a.Row(i, y), b.Row(i, y)
			for x := range p {
				d := int(p[x]) - int(q[x])
				most = max(most, d, -d)
			}
		}
	}
	return most
}
