package peertest

// undeclared is what the engine leaves out, or declares in another way, and why.
var undeclared = map[string]string{
	"appsink.try-pull-object":      "gives events too, which come by new-serialized-event",
	"audioconvert.mix-matrix":      "a matrix is written as text, in the words of GStreamer",
	"compositor.emit-signals":      "there is no samples-selected to be sent",
	"compositor.samples-selected":  "frames are chosen by their times; whoever looks on may stand before the compositor",
	"decodebin.autoplug-query":     "elements ask one another nothing while they are chosen",
	"imagesequencesrc.framerate":   "may be read, too",
	"input-selector.active-pad":    "pads are named",
	"output-selector.active-pad":   "pads are named",
	"pulsesrc.client-name":         byALSA,
	"pulsesrc.current-device":      byALSA,
	"pulsesrc.mute":                byALSA,
	"pulsesrc.server":              byALSA,
	"pulsesrc.source-output-index": byALSA,
	"pulsesrc.stream-properties":   byALSA,
	"pulsesrc.volume":              byALSA,
	"tee.alloc-pad":                "memory is not negotiated between elements, so no pad is asked for it",
	"v4l2src.crop-top":             noCrop,
	"v4l2src.crop-left":            noCrop,
	"v4l2src.crop-right":           noCrop,
	"v4l2src.crop-bottom":          noCrop,
	"v4l2src.crop-bounds":          noCrop,
	"multiqueue.pad-added":         noPads,
	"multiqueue.pad-removed":       noPads,
	"multiqueue.no-more-pads":      noPads,
	"multiqueue.SRC src_%u":        "is made with its sink pad; a line may link either of them first",
}

const noCrop = "few cameras can; videocrop behind it does it with all"

const byALSA = "records by ALSA's plugin, which does not give it; PULSE_SERVER in the environment names a server"
const noPads = "pads are linked before data flows"
