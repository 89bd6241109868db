package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm/pcmtest"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/overlay/raster"
)

// The colours of both programs, and of what is around.
var (
	ink      = []color.RGBA{{20, 90, 200, 255}, {220, 110, 20, 255}}
	names    = []string{"eiengine", "GStreamer"}
	black    = color.RGBA{0, 0, 0, 255}
	gridline = color.RGBA{215, 215, 215, 255}
)

// draw makes pictures of the first trial: what passes at which frequency, and what a
// sweep becomes.
func draw(p programs, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := drawResponse(p, trials[0], filepath.Join(dir, "resample-response.png")); err != nil {
		return err
	}
	return drawSweep(p, trials[0], filepath.Join(dir, "resample-sweep.png"))
}

// chart is a rectangle of a picture with axes.
type chart struct {
	img            *image.RGBA
	face           *raster.Face
	area           image.Rectangle
	x0, x1, y0, y1 float64 // values at its edges; y0 at the bottom
}

func newPicture(w, h int) (*image.RGBA, *raster.Face, error) {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	face, err := raster.NewFace(13, false)
	return img, face, err
}

func (c *chart) text(x, y int, text string, col color.RGBA) error {
	b := c.img.Bounds()
	p := frames.Picture{Format: frames.RGBA, Width: b.Dx(), Height: b.Dy()}
	p.Data[0], p.Stride[0] = c.img.Pix, c.img.Stride
	return raster.DrawText(&p, x, y, text, c.face, pixel.Color{R: col.R, G: col.G, B: col.B, A: 255})
}

func (c *chart) at(x, y float64) (px, py int) {
	return c.area.Min.X + int(math.Round((x-c.x0)/(c.x1-c.x0)*float64(c.area.Dx()-1))),
		c.area.Max.Y - 1 - int(math.Round((y-c.y0)/(c.y1-c.y0)*float64(c.area.Dy()-1)))
}

// axes draws lines at multiples of a step, and their values.
func (c *chart) axes(title, format string, dx, dy float64) error {
	for y := c.y0; y <= c.y1+dy/100; y += dy {
		_, py := c.at(c.x0, y)
		for px := c.area.Min.X; px < c.area.Max.X; px++ {
			c.img.SetRGBA(px, py, gridline)
		}
		if err := c.text(c.area.Min.X-52, py-8, fmt.Sprintf(format, y), black); err != nil {
			return err
		}
	}
	for x := c.x0; x <= c.x1+dx/100; x += dx {
		px, _ := c.at(x, c.y0)
		for py := c.area.Min.Y; py < c.area.Max.Y; py++ {
			c.img.SetRGBA(px, py, gridline)
		}
		if err := c.text(px-6, c.area.Max.Y+3, fmt.Sprintf("%g", x), black); err != nil {
			return err
		}
	}
	return c.text(c.area.Min.X, c.area.Min.Y-20, title, black)
}

// line joins points by a line two pixels thick; values outside stay at the edge.
func (c *chart) line(xs, ys []float64, col color.RGBA) {
	for i := 1; i < len(xs); i++ {
		ax, ay := c.at(xs[i-1], min(max(ys[i-1], c.y0), c.y1))
		bx, by := c.at(xs[i], min(max(ys[i], c.y0), c.y1))
		n := max(1, bx-ax, by-ay, ay-by)
		for k := 0; k <= n; k++ {
			x, y := ax+(bx-ax)*k/n, ay+(by-ay)*k/n
			c.img.SetRGBA(x, y, col)
			c.img.SetRGBA(x, min(y+1, c.area.Max.Y-1), col)
		}
	}
}

