package capture

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "wavparse", LongName: "WAV audio demuxer", Class: "Codec/Demuxer/Audio",
		Description: "Takes the samples out of a WAV stream",
		Pads: []eiengine.PadTemplate{
			eiengine.SinkPad(byteStream("audio/x-wav", "audio/x-rf64")),
			eiengine.SrcPad(frames.NewCaps(frames.Structure{Media: frames.AudioRaw})),
		},
		New:  func() eiengine.Element { return new(wavParse) },
		Rank: 256,
	})
}

type wavParseProps struct {
	IgnoreLength bool `prop:"ignore-length" doc:"Take samples until the input ends, whatever the header says"`
}

// Buffers hold this many samples of each channel; only the last may be shorter.
const (
	minWAVBuffer = 1024
	maxWAVBuffer = 4096
)

// wavParse reads a header, then passes samples on in whole frames.
type wavParse struct {
	eiengine.Settings[wavParseProps]
	extent
	place  atomic.Pointer[wavPlace]
	held   []byte // header so far, then samples not given yet
	format *frames.Format
	left   int64 // bytes of samples that the header still promises, -1 if unknown
	whole  int64 // what it promised at first
	end    int64 // sample at which a seek wants the end, -1 for nowhere
	sought bool

	taken, samples int64          // bytes in, samples of each channel out
	base           time.Duration  // when samples were 0: WAVs before this one had other formats
	begun          int64          // samples when this WAV began
	before         *frames.Format // of the WAV before this one, nil for the first
	seq            uint64
	mono           time.Duration
}

// LateFormat implements eiengine.LateFormat.
func (*wavParse) LateFormat() {}

// Start implements eiengine.Starter.
func (w *wavParse) Start(*eiengine.Ctx) error {
	w.held, w.format, w.left, w.whole = w.held[:0], nil, 0, 0
	w.taken, w.samples, w.seq, w.mono = 0, 0, 0, frames.NoTime
	w.base, w.begun, w.before = 0, 0, nil
	w.end, w.sought = -1, false
	w.forget()
	w.place.Store(nil)
	return nil
}

// wavPlace says where in the file the samples are.
type wavPlace struct {
	audio frames.AudioInfo
	begin int64 // the first byte of them
	data  int64 // bytes, -1 if unknown
}

// sample is the one at a time, the number of all if the time is behind the end.
func (p *wavPlace) sample(t time.Duration) int64 {
	n := p.audio.Sample(t)
	if p.data >= 0 {
		n = min(n, p.data/int64(p.audio.FrameBytes()))
	}
	return n
}

// SeekOffset implements eiengine.OffsetSeeker.
func (w *wavParse) SeekOffset(t time.Duration) int64 {
	p := w.place.Load()
	return p.begin + p.sample(t)*int64(p.audio.FrameBytes())
}

// Seek implements eiengine.Seeker.
func (w *wavParse) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	p := w.place.Load()
	was = w.time()
	w.samples, w.left, w.held = p.sample(to.Position), p.data, w.held[:0]
	w.base, w.begun = 0, 0
	if p.data >= 0 {
		w.left -= w.samples * int64(p.audio.FrameBytes())
	}
	w.end, w.sought = -1, true
	if to.Stop > 0 { // the sample that begins before the stop is the last one
		w.end = p.audio.Sample(to.Stop-1) + 1
	}
	if to.KeyUnit {
		to.Position = p.audio.Duration(int(w.samples))
	}
	return was, nil
}

// Stop implements eiengine.Starter.
func (w *wavParse) Stop(*eiengine.Ctx) error {
	w.held = nil
	return nil
}

// Process implements eiengine.Filter.
func (w *wavParse) Process(c *eiengine.Ctx, in *frames.Frame) error {
	data := in.Bytes()
	if w.isAnother(in) {
		if err := w.another(c); err != nil {
			in.Release()
			return err
		}
	}
	w.taken += int64(len(data))
	w.mono = in.Mono
	if w.format == nil {
		w.held = append(w.held, data...)
		in.Release()
		return w.header(c)
	}
	w.take(data)
	in.Release()
	return w.give(c, minWAVBuffer)
}

// isAnother reports whether another WAV begins with a frame, or the same one in a loop.
func (w *wavParse) isAnother(f *frames.Frame) bool {
	if w.taken == 0 || w.sought && w.format == nil {
		return false
	}
	b := f.Bytes()
	return f.Flags&frames.Discont != 0 || w.format != nil && w.left <= 0 && has(b, 0, "RIFF") && has(b, 8, "WAVE")
}

// another ends a WAV and begins the next one, whose times go on.
func (w *wavParse) another(c *eiengine.Ctx) error {
	if w.format == nil { // within the header
		w.held = w.held[:0]
		return w.Drain(c)
	}
	if err := w.give(c, 1); err != nil {
		return err
	}
	if w.samples == w.begun {
		return w.empty(len(w.held))
	}
	switch {
	case w.left > 0:
		c.Warn(w.truncated())
	case len(w.held) > 0:
		c.Warn(withinSample(len(w.held)))
	}
	w.before, w.format, w.held, w.begun = w.format, nil, w.held[:0], w.samples
	w.known(frames.NoTime)
	return nil
}

