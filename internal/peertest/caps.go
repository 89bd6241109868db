package peertest

import (
	"fmt"
	"strings"
)

// What caps are made of. Formats are those that both know.
var (
	videoFormats = []string{"RGB", "I420", "YV12", "NV12", "NV21", "YUY2", "UYVY", "YVYU", "BGR", "RGBA", "BGRA", "ARGB", "ABGR", "RGBx", "BGRx", "xRGB", "xBGR", "GRAY8"}
	audioFormats = []string{"U8", "S16LE", "S24LE", "S32LE", "F32LE", "F64LE"}
	rates        = []string{"8000", "11025", "16000", "22050", "44100", "48000"}
	framerates   = []string{"5/1", "10/1", "15/1", "24/1", "25/1", "30/1", "30000/1001", "60/1"}
)

// sourceCaps fix the format, since GStreamer's sources prefer formats that the
// engine has not.
func (gen *Generator) sourceCaps(media string) string {
	if media == "audio/x-raw" {
		fields := []string{media, "format=" + pick(gen.r, []string{"S16LE", "S32LE", "F32LE", "F64LE"})}
		if gen.chance(0.6) {
			fields = append(fields, "rate="+pick(gen.r, rates))
		}
		if gen.chance(0.6) {
			fields = append(fields, fmt.Sprintf("channels=%d", 1+gen.r.IntN(2)))
		}
		return strings.Join(fields, ",")
	}
	fields := []string{media, "format=" + pick(gen.r, videoFormats)}
	if gen.chance(0.8) {
		fields = append(fields, fmt.Sprintf("width=%d,height=%d", gen.size(), gen.size()))
	}
	if gen.chance(0.7) {
		fields = append(fields, "framerate="+pick(gen.r, framerates))
	}
	return strings.Join(fields, ",")
}

// size is a width or height of a small picture.
func (gen *Generator) size() int { return 16 + gen.r.IntN(150) }

// filterCaps are caps in the middle of a chain: some fields, each of one value,
// a list or a range.
func (gen *Generator) filterCaps(media string) string {
	fields := []string{media}
	add := func(p float64, name, value string) {
		if gen.chance(p) {
			fields = append(fields, name+"="+value)
		}
	}
	switch media {
	case "video/x-raw":
		add(0.4, "format", some(gen.r, videoFormats, 3))
		before := len(fields)
		add(0.3, "width", gen.sizes())
		add(0.3, "height", gen.sizes())
		if len(fields) == before+1 {
			// Otherwise GStreamer keeps the other size and gives pixels another
			// shape, which the engine does not have.
			fields = append(fields, "pixel-aspect-ratio=1/1")
		}
		add(0.2, "framerate", gen.framerates())
	case "audio/x-raw":
		add(0.4, "format", some(gen.r, audioFormats, 3))
		add(0.3, "rate", gen.rates())
		add(0.3, "channels", pick(gen.r, []string{"1", "2", "[1,2]", "{1,2}", "[1,8]"}))
	case "image/png", "image/jpeg":
		add(0.2, "width", gen.sizes())
	}
	return strings.Join(fields, ",")
}

func (gen *Generator) sizes() string {
	low := gen.size()
	switch gen.r.IntN(4) {
	case 0:
		return fmt.Sprintf("[%d,%d]", low, low+1+gen.r.IntN(100))
	case 1:
		return fmt.Sprintf("{%d,%d}", low, gen.size())
	}
	return fmt.Sprint(low)
}

func (gen *Generator) framerates() string {
	switch gen.r.IntN(4) {
	case 0:
		return pick(gen.r, []string{"[5/1,12/1]", "[1/1,60/1]", "[20/1,100/1]"})
	case 1:
		return some(gen.r, framerates, 3)
	}
	return pick(gen.r, framerates)
}

func (gen *Generator) rates() string {
	if gen.chance(0.3) {
		return pick(gen.r, []string{"[8000,48000]", "[1,16000]", "[32000,96000]"})
	}
	return some(gen.r, rates, 3)
}
