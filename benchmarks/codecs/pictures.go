package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

const width, height = 1280, 720

// writeBars writes the picture of videotestsrc as a PNG.
func (o *options) writeBars(file string) error {
	_, err := o.Theirs(fmt.Sprintf("videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,format=RGB,width=%d,height=%d ! pngenc ! filesink location=%s", width, height, file))
	return err
}

// writeSheet writes a PNG that is covered with photographs, side by side, none of them
// scaled.
func (o *options) writeSheet(file string) error {
	names, err := filepath.Glob(filepath.Join(o.photos, "*.jpg"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no photographs (*.jpg) in %s: name their folder by -photos", o.photos)
	}
	sheet := frames.NewPicture(frames.RGB, width, height)
	next := 0
	for y := 0; y < height; {
		tallest := 1
		for x := 0; x < width; next++ {
			photo, err := read(names[next%len(names)])
			if err != nil {
				return err
			}
			paste(&sheet, &photo, x, y)
			x += photo.Width
			tallest = max(tallest, photo.Height)
		}
		y += tallest
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(out, &sheet, png.DefaultLevel); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}

// read decodes a photograph to RGB.
func read(name string) (p frames.Picture, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return p, err
	}
	info, err := jpeg.Config(data)
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	p = frames.NewPicture(frames.RGB, info.Width, info.Height)
	return p, jpeg.DecodeInto(&p, data)
}

// paste copies what fits of a picture to a place.
func paste(dst, src *frames.Picture, left, top int) {
	for y := 0; y < src.Height && top+y < dst.Height; y++ {
		copy(dst.Row(0, top+y)[3*left:], src.Row(0, y))
	}
}