// time is when the next sample begins.
func (w *wavParse) time() time.Duration {
	if w.format == nil {
		return w.base
	}
	return w.base + w.format.Audio.Duration(int(w.samples))
}

// header waits for the whole header and announces what it says.
func (w *wavParse) header(c *eiengine.Ctx) error {
	h, n, ok, err := wav.ParseHeader(w.held)
	if err != nil {
		return eiengine.Fatal(fmt.Errorf("cannot read the WAV header: %w; %s; save the sound as WAV with linear samples", err, describeHead(w.held)))
	}
	if !ok {
		return nil
	}
	format, err := frames.AudioFormat(h.Info)
	if err != nil {
		return eiengine.Fatal(fmt.Errorf("cannot use the WAV: %w; save it with usual values", err))
	}
	w.left = h.Data
	if w.Load().IgnoreLength {
		w.left = -1
	}
	if w.before != nil && format.Equal(w.before) {
		w.format, w.whole = w.before, w.left
		return w.begin(c, n)
	}
	if w.before != nil {
		w.base += w.before.Audio.Duration(int(w.samples))
		w.samples, w.begun = 0, 0
	}
	w.format, w.whole = format, w.left
	w.place.Store(&wavPlace{format.Audio, int64(n), w.left})
	length := frames.NoTime
	if w.left >= 0 {
		length = format.Audio.Duration(int(w.left / int64(format.Audio.FrameBytes())))
	}
	if w.before == nil {
		w.known(length)
	}
	if err := c.SetFormat(0, format); err != nil {
		return err
	}
	if toc := wavTOC(&h, length); toc != nil {
		if err := c.SendEvent(eiengine.TOCEvent{Entries: toc}); err != nil {
			return err
		}
	}
	if err := c.SendEvent(eiengine.TagEvent{Tags: wavTags(&h)}); err != nil {
		return err
	}
	return w.begin(c, n)
}

// begin takes what is held behind a header of n bytes.
func (w *wavParse) begin(c *eiengine.Ctx, n int) error {
	rest := w.held[n:]
	w.held = w.held[:0]
	w.take(rest)
	return w.give(c, minWAVBuffer)
}

// take holds samples and leaves out what lies behind them.
func (w *wavParse) take(data []byte) {
	if w.left >= 0 {
		data = data[:min(int64(len(data)), w.left)]
		w.left -= int64(len(data))
	}
	w.held = append(w.held, data...)
}

// give pushes buffers while at least least samples are held.
func (w *wavParse) give(c *eiengine.Ctx, least int) error {
	audio := w.format.Audio
	size, given := audio.FrameBytes(), 0
	defer func() { w.held = append(w.held[:0], w.held[given:]...) }()
	for {
		n := min((len(w.held)-given)/size, maxWAVBuffer)
		if w.end >= 0 && w.samples+int64(n) >= w.end {
			n, least = int(w.end-w.samples), 1
			if n <= 0 {
				return eiengine.ErrEOS
			}
		}
		if n < max(least, 1) {
			return nil
		}
		f, err := c.NewBuffer(w.format, n*size)
		if err != nil {
			return err
		}
		given += copy(f.Bytes(), w.held[given:])
		f.PTS, f.Seq, f.Mono = w.time(), w.seq, w.mono
		w.samples += int64(n)
		w.seq++
		f.Duration = w.time() - f.PTS
		if err := c.Push(0, f); err != nil {
			return err
		}
	}
}

// Drain implements eiengine.Drainer.
func (w *wavParse) Drain(c *eiengine.Ctx) error {
	switch {
	case w.taken == 0:
		return eiengine.Fatal(errors.New("the input is empty, 0 bytes: a WAV was expected; check that the file was written"))
	case w.format == nil && w.before != nil:
		return nil // num-buffers or a stop, in a loop
	case w.format == nil:
		return eiengine.Fatal(fmt.Errorf("the WAV is truncated: the input ends after %d bytes, within the header; copy or save it again", w.taken))
	}
	if err := w.give(c, 1); err != nil && !errors.Is(err, eiengine.ErrEOS) {
		return err
	}
	cut := len(w.held) // less than one sample of all channels
	w.held = w.held[:0]
	switch {
	case w.end >= 0 && w.samples >= w.end:
	case w.before != nil: // as above: the end is not the file's
	case w.samples == w.begun && !w.sought:
		return w.empty(cut)
	case w.left > 0:
		return w.truncated()
	case cut > 0:
		return withinSample(cut)
	}
	return nil
}

func withinSample(cut int) error {
	return fmt.Errorf("the WAV ends within a sample: %d bytes were left out", cut)
}

func (w *wavParse) empty(cut int) error {
	return eiengine.Fatal(fmt.Errorf("the WAV holds no samples: the header promises %d bytes, there are %d; record it again", max(w.whole, 0), cut))
}

func (w *wavParse) truncated() error {
	return fmt.Errorf("the WAV is truncated: the header promises %d bytes of samples, %d are missing; what is there was played, copy or save it again for the rest", w.whole, w.left)
}
