package pixel_test

import (
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

func perPixel(b *testing.B, pixels int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(pixels), "ns/pixel")
}

func BenchmarkConvert(b *testing.B) {
	const w, h = 1280, 720
	for _, c := range [][2]frames.PixelFormat{
		{frames.I420, frames.RGB}, {frames.NV12, frames.RGB}, {frames.YUY2, frames.RGB},
		{frames.I420, frames.BGRx}, {frames.NV12, frames.RGBA}, {frames.YUY2, frames.I420}, {frames.NV12, frames.I420},
		{frames.RGB, frames.I420}, {frames.BGRx, frames.NV12}, {frames.RGB, frames.GRAY8}, {frames.GRAY8, frames.RGB},
		{frames.RGB, frames.BGR}, {frames.RGB, frames.RGBA}, {frames.BGRx, frames.RGB}, {frames.RGBA, frames.BGRA},
		{frames.I420, frames.GRAY8},
	} {
		b.Run(c[0].String()+"-"+c[1].String(), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			src, dst := guarded(r, c[0], w, h, 0), guarded(r, c[1], w, h, 0)
			var conv pixel.Converter
			for b.Loop() {
				if err := conv.Convert(&dst, &src); err != nil {
					b.Fatal(err)
				}
			}
			perPixel(b, w*h)
		})
	}
}

// Per pixel of the destination for nearest and bilinear, of the source for area.
func BenchmarkScale(b *testing.B) {
	for _, f := range []frames.PixelFormat{frames.RGB, frames.BGRx, frames.I420, frames.NV12, frames.GRAY8} {
		for _, m := range []pixel.Method{pixel.Nearest, pixel.Bilinear, pixel.Area} {
			b.Run(f.String()+"-"+m.String(), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 1))
				src, dst := guarded(r, f, 1280, 720, 0), guarded(r, f, 640, 640, 0)
				var s pixel.Scaler
				for b.Loop() {
					if err := s.Scale(&dst, &src, m); err != nil {
						b.Fatal(err)
					}
				}
				n := 640 * 640
				if m == pixel.Area {
					n = 1280 * 720
				}
				perPixel(b, n)
			})
		}
	}
}

func BenchmarkPackFeatures(b *testing.B) {
	for _, f := range []frames.PixelFormat{frames.RGB, frames.GRAY8} {
		b.Run(f.String(), func(b *testing.B) {
			src := guarded(rand.New(rand.NewPCG(1, 1)), f, 320, 320, 0)
			dst := make([]float32, 320*320)
			for b.Loop() {
				if err := pixel.PackFeatures(dst, &src); err != nil {
					b.Fatal(err)
				}
			}
			perPixel(b, 320*320)
		})
	}
}
