package microphone

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// Options are what a program would like. The zero value is the default device at 48 kHz, in one
// channel.
type Options struct {
	// Device is an ALSA name, such as "default", "plughw:CARD=PCH" or "hw:1,0". Empty is the
	// first that can be opened: the default one, that of a sound server, then the cards.
	Device string
	// Rate is samples a second and channel, 48000 if 0; Channels 1 if 0.
	Rate, Channels int
	// Format is how samples are recorded; whichever the device has if unknown, S16LE first.
	// Chunk.Int16 and Chunk.Float32 convert.
	Format frames.SampleFormat
	// Length is how much sound is in a chunk, 20 ms if 0.
	Length time.Duration
	// Buffer is how much sound waits in the device until it is taken, 500 ms if 0.
	Buffer time.Duration
}

// ErrClosed says that Close was called.
var ErrClosed = errors.New("the microphone was closed")

// firstPause and longestPause bound the time between attempts to get a device back.
const firstPause, longestPause = 100 * time.Millisecond, time.Second

// device is an open one: *pcm.PCM.
type device interface {
	Abilities() (*pcm.Abilities, error)
	Configure(audio frames.AudioInfo, period, buffer time.Duration) (pcm.Setup, error)
	Read(ctx context.Context, data []byte) (pcm.Chunk, error)
	Close() error
}

// opener opens a device by its name.
type opener func(name string) (device, error)

func alsa(name string) (device, error) {
	p, err := pcm.Open(name, pcm.Capture)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Microphone is an open microphone. Next and Chunks are for one goroutine at a time; every
// other method may be called by any.
type Microphone struct {
	options Options
	open    opener
	name    string
	format  frames.AudioInfo
	samples int // of each channel in a chunk

	life  context.Context // until Close
	close context.CancelFunc

	reading sync.Mutex // held by Next
	device  device     // under reading; nil while there is none
	both    merged     // under reading
	resumed bool       // under reading
	why     string     // under reading: the last failure to come back that was told

	mu   sync.Mutex
	idle []*Chunk
	held int
}

// Open opens a microphone. It must be closed. The error says what the device can do, or
// which were tried; pcm.ErrNoLibrary is in it where ALSA is not installed.
func Open(o Options) (*Microphone, error) { return open(alsa, o) }

func open(by opener, o Options) (*Microphone, error) {
	o = o.filled()
	m := &Microphone{options: o, open: by, name: o.Device}
	var err error
	if o.Device != "" {
		err = m.configure(o.Device)
	} else {
		m.name, err = pcm.First(pcm.Capture, m.configure)
	}
	if err != nil {
		return nil, err
	}
	m.life, m.close = context.WithCancel(context.Background())
	return m, nil
}

func (o Options) filled() Options {
	if o.Rate <= 0 {
		o.Rate = 48000
	}
	if o.Channels <= 0 {
		o.Channels = 1
	}
	if o.Length <= 0 {
		o.Length = 20 * time.Millisecond
	}
	if o.Buffer <= 0 {
		o.Buffer = 500 * time.Millisecond
	}
	o.Buffer = max(o.Buffer, 2*o.Length)
	return o
}

// configure opens a device and sets it to what is nearest to the wishes, or, if it was
// open before, to what it was.
func (m *Microphone) configure(name string) error {
	d, err := m.open(name)
	if err != nil {
		return err
	}
	wishes := []frames.AudioInfo{m.format}
	if m.format.Rate == 0 {
		a, err := d.Abilities()
		if err != nil {
			return errors.Join(err, d.Close())
		}
		wishes = m.options.wishes(a)
	}
	var first error
	for _, w := range wishes {
		_, err := d.Configure(w, m.options.Length, m.options.Buffer)
		if err == nil {
			m.device = d
			if m.format != w { // chunks of before look at it
				m.format, m.samples = w, max(1, int(w.Sample(m.options.Length)))
			}
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return errors.Join(first, d.Close())
}

// wishes are formats to try, the best first.
func (o *Options) wishes(a *pcm.Abilities) []frames.AudioInfo {
	w := frames.AudioInfo{
		Format:   o.sampleFormat(a.Formats),
		Channels: min(max(o.Channels, a.MinChannels), a.MaxChannels),
	}
	var all []frames.AudioInfo
	for _, rate := range []int{o.Rate, 48000, 44100, 32000, 16000, 8000, a.MaxRate, a.MinRate} {
		w.Rate = min(max(rate, a.MinRate), a.MaxRate)
		all = append(all, w)
	}
	return all
}

// sampleFormat is the one that is wished, or that needs the least converting.
func (o *Options) sampleFormat(has []frames.SampleFormat) frames.SampleFormat {
	for _, f := range []frames.SampleFormat{o.Format, frames.S16LE, frames.F32LE, frames.S32LE, frames.S24LE} {
		for _, h := range has {
			if f == h {
				return f
			}
		}
	}
	return has[0]
}

// Name is the ALSA name of the device.
func (m *Microphone) Name() string { return m.name }

// Format is what the device was set to.
func (m *Microphone) Format() frames.AudioInfo { return m.format }

// Held is how many chunks have not been released.
func (m *Microphone) Held() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held
}

// Close ends recording. Loops over Chunks end, and a Next under way with ErrClosed. A second
// call does nothing.
func (m *Microphone) Close() error {
	m.close()
	m.reading.Lock()
	defer m.reading.Unlock()
	m.both.end()
	return m.forget()
}

// forget closes the device; m.reading is held.
func (m *Microphone) forget() error {
	d := m.device
	if d == nil {
		return nil
	}
	m.device = nil
	return d.Close()
}

// Chunks is the sound from now on, and the faults of the device, each told once: stay in the loop
// to wait until it is back, leave it otherwise. The chunks are the caller's to release. It
// ends with ctx and with Close, of which no error is told.
func (m *Microphone) Chunks(ctx context.Context) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		for {
			c, err := m.Next(ctx)
			if errors.Is(err, ErrClosed) || err != nil && ctx.Err() != nil || !yield(c, err) {
				return
			}
		}
	}
}

