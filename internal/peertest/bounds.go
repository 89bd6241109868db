package peertest

// joins lead several streams into one.
var joins = []string{"funnel", "concat"}

// left are elements that no graph has, and why.
var left = map[string]string{
	"appsink":   "needs a program",
	"appsrc":    "needs a program",
	"clocksync": "waits for the clock",
	"gdpdepay":  "its own tests exchange recordings with GStreamer",
	"gdppay":    "GStreamer's has a stream header in its caps, one frame for each packet, and random names in the first; recordings are exchanged by the tests of gdpdepay",
	"jpegdec":   "GStreamer's jpegenc keeps RGB as RGB, the engine's always makes YCbCr, so what is decoded differs",
	"wavparse":  "GStreamer's cuts a stream into 4096 bytes, and behind a tee it can wait for ever for a header",
}

// leftProps are properties that no graph sets, of all elements or of one, and
// why.
var leftProps = map[string]string{
	"name":             "names are the generator's own",
	"num-buffers":      "set for every source",
	"is-live":          "depends on time",
	"do-timestamp":     "depends on time",
	"sync":             "depends on time",
	"sleep-time":       "costs time",
	"ts-offset":        "depends on time",
	"drop-probability": "random",
	"dump":             "writes bytes between the lines that are read",
	"silent":           "set for sinks",

	"use-buffering":     "pauses by time",
	"can-activate-push": "nothing plays without it",
	"can-activate-pull": "pulling is GStreamer's",
	"blocksize":         "asks for bytes, which is GStreamer's",

	"fakesink.state-error":                               "GStreamer does not end when a stop fails",
	"queue2.ring-buffer-max-size":                        "turns a stream into bytes, in GStreamer",
	"queue2.temp-template":                               "turns a stream into bytes, in GStreamer",
	"decodebin.max-size-buffers":                         "limits what is inside of GStreamer's",
	"decodebin.max-size-bytes":                           "limits what is inside of GStreamer's",
	"decodebin.max-size-time":                            "limits what is inside of GStreamer's",
	"decodebin.expose-all-streams":                       "GStreamer's may wait for ever for what it does not expose",
	"videorate.max-closing-segment-duplication-duration": "no effect here",

	"tee.has-chain": "without it GStreamer's tee cannot be pushed to, and fails",
	"tee.pull-mode": "pulling is GStreamer's",

	"queue.leaky":                 "depends on time",
	"queue.flush-on-eos":          "depends on time",
	"queue.min-threshold-buffers": "more than the limits of a queue is a deadlock in both",
	"queue.min-threshold-bytes":   "more than the limits of a queue is a deadlock in both",
	"queue.min-threshold-time":    "more than the limits of a queue is a deadlock in both",
	"valve.drop":                  "a shut valve keeps back the end of the stream, in both",

	"identity.datarate":          "counts the bytes of encoded pictures, of which each program makes its own number",
	"identity.eos-after":         "behind a queue GStreamer passes on one frame more, or not; behind a tee it may end the source",
	"pngenc.snapshot":            "as eos-after",
	"jpegenc.snapshot":           "as eos-after",
	"videoflip.method":           "has no effect in the launch lines of GStreamer 1.22; video-direction does the same",
	"videorate.max-rate":         "GStreamer's also asks the source for no more, so that another frame rate is chosen",
	"identity.drop-buffer-flags": "frames carry fewer flags here: first ones no discont, pictures no marker",
	"videorate.average-period":   "no effect here",
}

// chosen are the values of properties whose range is too wide or too narrow to
// pick from.
var chosen = map[string][]string{
	"videotestsrc.timestamp-offset":  {"0", "1000000", "500000000"},
	"videotestsrc.background-color":  {"0", "4278190080", "4294967295"},
	"audiotestsrc.timestamp-offset":  {"0", "1000000", "500000000"},
	"audiotestsrc.samplesperbuffer":  {"1", "100", "441", "1024", "3000"},
	"audiotestsrc.tick-interval":     {"1000000", "1000000000"},
	"videorate.rate":                 {"0.5", "1", "2", "3.3"},
	"videorate.max-duplication-time": {"0", "100000000"},
	"identity.error-after":           {"-1", "-1", "-1", "1", "3"},
	"level.interval":                 {"10000000", "100000000"},
	"videocrop.left":                 crop,
	"videocrop.right":                crop,
	"videocrop.top":                  crop,
	"videocrop.bottom":               crop,
	"queue.max-size-buffers":         {"0", "1", "2", "200"},
}

// crop leaves out -1, with which GStreamer cuts down to one pixel and the engine
// cuts nothing, unless caps say what is to be left.
var crop = []string{"0", "1", "2", "8"}

// apart are properties of which the second is dropped if the first is there.
var apart = [][2]string{
	// GStreamer's videorate leaves a stream as it is then.
	{"drop-only=true", "rate="},
}
