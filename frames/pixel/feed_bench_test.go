package pixel

import (
	"fmt"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// BenchmarkFeed is the way from a frame to the input of a model of 320x320, in time
// a pixel of the frame.
func BenchmarkFeed(b *testing.B) {
	for _, c := range []struct {
		format        frames.PixelFormat
		width, height int
	}{
		{frames.I420, 1920, 1080}, {frames.NV12, 1920, 1080}, {frames.RGB, 1920, 1080},
		{frames.NV12, 1280, 720}, {frames.YUY2, 1280, 720}, {frames.RGB, 640, 480}, {frames.BGRx, 640, 480}, {frames.GRAY8, 640, 480},
	} {
		for _, method := range []Method{Nearest, Bilinear, Area} {
			b.Run(fmt.Sprintf("%v-%dx%d-%v", c.format, c.width, c.height, method), func(b *testing.B) {
				p := newDice(1).picture(c.format, c.width, c.height)
				in, f := make([]float32, 320*320), NewFeed(320, 320)
				f.SetMethod(method)
				for b.Loop() {
					if _, err := f.Fill(in, &p, backend.ResizeSquash); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.width*c.height), "ns/pixel")
			})
		}
	}
}