// Next waits for the next chunk, which the caller releases. After a fault (see the package
// documentation) it may be called again, and waits until the device is back; an error is
// ErrClosed after Close, and that of ctx once it has ended.
func (m *Microphone) Next(ctx context.Context) (*Chunk, error) {
	m.reading.Lock()
	defer m.reading.Unlock()
	if m.life.Err() != nil {
		return nil, ErrClosed
	}
	c, err := m.next(m.both.of(ctx, m.life))
	switch {
	case err == nil:
		return c, nil
	case m.life.Err() != nil:
		return nil, ErrClosed
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, err
}

func (m *Microphone) next(ctx context.Context) (*Chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := m.comeBack(ctx); err != nil {
		return nil, err
	}
	c := m.chunk()
	got, err := m.device.Read(ctx, c.data)
	if err != nil {
		m.put(c)
		if ctx.Err() != nil {
			return nil, err
		}
		if closing := m.forget(); closing != nil {
			err = fmt.Errorf("%w; closing it: %w", err, closing)
		}
		return nil, err
	}
	c.Time, c.Lost = time.Now().Add(-got.Age), got.Lost
	c.Resumed, m.resumed = m.resumed, false
	m.mu.Lock()
	m.held++
	m.mu.Unlock()
	c.out.Store(true)
	return c, nil
}

// comeBack waits until the device is there again. Why it cannot be used is told once.
func (m *Microphone) comeBack(ctx context.Context) error {
	if m.device != nil {
		return nil
	}
	pause := firstPause
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		err := m.configure(m.name)
		if err == nil {
			m.why, m.resumed = "", true
			return nil
		}
		if err.Error() != m.why {
			m.why = err.Error()
			return fmt.Errorf("not back yet: %w", err)
		}
		pause = min(2*pause, longestPause)
		timer.Reset(pause)
	}
}

// merged is a context that ends with either of two. It is kept from one call of Next to
// another, since most come with the same one.
type merged struct {
	of1  context.Context
	ctx  context.Context
	stop context.CancelFunc
}

func (b *merged) of(ctx, life context.Context) context.Context {
	if ctx == b.of1 {
		return b.ctx
	}
	b.end()
	both, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(life, cancel)
	*b = merged{of1: ctx, ctx: both, stop: func() { unhook(); cancel() }}
	return both
}

func (b *merged) end() {
	if b.stop != nil {
		b.stop()
	}
	*b = merged{}
}
