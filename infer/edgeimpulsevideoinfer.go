package infer

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "edgeimpulsevideoinfer", LongName: "Edge Impulse Video Inference", Class: "Filter/Video/AI",
		Description: "Runs a model on each frame, attaches what it finds and posts it as a message",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(videoCaps()), eiengine.SrcPad(videoCaps())},
		New:         func() eiengine.Element { return newVideoInfer() },
		Variant: func(variant string) eiengine.Element {
			e := newVideoInfer()
			e.variant = variant
			return e
		},
	})
}

// videoCaps are all raw formats; those of the Edge Impulse plugin come first.
func videoCaps() frames.Caps {
	names := frames.List{frames.String("RGB"), frames.String("GRAY8")}
	for _, f := range frames.PixelFormats() {
		if f != frames.RGB && f != frames.GRAY8 {
			names = append(names, frames.String(f.String()))
		}
	}
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: names},
		{Name: "width", Value: frames.IntRange{Min: 1, Max: 32768}},
		{Name: "height", Value: frames.IntRange{Min: 1, Max: 32768}},
	}})
}

// resizeMode is the property resize-mode.
type resizeMode int

const (
	resizeAuto resizeMode = iota
	resizeSquash
	resizeFitShortest
	resizeFitLongest
)

// EnumValues implements eiengine.Enum.
func (resizeMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(resizeAuto), Nick: "auto"},
		{Value: int(resizeSquash), Nick: string(backend.ResizeSquash)},
		{Value: int(resizeFitShortest), Nick: string(backend.ResizeFitShortest)},
		{Value: int(resizeFitLongest), Nick: string(backend.ResizeFitLongest)},
	}
}

// of is the way to resize for a model that wants own.
func (r resizeMode) of(own backend.ResizeMode) backend.ResizeMode {
	switch r {
	case resizeSquash:
		return backend.ResizeSquash
	case resizeFitShortest:
		return backend.ResizeFitShortest
	case resizeFitLongest:
		return backend.ResizeFitLongest
	}
	if own == backend.ResizeUnset {
		return backend.ResizeFitShortest
	}
	return own
}

type videoInferProps struct {
	modelProps
	ruleProps
	ResizeMode resizeMode `prop:"resize-mode,live" doc:"How frames of another shape become the model's input; auto is what the model was trained with, fit-shortest if it does not say"`
}

type videoInfer struct {
	eiengine.Settings[videoInferProps]
	binding
}

func newVideoInfer() *videoInfer {
	v := &videoInfer{}
	v.judgeFor = v.judgePictures
	return v
}

func (v *videoInfer) properties() *modelProps { return &v.Load().modelProps }

func (v *videoInfer) setProperties(change func(*modelProps)) {
	v.Update(func(p *videoInferProps) { change(&p.modelProps) })
}

// Window implements eiengine.Async.
func (v *videoInfer) Window() int {
	r := v.Load().rules()
	return r.window(v.parallel())
}

// Open implements eiengine.Opener.
func (v *videoInfer) Open(c *eiengine.Ctx) error {
	if err := v.Load().check(); err != nil {
		return err
	}
	return v.open(c, v.properties())
}

// Close implements eiengine.Opener.
func (v *videoInfer) Close(*eiengine.Ctx) error { return v.close() }

// Start implements eiengine.Starter.
func (v *videoInfer) Start(*eiengine.Ctx) error {
	v.begin()
	return nil
}

