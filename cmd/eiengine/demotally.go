package main

import (
	"github.com/eiengine/eiengine/capture"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// tally counts how often a model was right.
type tally interface {
	// judge compares what was found in a frame with the truth it carries.
	judge(in *frames.Frame, found *backend.Result)
	// rows prints the sums, each as a row of the table.
	rows(row func(name, format string, args ...any))
}

// shapesTally counts boxes.
type shapesTally struct{ right, wrong, missed int }

func (t *shapesTally) judge(in *frames.Frame, _ *backend.Result) {
	truth, ok := frames.MetaOf[*capture.Truth](in)
	if !ok {
		return
	}
	var found []scene.Detection
	for m := range in.Metas() {
		if r, ok := m.(*frames.Region); ok && !r.FullFrame {
			found = append(found, scene.Detection{Label: r.Label, X: float64(r.Rect.X), Y: float64(r.Rect.Y), W: float64(r.Rect.W), H: float64(r.Rect.H)})
		}
	}
	right, wrong, missed := scene.Match(truth.Shapes, found)
	t.right, t.wrong, t.missed = t.right+right, t.wrong+wrong, t.missed+missed
}

func (t *shapesTally) rows(row func(name, format string, args ...any)) {
	row("precision", "%.3f: %d of %d detections are right", ratio(t.right, t.right+t.wrong), t.right, t.right+t.wrong)
	row("recall", "%.3f: %d of %d shapes were found", ratio(t.right, t.right+t.missed), t.right, t.right+t.missed)
}

// shapeTally counts the names of whole pictures.
type shapeTally struct{ right, all int }

func (t *shapeTally) judge(in *frames.Frame, found *backend.Result) {
	truth, ok := frames.MetaOf[*capture.Truth](in)
	if !ok {
		return
	}
	label := scene.None
	if len(truth.Shapes) > 0 {
		label = truth.Shapes[0].Label
	}
	t.all++
	if top, ok := found.Top(); ok && top.Label == label {
		t.right++
	}
}

func (t *shapeTally) rows(row func(name, format string, args ...any)) {
	row("accuracy", "%.3f: %d of %d frames are named right", ratio(t.right, t.all), t.right, t.all)
}

// faultTally counts alarms. Frames that show a fault in part are right either way.
type faultTally struct{ faulty, found, good, alarms int }

func (t *faultTally) judge(in *frames.Frame, found *backend.Result) {
	truth, ok := frames.MetaOf[*capture.Truth](in)
	if !ok || found.VisualAnomaly == nil {
		return
	}
	whole := false
	for _, f := range truth.Faults {
		whole = whole || f.Visible > 0.99
	}
	alarm := len(found.VisualAnomaly.Grid) > 0
	switch {
	case whole:
		t.faulty++
		if alarm {
			t.found++
		}
	case len(truth.Faults) == 0:
		t.good++
		if alarm {
			t.alarms++
		}
	}
}

func (t *faultTally) rows(row func(name, format string, args ...any)) {
	row("recall", "%.3f: %d of %d frames with a whole fault alarmed", ratio(t.found, t.faulty), t.found, t.faulty)
	row("alarms", "%d of %d frames of good cloth alarmed", t.alarms, t.good)
}

// soundTally counts the names of windows. Where a sound begins or ends either
// answer is right.
type soundTally struct {
	scape      *soundscape.Soundscape
	right, all int
}

// window and slice are the samples that an answer is about and from one answer to
// the next.
const (
	soundRate = 16000
	window    = soundRate
	slice     = soundRate / 4
)

func newSoundTally(seed uint64) *soundTally {
	return &soundTally{scape: soundscape.New(seed, soundRate)}
}

func (t *soundTally) judge(in *frames.Frame, found *backend.Result) {
	truth, ok := frames.MetaOf[*capture.SoundTruth](in)
	if !ok {
		return
	}
	end := (truth.First + truth.Samples) / slice * slice // of the slice that this frame completed
	label, clear := t.scape.Label(end-window, end)
	if !clear {
		return
	}
	t.all++
	if top, ok := found.Top(); ok && top.Label == label {
		t.right++
	}
}

func (t *soundTally) rows(row func(name, format string, args ...any)) {
	row("accuracy", "%.3f: %d of %d windows are named right", ratio(t.right, t.all), t.right, t.all)
}
