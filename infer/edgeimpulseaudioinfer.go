package infer

import (
	"fmt"
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "edgeimpulseaudioinfer", LongName: "Edge Impulse Audio Inference", Class: "Filter/Audio/AI",
		Description: "Runs a model on windows of sound and posts what it hears as messages",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(audioCaps()), eiengine.SrcPad(audioCaps())},
		New:         func() eiengine.Element { return newAudioInfer() },
		Variant: func(variant string) eiengine.Element {
			e := newAudioInfer()
			e.variant = variant
			return e
		},
	})
}

// audioCaps are all raw sound. What the Edge Impulse plugin takes comes first: it
// is what sources choose that could give anything.
func audioCaps() frames.Caps {
	formats := frames.List{frames.String(frames.S16LE.String())}
	for _, f := range frames.SampleFormats() {
		if f != frames.S16LE {
			formats = append(formats, frames.String(f.String()))
		}
	}
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: formats},
		{Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: frames.IntRange{Min: 1, Max: 1 << 22}},
		{Name: "channels", Value: frames.IntRange{Min: 1, Max: 64}},
	}})
}

// continuousMode is the property continuous.
type continuousMode int

const (
	continuousAuto continuousMode = iota
	continuousNo
	continuousYes
)

// EnumValues implements eiengine.Enum.
func (continuousMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(continuousAuto), Nick: "auto"},
		{Value: int(continuousNo), Nick: "no"},
		{Value: int(continuousYes), Nick: "yes"},
	}
}

type audioInferProps struct {
	modelProps
	Continuous    continuousMode `prop:"continuous" doc:"Answer for each slice of a sliding window (yes), or for whole windows (no); auto asks the model, and means windows if window-stride is set"`
	WindowStride  uint           `prop:"window-stride" max:"3600000" doc:"Milliseconds from the beginning of one window to that of the next: less than a window for windows that overlap, 0 for one behind the other"`
	MovingAverage uint           `prop:"moving-average" max:"1000" doc:"Answers over which the score of each label is averaged, beginning with zeros; 0 or 1 for none"`
}

// audioWindow is how many frames of sound may be under way; they are small.
const audioWindow = 16

type audioInfer struct {
	eiengine.Settings[audioInferProps]
	binding
	forget atomic.Bool // a flush: what comes does not continue what came
}

func newAudioInfer() *audioInfer {
	a := &audioInfer{}
	a.judgeFor = a.judgeSound
	return a
}

func (a *audioInfer) properties() *modelProps { return &a.Load().modelProps }

func (a *audioInfer) setProperties(change func(*modelProps)) {
	a.Update(func(p *audioInferProps) { change(&p.modelProps) })
}

// Window implements eiengine.Async.
func (a *audioInfer) Window() int { return audioWindow }

// Open implements eiengine.Opener.
func (a *audioInfer) Open(c *eiengine.Ctx) error { return a.open(c, a.properties()) }

// Close implements eiengine.Opener.
func (a *audioInfer) Close(*eiengine.Ctx) error { return a.close() }

// Start implements eiengine.Starter.
func (a *audioInfer) Start(*eiengine.Ctx) error {
	a.begin()
	a.forget.Store(true)
	return nil
}

// Stop implements eiengine.Starter.
func (a *audioInfer) Stop(*eiengine.Ctx) error {
	a.settle()
	return nil
}

// Flush implements eiengine.Flusher.
func (a *audioInfer) Flush(*eiengine.Ctx) { a.forget.Store(true) }

// PropertyChanged implements eiengine.PropertyWatcher.
func (a *audioInfer) PropertyChanged(_ *eiengine.Ctx, name string) error {
	return a.changed(name, a)
}

// ReadProperty implements eiengine.PropertyReader.
func (a *audioInfer) ReadProperty(name string) (string, bool) {
	if name != "threshold" {
		return "", false
	}
	return a.thresholdText()
}

// Submit implements eiengine.Async.
func (a *audioInfer) Submit(c *eiengine.Ctx, in *frames.Frame, done eiengine.Ticket) {
	if !in.Format.IsAudio() {
		done.Fail(in, eiengine.Fatal(fmt.Errorf("got %s, not raw audio: put a parser (wavparse) or decodebin and audioconvert before it", in.Format)))
		return
	}
	a.submit(c, in, done, rules{})
}

// DrainAsync implements eiengine.AsyncDrainer: the last window is filled up with
// silence.
func (a *audioInfer) DrainAsync(c *eiengine.Ctx, done eiengine.Ticket) {
	a.submit(c, nil, done, rules{})
}
