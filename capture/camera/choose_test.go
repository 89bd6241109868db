package camera

import (
	"errors"
	"testing"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

var (
	gray = v4l2.MakeFourCC([4]byte{'G', 'R', 'E', 'Y'})
	z16  = v4l2.MakeFourCC([4]byte{'Z', '1', '6', ' '})
)

// webcam is what a usual one gives by USB: raw pictures quickly only if they are small.
var webcam = []v4l2.PixelFormat{
	{FourCC: v4l2.MJPEG, Sizes: []v4l2.Size{size(640, 480, 30, 15), size(1280, 720, 30), size(1920, 1080, 30)}},
	{FourCC: v4l2.YUYV, Sizes: []v4l2.Size{size(640, 480, 30, 15, 5), size(1280, 720, 10), size(1920, 1080, 5)}},
	{FourCC: gray, Sizes: []v4l2.Size{size(640, 480, 30)}},
}

// scaler is a driver that makes any size.
var scaler = []v4l2.PixelFormat{
	{FourCC: v4l2.YUYV, Sizes: []v4l2.Size{{Width: v4l2.Span{Min: 48, Max: 1920, Step: 2}, Height: v4l2.Span{Min: 32, Max: 1200, Step: 1},
		Rates: []v4l2.Rate{{Min: frames.Fraction{Num: 1, Den: 1}, Max: frames.Fraction{Num: 60, Den: 1}}}}}},
	{FourCC: v4l2.NV12, Sizes: []v4l2.Size{{Width: v4l2.Span{Min: 48, Max: 1920, Step: 16}, Height: v4l2.Span{Min: 32, Max: 1200, Step: 16}}}},
}

func TestChooses(t *testing.T) {
	for name, test := range map[string]struct {
		camera []v4l2.PixelFormat
		o      Options
		want   v4l2.Request
	}{
		"nothing wished":          {webcam, Options{}, v4l2.Request{FourCC: v4l2.YUYV, Width: 640, Height: 480, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"raw is too slow":         {webcam, Options{Width: 1280, Height: 720}, v4l2.Request{FourCC: v4l2.MJPEG, Width: 1280, Height: 720, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"raw is quick enough":     {webcam, Options{Width: 1280, Height: 720, FPS: 10}, v4l2.Request{FourCC: v4l2.YUYV, Width: 1280, Height: 720, FPS: frames.Fraction{Num: 10, Den: 1}}},
		"no faster than wished":   {webcam, Options{FPS: 8}, v4l2.Request{FourCC: v4l2.YUYV, Width: 640, Height: 480, FPS: frames.Fraction{Num: 15, Den: 1}}},
		"faster than it can":      {webcam, Options{FPS: 120}, v4l2.Request{FourCC: v4l2.YUYV, Width: 640, Height: 480, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"between two sizes":       {webcam, Options{Width: 1300, Height: 800}, v4l2.Request{FourCC: v4l2.MJPEG, Width: 1280, Height: 720, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"width alone":             {webcam, Options{Width: 1920}, v4l2.Request{FourCC: v4l2.MJPEG, Width: 1920, Height: 1080, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"an encoding":             {webcam, Options{FourCC: v4l2.MJPEG}, v4l2.Request{FourCC: v4l2.MJPEG, Width: 640, Height: 480, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"gray if it is wished":    {webcam, Options{FourCC: gray}, v4l2.Request{FourCC: gray, Width: 640, Height: 480, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"any size":                {scaler, Options{Width: 320, Height: 240}, v4l2.Request{FourCC: v4l2.NV12, Width: 320, Height: 240}},
		"any rate":                {scaler, Options{FourCC: v4l2.YUYV, FPS: 12.5}, v4l2.Request{FourCC: v4l2.YUYV, Width: 640, Height: 480, FPS: frames.Fraction{Num: 25, Den: 2}}},
		"steps":                   {scaler, Options{FourCC: v4l2.NV12, Width: 100, Height: 5000}, v4l2.Request{FourCC: v4l2.NV12, Width: 96, Height: 1200}},
		"exact before cheap":      {scaler, Options{Width: 322, Height: 240}, v4l2.Request{FourCC: v4l2.YUYV, Width: 322, Height: 240, FPS: frames.Fraction{Num: 30, Den: 1}}},
		"height alone in a range": {scaler, Options{FourCC: v4l2.YUYV, Height: 240}, v4l2.Request{FourCC: v4l2.YUYV, Width: 320, Height: 240, FPS: frames.Fraction{Num: 30, Den: 1}}},
	} {
		got, err := choose(test.camera, test.o)
		if err != nil || got != test.want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}

func TestChoosesNothing(t *testing.T) {
	depth := []v4l2.PixelFormat{{FourCC: z16, Sizes: []v4l2.Size{size(640, 480, 30)}}}
	for name, test := range map[string]struct {
		camera []v4l2.PixelFormat
		o      Options
	}{"it has not": {webcam, Options{FourCC: v4l2.H264}}, "it has only others": {depth, Options{}}, "it has none": {nil, Options{}}} {
		if r, err := choose(test.camera, test.o); !errors.Is(err, ErrNoFormat) {
			t.Errorf("%s: %v, %v", name, r, err)
		} else {
			t.Log(err)
		}
	}
	if r, err := choose(depth, Options{FourCC: z16}); err != nil || r.Width != 640 {
		t.Errorf("bytes of a format that is named: %v, %v", r, err)
	}
}
