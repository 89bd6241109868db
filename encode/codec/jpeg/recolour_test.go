package jpeg_test

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// Luma and chroma of other colours look the same afterwards.
func TestOtherColours(t *testing.T) {
	byBoth(t, func(t *testing.T) {
		for _, f := range []frames.PixelFormat{frames.I420, frames.YV12, frames.NV12, frames.YUY2} {
			for _, matrix := range []frames.ColorMatrix{frames.BT601, frames.BT709} {
				rgb := scene(t, frames.RGB, 45, 35)
				p := scene(t, f, 45, 35)
				p.Color = frames.Colorimetry{Matrix: matrix, Range: frames.LimitedRange}
				if err := pixel.Convert(&p, &rgb); err != nil {
					t.Fatal(err)
				}
				got := decode(t, encode(t, &p, 95), frames.RGB)
				if db := psnr(t, &rgb, &got); db < 35 {
					t.Errorf("%v in %+v: %.1f dB", f, p.Color, db)
				}
			}
		}
	})
}
