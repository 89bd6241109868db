package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/models"
)

// show is what the demonstration plays to a model.
type show struct {
	what, form string // in words
	// launch is the graph: scene is its source, model the inference, and output
	// writes what was judged.
	launch string
	file   string // what output writes, in the folder
	wrote  string // what that is, in a word
	tally  func(seed uint64) tally
}

// pictures is the graph for pictures of a source. The queue before the model drops
// frames that the model has no time for, as for a camera; the judge stands behind
// the model, where frames carry both what is known and what was found.
func pictures(source string) string {
	return source + ` !
		queue name=newest leaky=downstream max-size-buffers=1 !
		edgeimpulsevideoinfer name=model !
		judge !
		edgeimpulseoverlay !
		queue !
		jpegenc !
		multifilesink name=output`
}

const camera = "640x480 at 30 frames a second"

// shows are those of the engine's models.
var shows = map[string]show{
	"shapes": {
		what: "A scene", form: camera, file: "%05d.jpg", wrote: "pictures",
		launch: pictures(`videotestsrc name=scene pattern=shapes is-live=true !
			video/x-raw,format=RGB,width=640,height=480,framerate=30/1`),
		tally: func(uint64) tally { return new(shapesTally) },
	},
	"shapes-class": {
		what: "A scene of one shape at a time", form: camera, file: "%05d.jpg", wrote: "pictures",
		launch: pictures(`videotestsrc name=scene pattern=one-shape is-live=true !
			video/x-raw,format=RGB,width=640,height=480,framerate=30/1`),
		tally: func(uint64) tally { return new(shapeTally) },
	},
	"faults": {
		what: "A running cloth", form: "480x480 at 30 frames a second", file: "%05d.jpg", wrote: "pictures",
		launch: pictures(`videotestsrc name=scene pattern=fabric is-live=true !
			video/x-raw,format=RGB,width=480,height=480,framerate=30/1`),
		tally: func(uint64) tally { return new(faultTally) },
	},
	// Sound must not have gaps, so its queue drops nothing.
	"sounds": {
		what: "A soundscape", form: "16000 samples a second, 10 frames a second", file: "sounds.wav", wrote: "sound",
		launch: `audiotestsrc name=scene wave=sounds is-live=true samplesperbuffer=1600 !
			audio/x-raw,format=S16LE,rate=16000,channels=1 !
			queue !
			edgeimpulseaudioinfer name=model !
			judge !
			wavenc !
			filesink name=output`,
		tally: func(seed uint64) tally { return newSoundTally(seed) },
	},
}

// showOf says what to play for --model, and which model to open; without one the
// engine's own of that name is to be served.
func showOf(flag string) (name, model string) {
	if flag == "" {
		return "shapes", ""
	}
	if slices.Contains(builtin.Names(), flag) {
		return flag, ""
	}
	if name, ok := models.Builtin(flag); ok && slices.Contains(builtin.Names(), name) {
		return name, flag
	}
	return "shapes", flag
}

// single reports whether all of it goes into one file.
func (s *show) single() bool { return !strings.Contains(s.file, "%") }

// spec is the graph with its settings.
func (s *show) spec(flags demoFlags, model string) eiengine.Spec {
	spec, err := eiengine.ParseLaunch(s.launch)
	if err != nil {
		panic(err) // a constant
	}
	set := func(node, property, value string) {
		for i := range spec.Nodes {
			if n := &spec.Nodes[i]; n.Name == node {
				n.Props = append(n.Props, eiengine.PropSpec{Name: property, Value: value})
			}
		}
	}
	set("scene", "num-buffers", fmt.Sprint(flags.frames))
	set("scene", "seed", fmt.Sprint(flags.seed))
	set("model", "model-path", model)
	folder := flags.out
	if !s.single() {
		folder = strings.ReplaceAll(folder, "%", "%%")
	}
	set("output", "location", filepath.Join(folder, s.file))
	return spec
}