func drawResponse(p programs, t trial, file string) error {
	img, face, err := newPicture(900, 620)
	if err != nil {
		return err
	}
	top, end := float64(t.from.Rate)/2000, float64(t.to.Rate)/2000
	all := chart{img, face, image.Rect(70, 30, 880, 360), 0, top, -120, 0}
	if err := all.axes(fmt.Sprintf("%v %d Hz to %v %d Hz: everything that comes out for a tone, dB by kHz", t.from.Format, t.from.Rate, t.to.Format, t.to.Rate), "%.0f", 2, 20); err != nil {
		return err
	}
	near := chart{img, face, image.Rect(70, 420, 880, 590), 0, end, -0.01, 0.01}
	if err := near.axes("the pass band, dB by kHz", "%.3f", 1, 0.005); err != nil {
		return err
	}
	train := pcmtest.Train{Rate: t.from.Rate, Hz: pcmtest.Steps(20, float64(t.from.Rate)/2-20, 400), Amplitude: loud}
	for i, program := range p {
		out, err := through(program, t.elements, train.Samples(), t.from, t.to)
		if err != nil {
			return err
		}
		var khz, level, gain []float64
		for _, h := range train.Heard(out, t.to.Rate) {
			khz = append(khz, h.Hz/1000)
			level = append(level, pcmtest.DB(math.Hypot(h.Gain, h.Rest)))
			gain = append(gain, pcmtest.DB(h.Gain))
		}
		all.line(khz, level, ink[i])
		passing := 0
		for passing < len(khz) && khz[passing] < end*0.86 {
			passing++
		}
		near.line(khz[:passing], gain[:passing], ink[i])
		if err := all.text(760, 40+20*i, names[i], ink[i]); err != nil {
			return err
		}
	}
	return save(file, img)
}

func drawSweep(p programs, t trial, file string) error {
	img, face, err := newPicture(900, 330)
	if err != nil {
		return err
	}
	sweep := t.sweep()
	panels := [][]float64{sweep.Samples()}
	for _, program := range p {
		out, err := through(program, t.elements, sweep.Samples(), t.from, t.to)
		if err != nil {
			return err
		}
		panels = append(panels, out)
	}
	titles := []string{fmt.Sprintf("before, %d Hz", t.from.Rate), names[0] + fmt.Sprintf(", %d Hz", t.to.Rate), names[1]}
	rates := []int{t.from.Rate, t.to.Rate, t.to.Rate}
	for i, samples := range panels {
		c := chart{img, face, image.Rect(60+290*i, 30, 290+290*i, 300), 0, sweep.Seconds, 0, float64(rates[i]) / 2000}
		if err := c.axes(titles[i], "%.0f k", 1, c.y1/4); err != nil {
			return err
		}
		c.spectrogram(samples, rates[i])
	}
	return save(file, img)
}

// spectrogram fills a chart of kilohertz by seconds: black for -112 dB, white for 0.
func (c *chart) spectrogram(samples []float64, rate int) {
	for px := c.area.Min.X; px < c.area.Max.X; px++ {
		at := int(float64(px-c.area.Min.X) / float64(c.area.Dx()) * float64(len(samples)-pcmtest.SpectrumSamples))
		levels := pcmtest.Spectrum(samples[at : at+pcmtest.SpectrumSamples])
		h := c.area.Dy()
		for row := range h {
			// The loudest of what falls onto a pixel.
			var most float64
			for _, v := range levels[row*len(levels)/h : max((row+1)*len(levels)/h, row*len(levels)/h+1)] {
				most = max(most, v)
			}
			c.img.SetRGBA(px, c.area.Max.Y-1-row, heat((pcmtest.DB(most/loud)+112)/112))
		}
	}
}

// heat is a colour for 0..1, from black through red and yellow to white.
func heat(v float64) color.RGBA {
	part := func(from float64) uint8 { return uint8(255 * min(max((v-from)*3, 0), 1)) }
	return color.RGBA{part(0), part(1.0 / 3), part(2.0 / 3), 255}
}

func save(file string, img image.Image) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := errors.Join(enc.Encode(f, img), f.Close()); err != nil {
		return err
	}
	fmt.Println(file)
	return nil
}
