package mediadevices

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"github.com/pion/mediadevices/pkg/frame"

	ourjpeg "github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// BenchmarkPicture makes pion's picture of what a camera of 1280x720 gave: as our reader does,
// and as pion's driver does, which copies the driver's buffer first.
func BenchmarkPicture(b *testing.B) {
	const width, height = 1280, 720
	raw := frames.NewPicture(frames.YUY2, width, height)
	for i := range raw.Data[0] {
		raw.Data[0][i] = byte(i * 7)
	}
	file, err := os.Open("../../testdata/photos/coffee.jpg")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	photo, err := jpeg.Decode(file)
	if err != nil {
		b.Fatal(err)
	}
	var coded bytes.Buffer
	if err := jpeg.Encode(&coded, photo, nil); err != nil {
		b.Fatal(err)
	}
	size := photo.Bounds().Size()

	ours := newPicture(frames.I420, width, height)
	b.Run("YUYV/ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := pixel.Convert(&ours.picture, &raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("YUYV/ours, not released", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p := newPicture(frames.I420, width, height)
			if err := pixel.Convert(&p.picture, &raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("YUYV/pion", func(b *testing.B) { pions(b, frame.FormatYUYV, raw.Data[0], image.Pt(width, height)) })

	decoder, decoded := new(ourjpeg.Decoder), newPicture(frames.I420, size.X, size.Y)
	b.Run("MJPEG/ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := decoder.Decode(&decoded.picture, coded.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("MJPEG/pion", func(b *testing.B) { pions(b, frame.FormatMJPEG, coded.Bytes(), size) })
}

func pions(b *testing.B, f frame.Format, data []byte, size image.Point) {
	decoder, err := frame.NewDecoder(f)
	if err != nil {
		b.Fatal(err)
	}
	buffer := make([]byte, len(data))
	b.ReportAllocs()
	for b.Loop() {
		copy(buffer, data)
		if _, _, err := decoder.Decode(buffer, size.X, size.Y); err != nil {
			b.Fatal(err)
		}
	}
}
