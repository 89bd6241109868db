//go:build cgo && portaudio

package portaudio

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/gordonklaus/portaudio"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// backend is how this build reaches PortAudio.
const backend = "linked, by gordonklaus/portaudio"

// library is PortAudio's.
type library struct{ list []*portaudio.DeviceInfo }

func load() (*library, error) { return new(library), nil }

// check makes the error of a call known by its number.
func check(err error) error {
	if err == nil {
		return nil
	}
	if host, ok := errors.AsType[portaudio.UnanticipatedHostError](err); ok {
		return &callError{code: codeHostError, text: "Unanticipated host error: " + host.Text}
	}
	if e, ok := errors.AsType[portaudio.Error](err); ok {
		return &callError{code: int(e), text: e.Error()}
	}
	return err
}

func (*library) version() string { return portaudio.VersionText() }
func (*library) begin() error    { return check(portaudio.Initialize()) }
func (*library) end() error      { return check(portaudio.Terminate()) }

func (l *library) devices() ([]Device, error) {
	list, err := portaudio.Devices()
	if err != nil {
		return nil, check(err)
	}
	l.list = list
	in, _ := portaudio.DefaultInputDevice() // there may be none
	out, _ := portaudio.DefaultOutputDevice()
	var all []Device
	for _, d := range list {
		all = append(all, Device{
			Index: d.Index, Name: d.Name, API: d.HostApi.Name, Inputs: d.MaxInputChannels, Outputs: d.MaxOutputChannels,
			Rate: int(d.DefaultSampleRate), DefaultInput: d == in, DefaultOutput: d == out,
		})
	}
	return all, nil
}

// parameters describe a stream for the package.
func (l *library) parameters(o *streamOptions) (p portaudio.StreamParameters, err error) {
	for _, d := range l.list {
		if d.Index != o.device.Index {
			continue
		}
		of := portaudio.StreamDeviceParameters{Device: d, Channels: o.audio.Channels, Latency: o.latency}
		p.SampleRate, p.FramesPerBuffer = float64(o.audio.Rate), o.period
		if o.direction == pcm.Capture {
			p.Input = of
		} else {
			p.Output = of
		}
		return p, nil
	}
	return p, fmt.Errorf("there is no device %d", o.device.Index)
}

// supports says why a device cannot be used like that, nil if it can.
func (l *library) supports(o *streamOptions) error {
	p, err := l.parameters(o)
	if err != nil {
		return err
	}
	b, _ := samplesOf(o)
	return check(portaudio.IsFormatSupported(p, b))
}

// samplesOf is the block as the package wants it: a pointer to a slice whose type tells
// the format. cut sets its length to that of n samples of each channel.
func samplesOf(o *streamOptions) (block any, cut func(n int)) {
	switch o.audio.Format {
	case frames.F32LE:
		return typed[float32](o)
	case frames.S32LE:
		return typed[int32](o)
	case frames.S24LE:
		return typed[portaudio.Int24](o)
	case frames.U8:
		return typed[uint8](o)
	}
	return typed[int16](o)
}

func typed[T any](o *streamOptions) (block any, cut func(n int)) {
	s := []T{}
	if len(o.block) > 0 {
		s = unsafe.Slice((*T)(unsafe.Pointer(&o.block[0])), o.period*o.audio.Channels)
	}
	return &s, func(n int) { s = s[:n*o.audio.Channels] }
}

// stream is an open one.
type stream struct {
	*portaudio.Stream
	options *streamOptions
	cut     func(n int)
}

func (l *library) open(o *streamOptions) (*stream, error) {
	p, err := l.parameters(o)
	if err != nil {
		return nil, err
	}
	block, cut := samplesOf(o)
	s, err := portaudio.OpenStream(p, block)
	return &stream{Stream: s, options: o, cut: cut}, check(err)
}

func (s *stream) start() error { return check(s.Start()) }
func (s *stream) stop() error  { return check(s.Stop()) }
func (s *stream) abort() error { return check(s.Abort()) }
func (s *stream) close() error { return check(s.Close()) }

// read fills the block.
func (s *stream) read() error { return check(s.Read()) }

// write plays the first samples of the block.
func (s *stream) write(samples int) error {
	s.cut(samples)
	return check(s.Write())
}

// available is how many samples can be read, or written, without waiting.
func (s *stream) available() int {
	ask := s.AvailableToWrite
	if s.options.direction == pcm.Capture {
		ask = s.AvailableToRead
	}
	n, err := ask()
	if err != nil {
		return 0
	}
	return n
}

// latency is how many seconds of sound wait in the device, as PortAudio sees it.
func (s *stream) latency() float64 {
	info := s.Info()
	if info == nil {
		return 0
	}
	return max(info.InputLatency, info.OutputLatency).Seconds()
}
