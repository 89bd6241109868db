package main

import (
	"fmt"
	"slices"
	"strings"
)

// work is one launch line, which both sides run. In it COUNT stands for the number of
// frames, and JPEG for the file of a picture.
type work struct {
	name   string
	line   string
	atMost float64 // of GStreamer's processor time
}

const (
	ahead   = 1.
	quarter = 1. / 4
)

// works are all lines, in the order in which they are printed.
func works() []work {
	return slices.Concat(graph, stages("a still", still, conversions), stages("videotestsrc", drawn, conversions), sources, tiles, sound, codecs)
}

var graph = []work{
	{"fakesrc → fakesink", "fakesrc num-buffers=COUNT ! fakesink", ahead},
	{"fakesrc → 10 identity → fakesink", "fakesrc num-buffers=COUNT ! " + strings.Repeat("identity ! ", 10) + "fakesink", ahead},
	{"fakesrc → queue → fakesink", "fakesrc num-buffers=COUNT ! queue ! fakesink", ahead},
}

// stage is what is done to raw pictures: elements and the caps behind them.
type stage struct {
	from     raw
	elements string
	to       raw
	atMost   float64
}

// raw is a pixel format with a size, or without one where nothing scales.
type raw struct {
	format        string
	width, height int
}

func (r raw) String() string {
	if r.width == 0 {
		return r.format
	}
	return fmt.Sprintf("%s %dx%d", r.format, r.width, r.height)
}

func (r raw) caps() string {
	if r.width == 0 {
		return "video/x-raw,format=" + r.format
	}
	return fmt.Sprintf("video/x-raw,format=%s,width=%d,height=%d", r.format, r.width, r.height)
}

func hd(format string) raw     { return raw{format, 1280, 720} }
func fullHD(format string) raw { return raw{format, 1920, 1080} }

var model = raw{"RGB", 320, 320}

const (
	convert      = "videoconvert n-threads=1"
	linear       = "videoscale n-threads=1 add-borders=false method=bilinear"
	nearest      = "videoscale n-threads=1 add-borders=false method=nearest-neighbour"
	linearInOne  = "videoconvertscale n-threads=1 add-borders=false method=bilinear"
	nearestInOne = "videoconvertscale n-threads=1 add-borders=false method=nearest-neighbour"
)

var conversions = []stage{
	{hd("YUY2"), convert, raw{format: "RGB"}, quarter},
	{hd("YUY2"), convert + " ! videoscale", raw{format: "RGB"}, quarter},
	{fullHD("NV12"), convert, raw{format: "RGB"}, quarter},
	{fullHD("I420"), convert, raw{format: "RGB"}, quarter},
	{hd("RGB"), convert, raw{format: "I420"}, quarter},
	{hd("RGB"), convert, raw{format: "NV12"}, quarter},
	{hd("BGRx"), convert, raw{format: "I420"}, quarter},
	{hd("BGRx"), convert, raw{format: "NV12"}, quarter},
	{fullHD("I420"), convert, raw{format: "BGRx"}, quarter},
	{fullHD("I420"), convert, raw{format: "RGBA"}, quarter},
	{fullHD("NV12"), convert, raw{format: "BGRx"}, quarter},
	{fullHD("NV12"), convert, raw{format: "RGBA"}, quarter},
	{hd("YUY2"), convert, raw{format: "BGRx"}, quarter},
	{hd("YUY2"), convert, raw{format: "RGBA"}, quarter},
	{fullHD("I420"), convert, raw{format: "GRAY8"}, ahead},
	{fullHD("NV12"), convert, raw{format: "GRAY8"}, ahead},
	{hd("YUY2"), convert, raw{format: "GRAY8"}, ahead},
	{hd("RGB"), convert, raw{format: "GRAY8"}, ahead},
	{hd("RGB"), convert, raw{format: "BGR"}, ahead},
	{hd("YUY2"), convert, raw{format: "I420"}, ahead},
	{fullHD("NV12"), convert, raw{format: "I420"}, ahead},
	{fullHD("I420"), convert + " ! " + linear, model, ahead},
	{fullHD("I420"), linear + " ! " + convert, model, ahead},
	{fullHD("I420"), linearInOne, model, ahead},
	{fullHD("I420"), convert + " ! " + nearest, model, ahead},
	{fullHD("I420"), nearest + " ! " + convert, model, ahead},
	{fullHD("I420"), nearestInOne, model, ahead},
	{fullHD("RGB"), linear, model, ahead},
	{fullHD("RGB"), nearest, model, ahead},
}

