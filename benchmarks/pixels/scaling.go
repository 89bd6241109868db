package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

// scaling is a picture that gets another size, or becomes the input of a model.
type scaling struct {
	format frames.PixelFormat
	w, h   int
	dw, dh int
	tensor bool // the input of a model, packed pixels; libyuv and GStreamer stop at RGB
	method pixel.Method
}

func (s scaling) String() string {
	to := "the same"
	if s.tensor {
		to = "tensor"
	}
	return fmt.Sprintf("%v %dx%d → %s %dx%d, %v", s.format, s.w, s.h, to, s.dw, s.dh, s.method)
}

func (s scaling) pixels() int { return s.w * s.h }

// scalings are the rows of the table.
func scalings() []scaling {
	var all []scaling
	for _, c := range []struct {
		format frames.PixelFormat
		w, h   int
	}{
		{frames.I420, 1920, 1080}, {frames.NV12, 1920, 1080}, {frames.YUY2, 1920, 1080}, {frames.RGB, 1920, 1080},
		{frames.I420, 1280, 720}, {frames.NV12, 1280, 720}, {frames.YUY2, 1280, 720}, {frames.RGB, 1280, 720},
	} {
		for _, m := range []pixel.Method{pixel.Nearest, pixel.Bilinear, pixel.Area} {
			all = append(all, scaling{c.format, c.w, c.h, 320, 320, true, m})
		}
	}
	for _, c := range []struct {
		format       frames.PixelFormat
		w, h, dw, dh int
	}{
		{frames.RGB, 1920, 1080, 320, 320}, {frames.I420, 1920, 1080, 1280, 720}, {frames.I420, 1920, 1080, 3840, 2160},
		{frames.NV12, 1280, 720, 640, 360}, {frames.BGRA, 1280, 720, 1920, 1080},
	} {
		for _, m := range []pixel.Method{pixel.Nearest, pixel.Bilinear, pixel.Area, pixel.Lanczos} {
			all = append(all, scaling{c.format, c.w, c.h, c.dw, c.dh, false, m})
		}
	}
	return all
}

// compareScaling prints the table of scaling.
func compareScaling(out io.Writer, lib *libyuv, o options) error {
	fmt.Fprint(out, "\nNanoseconds a pixel of the source. libyuv's filters: none, bilinear, box; GStreamer's methods: nearest-neighbour, bilinear, bilinear2, lanczos\n\n")
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " scaling\t ours\t libyuv\t ours/libyuv\t GStreamer\t ours/GStreamer\t PSNR beside libyuv\t\n")
	for _, s := range scalings() {
		if !o.wants(s) {
			continue
		}
		if err := compareScalingOne(table, lib, s, o); err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
	}
	return table.Flush()
}

func compareScalingOne(table io.Writer, lib *libyuv, s scaling, o options) error {
	src := scene(s.format, s.w, s.h)
	ours, got, err := s.ours(&src)
	if err != nil {
		return err
	}
	want := picture(got.Format, s.dw, s.dh)
	theirs, err := lib.scale(s, &want, &src)
	if err != nil {
		return err
	}
	var a, b []float64
	for range o.rounds {
		a = append(a, perPixel(s.pixels(), ours))
		if theirs != nil {
			b = append(b, perPixel(s.pixels(), theirs))
		}
	}
	gst, err := gstCost(s.gstLine, s.pixels(), o.gstRounds)
	if err != nil {
		return err
	}
	near := "–"
	if theirs != nil {
		near = fmt.Sprintf("%.1f dB", psnr(got, &want))
	}
	mine, others := median(a), median(b)
	fmt.Fprintf(table, " %v\t %.3f\t %s\t %s\t %s\t %s\t %s\t\n", s, mine, thousandths(others), figure(mine/others), figure(gst), figure(mine/gst), near)
	return nil
}

// ours is what to time, and the picture that it made once; a tensor as RGB.
func (s scaling) ours(src *frames.Picture) (run func(), got *frames.Picture, err error) {
	if !s.tensor {
		dst := picture(s.format, s.dw, s.dh)
		var scaler pixel.Scaler
		run = func() { _ = scaler.Scale(&dst, src, s.method) } // it does below
		return run, &dst, scaler.Scale(&dst, src, s.method)
	}
	input, feed := make([]float32, s.dw*s.dh), pixel.NewFeed(s.dw, s.dh)
	feed.SetMethod(s.method)
	if _, err := feed.Fill(input, src, backend.ResizeSquash); err != nil {
		return nil, nil, err
	}
	dst := picture(frames.RGB, s.dw, s.dh)
	for i, v := range input {
		dst.Data[0][3*i], dst.Data[0][3*i+1], dst.Data[0][3*i+2] = backend.UnpackPixel(v)
	}
	return func() { _, _ = feed.Fill(input, src, backend.ResizeSquash) }, &dst, nil
}

// gstLine does the same in GStreamer; its element nearest to Area is bilinear2, which
// weighs all pixels by their distance.
func (s scaling) gstLine(n int) string {
	element, to := "videoscale", s.format
	if s.tensor {
		element, to = "videoconvertscale", frames.RGB
	}
	method := map[pixel.Method]string{
		pixel.Nearest: "nearest-neighbour", pixel.Bilinear: "bilinear", pixel.Area: "bilinear2", pixel.Lanczos: "lanczos",
	}[s.method]
	return fmt.Sprintf("videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,format=%v,width=%d,height=%d,framerate=30/1 ! "+
		"imagefreeze num-buffers=%d ! %s n-threads=1 method=%s add-borders=false ! video/x-raw,format=%v,width=%d,height=%d ! fakesink sync=false",
		s.format, s.w, s.h, n, element, method, to, s.dw, s.dh)
}

// scene is a picture of waves, from wide to narrow ones, under a little noise.
func scene(f frames.PixelFormat, w, h int) frames.Picture {
	rgb, r := picture(frames.RGB, w, h), rand.New(rand.NewPCG(3, 4))
	for y := range h {
		row := rgb.Row(0, y)
		for i := range row {
			x, c := float64(i/3)/float64(w), float64(i%3)
			at := x*x*40*(1+c/3) + float64(y)/float64(h)*9*(1+x)
			row[i] = byte(128 + 90*math.Sin(at) + 8*r.Float64())
		}
	}
	p := picture(f, w, h)
	if err := pixel.Convert(&p, &rgb); err != nil {
		panic(err) // every format can be converted
	}
	return p
}

// psnr is how near the samples of two pictures of one format are, in decibels.
func psnr(a, b *frames.Picture) float64 {
	var sum, n float64
	for i := range a.Format.Planes() {
		_, rows := a.Format.PlaneSize(i, a.Width, a.Height)
		for y := range rows {
			p, q := a.Row(i, y), b.Row(i, y)
			for x := range p {
				d := float64(p[x]) - float64(q[x])
				sum, n = sum+d*d, n+1
			}
		}
	}
	if sum == 0 {
		return 99
	}
	return 10 * math.Log10(255*255*n/sum)
}

// thousandths is figure with one digit more.
func thousandths(v float64) string {
	if v == 0 {
		return figure(v)
	}
	return fmt.Sprintf("%.3f", v)
}
