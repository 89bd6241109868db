package infer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// soundJudge asks a model about windows, or slices, of sound, one frame at a time.
type soundJudge struct {
	owner      *audioInfer
	model      *model
	continuous bool
	size       int // samples of one request
	stride     int // samples from one request to the next

	win      windows
	silence  silence
	average  movingAverage
	warned   bool
	fill     int           // slices that a continuous model needs before it can answer
	fed      bool          // since begin
	answered bool          // since begin
	padding  int           // samples of silence in the window, at the end of the stream
	last     time.Duration // PTS of the last frame
	mono     time.Duration // when that was captured
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
	case i.InputFeatures < 1:
		return nil, fmt.Errorf("model %s takes no samples: it cannot be asked", m.path)
	}
	j := &soundJudge{owner: a, model: m, last: frames.NoTime, mono: frames.NoTime}
	j.win.wanted = int(i.Frequency)
	if err := j.configure(a.Load()); err != nil {
		return nil, err
	}
	return j, nil
}

// configure follows the properties; a run begins with it.
func (j *soundJudge) configure(p *audioInferProps) error {
	i := j.model.info
	j.continuous = p.Continuous == continuousYes || p.Continuous == continuousAuto && i.Continuous && p.WindowStride == 0
	j.size = i.InputFeatures
	switch {
	case j.continuous && !i.Continuous:
		return fmt.Errorf("model %s is not made for continuous signals: set continuous=auto or no", j.model.path)
	case j.continuous && p.WindowStride > 0:
		return fmt.Errorf("window-stride=%d with continuous=yes: slices follow one another, leave out one of the two", p.WindowStride)
	case j.continuous && (i.SliceSize < 1 || i.SliceSize > i.InputFeatures):
		return fmt.Errorf("model %s has slices of %d values and windows of %d: set continuous=no", j.model.path, i.SliceSize, i.InputFeatures)
	case j.continuous:
		j.size = i.SliceSize
	}
	j.stride = j.size
	if p.WindowStride > 0 {
		j.stride = max(1, int(int64(p.WindowStride)*int64(j.win.wanted)/1000))
	}
	j.average.setLength(int(p.MovingAverage))
	if i.HasPerformanceCalibration && p.MovingAverage > 1 {
		j.average.setLength(0)
		j.warnCalibrated(p.MovingAverage)
	}
	j.silence.begin(i.InputFeatures)
	j.begin()
	return nil
}

// warnCalibrated says once that there is nothing to average.
func (j *soundJudge) warnCalibrated(average uint) {
	if !j.warned {
		j.owner.c.Warn(fmt.Errorf("moving-average=%d has no effect: model %s is calibrated, it tells events and not scores", average, j.model.path))
	}
	j.warned = true
}

// begin waits for a full window again.
func (j *soundJudge) begin() {
	j.win.forget()
	j.average.forget()
	j.fill, j.fed, j.answered, j.padding = 0, false, false, 0
	if j.continuous {
		j.fill = (j.model.info.InputFeatures+j.size-1)/j.size - 1
	}
}

// judge implements judge.
func (j *soundJudge) judge(ctx context.Context, jb *job) ([]bus.Payload, error) {
	f := jb.frame
	if jb.client.restarted.Swap(false) && j.continuous {
		j.begin()
	}
	if j.owner.forget.Swap(false) {
		if err := j.configure(j.owner.Load()); err != nil {
			return nil, eiengine.Fatal(err)
		}
	}
	if f == nil {
		return j.drain(ctx, jb)
	}
	changed, err := j.win.setFormat(f.Format.Audio)
	if err != nil {
		return nil, eiengine.Fatal(err)
	}
	if changed || f.Flags&frames.Discont != 0 || !j.win.continues(f.PTS) {
		j.begin()
	}
	j.last, j.mono = f.PTS, f.Mono
	samples, err := j.win.add(f.Bytes(), f.PTS)
	if err != nil {
		return nil, err
	}
	if err := j.silence.hear(samples); err != nil {
		jb.c.Warn(err)
	}
	return j.ask(ctx, jb)
}

// ask makes as many requests as there are samples for.
func (j *soundJudge) ask(ctx context.Context, jb *job) (msgs []bus.Payload, err error) {
	for j.win.held() >= j.size {
		more, e := j.request(ctx, jb)
		msgs = append(msgs, more...)
		err = errors.Join(err, e)
	}
	return msgs, err
}

// drain fills the last window up with silence, if something new is in it. A
// continuous model that never had a full window gets more silence, so that even
// a short sound is answered once.
func (j *soundJudge) drain(ctx context.Context, jb *job) (msgs []bus.Payload, err error) {
	if j.win.in.Rate == 0 {
		return nil, nil
	}
	j.win.finish()
	msgs, err = j.ask(ctx, jb)
	for err == nil && (j.win.fresh() > 0 || j.continuous && j.fed && !j.answered) {
		var more []bus.Payload
		more, err = j.request(ctx, jb)
		msgs = append(msgs, more...)
	}
	j.begin()
	return msgs, err
}

// request asks about the next window or slice; nil while a continuous model's
// window is not full.
func (j *soundJudge) request(ctx context.Context, jb *job) ([]bus.Payload, error) {
	start := time.Now()
	j.padding += j.win.take(jb.backend.Input()[:j.size], j.stride)
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
	res = j.average.smooth(res)
	inf := &bus.Inference{
		Profile: j.owner.Load().MessageProfile.of(jb.c.Engine()), Window: j.window(),
		Timestamp: j.last, Type: bus.ResultType(res), Result: res, ToFrame: frames.Identity,
		Timing: time.Since(asked), Resize: asked.Sub(start), Latency: frames.NoTime,
	}
	if j.mono != frames.NoTime {
		inf.Latency = jb.c.Now() - j.mono
	}
	if f := jb.frame; f != nil {
		f.Attach(&frames.InferenceResult{Element: jb.c.Name(), Type: inf.Type, Result: res})
	}
	j.model.logExchange(jb.c, inf)
	return inf.Messages(), nil
}

// window is what the model heard.
func (j *soundJudge) window() *bus.Window {
	n := j.model.info.InputFeatures
	return &bus.Window{
		Start:    j.win.time(max(j.win.judged-int64(n), 0)),
		Duration: j.win.length(n), Padding: j.win.length(min(j.padding, n)),
	}
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