// stages are the lines that do each stage to the pictures of a source.
func stages(name string, source func(raw) string, all []stage) (lines []work) {
	for _, s := range all {
		lines = append(lines, work{
			name:   fmt.Sprintf("%s, %v → %v by %s", name, s.from, s.to, bare(s.elements)),
			line:   fmt.Sprintf("%s ! %s ! %s ! fakesink sync=false", source(s.from), s.elements, s.to.caps()),
			atMost: s.atMost,
		})
	}
	return lines
}

// bare are elements without the properties that say nothing of the work.
func bare(elements string) string {
	return strings.NewReplacer(" n-threads=1", "", " add-borders=false", "", " method=", " ").Replace(elements)
}

// still is one picture again and again: nothing but the stage behind it costs.
func still(r raw) string {
	return fmt.Sprintf("videotestsrc num-buffers=1 pattern=smpte ! %s,framerate=30/1 ! imagefreeze num-buffers=COUNT", r.caps())
}

// drawn are new pictures, whose memory has to be touched.
func drawn(r raw) string { return pattern("black", r) }

func pattern(name string, r raw) string {
	return fmt.Sprintf("videotestsrc num-buffers=COUNT pattern=%s ! %s,framerate=30/1", name, r.caps())
}

func source(line string) string { return line + " ! fakesink sync=false" }

var sources = []work{
	{"videotestsrc black, YUY2 1280x720", source(pattern("black", hd("YUY2"))), ahead},
	{"videotestsrc black, RGB 1280x720", source(pattern("black", hd("RGB"))), ahead},
	{"videotestsrc black, I420 1920x1080", source(pattern("black", fullHD("I420"))), ahead},
	{"videotestsrc black, NV12 1920x1080", source(pattern("black", fullHD("NV12"))), ahead},
	{"videotestsrc solid-color, I420 1920x1080", source(pattern("solid-color", fullHD("I420"))), ahead},
	{"videotestsrc smpte, YUY2 1280x720", source(pattern("smpte", hd("YUY2"))), ahead},
	{"videotestsrc smpte, RGB 1280x720", source(pattern("smpte", hd("RGB"))), ahead},
	{"videotestsrc smpte, I420 1920x1080", source(pattern("smpte", fullHD("I420"))), ahead},
	{"videotestsrc smpte, NV12 1920x1080", source(pattern("smpte", fullHD("NV12"))), ahead},
	{"videotestsrc ball, I420 1280x720", source(pattern("ball", hd("I420"))), ahead},
	{"videotestsrc snow, I420 1280x720", source(pattern("snow", hd("I420"))), ahead},
	{"imagefreeze, I420 1280x720", source(still(hd("I420"))), ahead},
}

const tone = "audiotestsrc num-buffers=COUNT samplesperbuffer=1024"

var sound = []work{
	{"audiotestsrc, S16 mono at 16 kHz", source(tone + " ! audio/x-raw,format=S16LE,channels=1,rate=16000"), ahead},
	{"audiotestsrc, F32 stereo at 48 kHz", source(tone + " ! audio/x-raw,format=F32LE,channels=2,rate=48000"), ahead},
	{"the same → S16 mono at 16 kHz by audioconvert ! audioresample",
		source(tone + " ! audio/x-raw,format=F32LE,channels=2,rate=48000 ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000"), ahead},
	{"audiotestsrc, S16 mono at 48 kHz → 16 kHz by audioresample",
		source(tone + " ! audio/x-raw,format=S16LE,channels=1,rate=48000 ! audioresample ! audio/x-raw,rate=16000"), ahead},
}

var codecs = []work{
	{"a still, I420 1280x720 → jpegenc", source(still(hd("I420")) + " ! jpegenc"), ahead},
	{"a still, RGB 1280x720 → pngenc", source(still(hd("RGB")) + " ! pngenc"), ahead / 3},
	{"JPEG 1280x720 → jpegdec", source("multifilesrc location=JPEG loop=true num-buffers=COUNT caps=image/jpeg,framerate=30/1 ! jpegdec"), ahead},
}
