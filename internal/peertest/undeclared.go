package peertest

// undeclared is what the engine leaves out, or declares in another way, and why.
var undeclared = map[string]string{
	"appsink.try-pull-object":                            "gives events too, which come by new-serialized-event",
	"audioconvert.mix-matrix":                            "a matrix is written as text, in the words of GStreamer",
	"audiotestsrc.blocksize":                             "is not built",
	"audiotestsrc.can-activate-pull":                     "is not built",
	"audiotestsrc.can-activate-push":                     "is not built",
	"audiotestsrc.samplesperbuffer":                      "is not built",
	"decodebin.autoplug-query":                           "elements ask one another nothing while they are chosen",
	"filesink.max-transient-error-timeout":               "is not built",
	"input-selector.active-pad":                          "pads are named",
	"input-selector.cache-buffers":                       "is not built",
	"level.audio-level-meta":                             "is not built",
	"multifilesrc.blocksize":                             "is not built",
	"output-selector.active-pad":                         "pads are named",
	"tee.alloc-pad":                                      "memory is not negotiated between elements, so no pad is asked for it",
	"tee.num-src-pads":                                   "is not built",
	"videorate.max-closing-segment-duplication-duration": "is not built",
	"videotestsrc.blocksize":                             "is not built",
	"multiqueue.pad-added":                               noPads,
	"multiqueue.pad-removed":                             noPads,
	"multiqueue.no-more-pads":                            noPads,
	"multiqueue.SRC src_%u":                              "is made with its sink pad; a line may link either of them first",
}

const noPads = "pads are linked before data flows"
