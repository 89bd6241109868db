package pixel

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// noisePicture is a picture whose rows have something behind them.
func noisePicture(f frames.PixelFormat, width, height int, c frames.Colorimetry) frames.Picture {
	v := frames.VideoInfo{Format: f, Width: width, Height: height, Color: c}
	l := v.DefaultLayout()
	for i := range f.Planes() {
		_, rows := f.PlaneSize(i, width, height)
		l.Stride[i] += 8
		if i > 0 {
			_, before := f.PlaneSize(i-1, width, height)
			l.Offset[i] = l.Offset[i-1] + before*l.Stride[i-1]
		}
		l.Size = l.Offset[i] + rows*l.Stride[i]
	}
	data := make([]byte, l.Size)
	random := rand.New(rand.NewPCG(1, uint64(f)))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return v.Picture(data, l)
}

var jpegColors = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}

// TestViewsHaveTheColoursOfConvert compares every pixel of every format with what Convert
// makes of the picture.
func TestViewsHaveTheColoursOfConvert(t *testing.T) {
	var v View
	for _, f := range frames.PixelFormats() {
		for _, c := range []frames.Colorimetry{{}, jpegColors, {Matrix: frames.BT709, Range: frames.LimitedRange}} {
			p := noisePicture(f, 21, 11, c)
			want := frames.NewPicture(frames.RGBA, 21, 11)
			if err := Convert(&want, &p); err != nil {
				t.Fatal(err)
			}
			m := v.Image(&p)
			if m.Bounds() != image.Rect(0, 0, 21, 11) || m.At(21, 0) != m.At(-1, 5) {
				t.Errorf("%v: bounds %v, %v outside", f, m.Bounds(), m.At(21, 0))
			}
			worst := 0
			for y := range 11 {
				for x := range 21 {
					got := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
					at := want.Row(0, y)[4*x:]
					for i, g := range []uint8{got.R, got.G, got.B, got.A} {
						if at[3] > 0 || i == 3 { // what is transparent has no colour for image.NRGBA
							worst = max(worst, int(g)-int(at[i]), int(at[i])-int(g))
						}
					}
				}
			}
			if worst > 2 {
				t.Errorf("%v %+v as %T: off by %d", f, c, m, worst)
			}
		}
	}
}

func TestViewsOfStandardFormatsAreStandard(t *testing.T) {
	var v View
	for f, want := range map[frames.PixelFormat]image.Image{
		frames.GRAY8: (*image.Gray)(nil), frames.RGBA: (*image.NRGBA)(nil),
		frames.I420: (*image.YCbCr)(nil), frames.YV12: (*image.YCbCr)(nil), frames.NV12: (*Image)(nil), frames.BGRx: (*Image)(nil),
	} {
		p := noisePicture(f, 8, 4, jpegColors)
		m := v.Image(&p)
		same := false
		switch m := m.(type) {
		case *image.Gray:
			_, same = want.(*image.Gray)
		case *image.NRGBA:
			_, same = want.(*image.NRGBA)
		case *image.YCbCr:
			_, same = want.(*image.YCbCr)
		case *Image:
			_, same = want.(*Image)
			same = same && m.Opaque()
		}
		if !same || Standard(&p) == (f == frames.NV12 || f == frames.BGRx) {
			t.Errorf("%v is shown as %T, standard %v", f, m, Standard(&p))
		}
		before := m.At(0, 0)
		p.Data[0][0] ^= 0x80 // whoever writes the picture is seen in the view
		if m.At(0, 0) == before {
			t.Errorf("%v: the view does not share the bytes", f)
		}
	}
	limited := noisePicture(frames.I420, 8, 4, frames.Colorimetry{})
	if _, ok := v.Image(&limited).(*Image); !ok {
		t.Error("limited range is shown by a type that has no such colours")
	}
}

func TestViewsAreDrawn(t *testing.T) {
	var v View
	p := noisePicture(frames.BGRA, 16, 8, frames.Colorimetry{})
	whole := v.Image(&p).(*Image)
	part := whole.SubImage(image.Rect(4, 2, 100, 100))
	if part.Bounds() != image.Rect(4, 2, 16, 8) || part.At(3, 2) != (color.NRGBA{}) || part.At(5, 3) != whole.At(5, 3) {
		t.Errorf("the part has bounds %v", part.Bounds())
	}
	dst := image.NewRGBA(whole.Bounds())
	draw.Draw(dst, dst.Rect, whole, image.Point{}, draw.Src)
	for y := range 8 {
		for x := range 16 {
			if got, want := dst.At(x, y), color.RGBAModel.Convert(whole.At(x, y)); got != want {
				t.Fatalf("%d,%d is drawn as %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestViewsDoNotAllocate(t *testing.T) {
	var v View
	pictures := []frames.Picture{
		noisePicture(frames.GRAY8, 16, 8, jpegColors), noisePicture(frames.RGBA, 16, 8, jpegColors),
		noisePicture(frames.I420, 16, 8, jpegColors), noisePicture(frames.NV12, 16, 8, frames.Colorimetry{}),
	}
	if n := testing.AllocsPerRun(100, func() {
		for i := range pictures {
			if m, ok := v.Image(&pictures[i]).(image.RGBA64Image); !ok || m.RGBA64At(3, 3).A == 1 {
				t.Error("no view")
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
