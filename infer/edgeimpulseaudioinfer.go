package infer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "edgeimpulseaudioinfer", LongName: "Edge Impulse Audio Inference", Class: "Filter/Audio/AI",
		Description: "Runs a model on windows of sound and posts what it hears as messages",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(audioCaps()), eiengine.SrcPad(audioCaps())},
		New:         func() eiengine.Element { return newAudioInfer() },
	})
}

func audioCaps() frames.Caps {
	return frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
		{Name: "format", Value: frames.String("S16LE")},
		{Name: "layout", Value: frames.String("interleaved")},
		{Name: "rate", Value: frames.IntRange{Min: 8000, Max: 48000}},
		{Name: "channels", Value: frames.Int(1)},
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
	Continuous continuousMode `prop:"continuous" doc:"Answer for each slice of a sliding window (yes), or for windows one behind the other (no); auto asks the model"`
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

// judgeSound makes what asks a model of sound.
func (a *audioInfer) judgeSound(m *model) (judge, error) {
	i := m.info
	switch {
	case i.IsImage():
		return nil, fmt.Errorf("model %s takes pictures, not sound: use edgeimpulsevideoinfer", m.path)
	case i.Sensor != backend.SensorMicrophone && i.Sensor != backend.SensorUnknown && i.Sensor != 255, i.AxisCount > 1:
		return nil, fmt.Errorf("model %s takes %d values of %d axes of a sensor, not sound: train a model on sound", m.path, i.InputFeatures, i.AxisCount)
	case i.Frequency < 1 || i.Frequency != math.Trunc(i.Frequency):
		return nil, fmt.Errorf("model %s wants %v samples a second: a whole number was expected", m.path, i.Frequency)
	}
	j := &soundJudge{owner: a, model: m, size: i.InputFeatures}
	j.win.wanted = int(i.Frequency)
	switch a.Load().Continuous {
	case continuousYes:
		if !i.Continuous {
			return nil, fmt.Errorf("model %s is not made for continuous signals: set continuous=auto or no", m.path)
		}
		j.continuous = true
	case continuousAuto:
		j.continuous = i.Continuous
	}
	if j.continuous {
		if i.SliceSize < 1 || i.SliceSize > i.InputFeatures {
			return nil, fmt.Errorf("model %s has slices of %d values and windows of %d: set continuous=no", m.path, i.SliceSize, i.InputFeatures)
		}
		j.size = i.SliceSize
	}
	j.begin()
	return j, nil
}

// soundJudge asks a model about windows, or slices, of sound, one frame at a time.
type soundJudge struct {
	owner      *audioInfer
	model      *model
	continuous bool
	size       int // samples of one request

	win      windows
	fill     int           // slices that a continuous model needs before it can answer
	fed      bool          // since begin
	answered bool          // since begin
	last     time.Duration // PTS of the last frame
}

// begin waits for a full window again.
func (j *soundJudge) begin() {
	j.win.forget()
	j.fill, j.fed, j.answered = 0, false, false
	if j.continuous {
		j.fill = (j.model.info.InputFeatures+j.size-1)/j.size - 1
	}
}

func (j *soundJudge) judge(ctx context.Context, jb *job) ([]bus.Payload, error) {
	f := jb.frame
	if jb.client.restarted.Swap(false) && j.continuous {
		j.begin()
	}
	if j.owner.forget.Swap(false) || f != nil && f.Flags&frames.Discont != 0 {
		j.begin()
	}
	if f == nil {
		return j.drain(ctx, jb)
	}
	if err := j.win.setRate(f.Format.Audio.Rate); err != nil {
		return nil, eiengine.Fatal(err)
	}
	j.win.add(f.Bytes())
	j.last = f.PTS
	return j.ask(ctx, jb)
}

// ask makes as many requests as there are samples for.
func (j *soundJudge) ask(ctx context.Context, jb *job) (msgs []bus.Payload, err error) {
	for j.win.held() >= j.size {
		start := time.Now()
		j.win.take(jb.backend.Input()[:j.size])
		more, e := j.request(ctx, jb, start)
		msgs = append(msgs, more...)
		err = errors.Join(err, e)
	}
	return msgs, err
}

// drain fills the last window up with silence, if something new is in it. A
// continuous model that never had a full window gets more silence, so that even
// a short sound is answered once.
func (j *soundJudge) drain(ctx context.Context, jb *job) (msgs []bus.Payload, err error) {
	if j.win.rate == 0 {
		return nil, nil
	}
	j.win.finish()
	msgs, err = j.ask(ctx, jb)
	for err == nil && (j.win.held() > 0 || j.continuous && j.fed && !j.answered) {
		start := time.Now()
		j.win.takeRest(jb.backend.Input()[:j.size])
		var more []bus.Payload
		more, err = j.request(ctx, jb, start)
		msgs = append(msgs, more...)
	}
	j.begin()
	return msgs, err
}

// request asks about what is in the input; nil while a continuous model's window
// is not full.
func (j *soundJudge) request(ctx context.Context, jb *job, start time.Time) ([]bus.Payload, error) {
	asked := time.Now()
	res, err := j.classify(ctx, jb.backend)
	if err != nil {
		return nil, err
	}
	j.fed = true
	if j.fill > 0 {
		j.fill--
		return nil, nil
	}
	j.answered = true
	inf := &bus.Inference{
		Profile: j.owner.Load().MessageProfile.of(jb.c.Engine()),
		Window:  &bus.Window{Start: frames.NoTime, Duration: j.model.info.Window()}, Timestamp: j.last, Type: bus.ResultType(res), Result: res, ToFrame: frames.Identity,
		Timing: time.Since(asked), Resize: asked.Sub(start), Latency: frames.NoTime,
	}
	if f := jb.frame; f != nil {
		if f.Mono != frames.NoTime {
			inf.Latency = jb.c.Now() - f.Mono
		}
		f.Attach(&frames.InferenceResult{Element: jb.c.Name(), Type: inf.Type, Result: res})
	}
	j.model.logExchange(jb.c, inf)
	return inf.Messages(), nil
}

// failed implements judge. The plugin posts nothing when sound could not be judged.
func (j *soundJudge) failed(jb *job, err error) []bus.Payload {
	profile := j.owner.Load().MessageProfile.of(jb.c.Engine())
	if profile == bus.Plugin {
		return nil
	}
	return []bus.Payload{&bus.InferenceFailed{Timestamp: j.last, Err: err, Profile: profile, Sound: true}}
}

func (j *soundJudge) classify(ctx context.Context, m backend.Model) (*backend.Result, error) {
	if j.continuous {
		return m.ClassifyContinuous(ctx)
	}
	return m.Classify(ctx)
}