// Stop implements eiengine.Starter.
func (v *videoInfer) Stop(*eiengine.Ctx) error {
	v.settle()
	return nil
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (v *videoInfer) PropertyChanged(_ *eiengine.Ctx, name string) error {
	switch name {
	case "queue-policy", "max-latency":
		return v.Load().check()
	}
	return v.changed(name, v)
}

// Counts implements eiengine.Counter.
func (v *videoInfer) Counts() []eiengine.Count { return v.counts.list() }

// ReadProperty implements eiengine.PropertyReader.
func (v *videoInfer) ReadProperty(name string) (string, bool) {
	switch name {
	case "threshold":
		return v.thresholdText()
	case "stats":
		return v.counts.text(v.parallel()), true
	}
	return "", false
}

// Submit implements eiengine.Async.
func (v *videoInfer) Submit(c *eiengine.Ctx, in *frames.Frame, done eiengine.Ticket) {
	if !in.Format.IsVideo() {
		done.Fail(in, eiengine.Fatal(fmt.Errorf("got %s, not raw video: put a decoder (decodebin) and videoconvert before it", in.Format)))
		return
	}
	v.submit(c, in, done, v.Load().rules())
}

// judgePictures makes what asks a picture model.
func (v *videoInfer) judgePictures(m *model) (judge, error) {
	i := m.info
	switch {
	case i.IsAudio():
		return nil, fmt.Errorf("model %s takes sound, not pictures: use edgeimpulseaudioinfer", m.path)
	case !i.IsImage():
		return nil, fmt.Errorf("model %s takes %d values of a sensor, not pictures: train a model on pictures", m.path, i.InputFeatures)
	case i.ImageFrames > 1:
		return nil, fmt.Errorf("model %s takes %d pictures at once: only models of one picture can be run", m.path, i.ImageFrames)
	case i.InputFeatures != i.ImageWidth*i.ImageHeight:
		return nil, fmt.Errorf("model %s wants %d values for a picture of %dx%d: one a pixel was expected", m.path, i.InputFeatures, i.ImageWidth, i.ImageHeight)
	}
	return &videoJudge{owner: v, model: m, feeds: make(chan *pixel.Feed, spareFeeds)}, nil
}

// spareFeeds bounds how many feeds a judge keeps for later.
const spareFeeds = 64

// videoJudge asks a model about pictures, several at a time.
type videoJudge struct {
	owner *videoInfer
	model *model
	feeds chan *pixel.Feed // that nobody uses now
}

// prepare implements preparer.
func (j *videoJudge) prepare(jb *job, input []float32) error {
	start := time.Now()
	feed := j.takeFeed()
	defer j.keepFeed(feed)
	pic := jb.frame.Picture()
	var err error
	jb.toFrame, err = feed.Fill(input, &pic, j.owner.Load().ResizeMode.of(j.model.info.Resize))
	jb.resize = time.Since(start)
	return err
}

func (j *videoJudge) takeFeed() *pixel.Feed {
	select {
	case f := <-j.feeds:
		return f
	default:
		return pixel.NewFeed(j.model.info.ImageWidth, j.model.info.ImageHeight)
	}
}

func (j *videoJudge) keepFeed(f *pixel.Feed) {
	select {
	case j.feeds <- f:
	default:
	}
}

// report implements preparer.
func (j *videoJudge) report(jb *job, res *backend.Result, took time.Duration) []bus.Payload {
	f := jb.frame
	pic := f.Picture()
	inf := &bus.Inference{
		Profile: j.owner.Load().MessageProfile.of(jb.c.Engine()), Timestamp: f.PTS, Type: bus.ResultType(res), Result: res,
		ToFrame: jb.toFrame, FrameWidth: pic.Width, FrameHeight: pic.Height,
		Timing: took, Resize: jb.resize, Latency: frames.NoTime,
	}
	if f.Mono != frames.NoTime {
		inf.Latency = jb.c.Now() - f.Mono
	}
	attach(f, jb.c.Name(), inf)
	j.model.logExchange(jb.c, inf)
	return inf.Messages()
}

// failed implements judge.
func (j *videoJudge) failed(jb *job, err error) []bus.Payload {
	return []bus.Payload{&bus.InferenceFailed{
		Timestamp: jb.frame.PTS, Err: err, Profile: j.owner.Load().MessageProfile.of(jb.c.Engine()),
	}}
}
