package mediadevices

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"github.com/eiengine/eiengine/capture/microphone"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
)

// microphoneAdapter is a microphone as pion's driver.Adapter and driver.AudioRecorder.
type microphoneAdapter struct {
	name string

	mu         sync.Mutex
	properties []prop.Media
	microphone *microphone.Microphone // nil unless it records
}

// Open implements driver.Adapter: it asks the device what it can do, and does not keep it.
func (a *microphoneAdapter) Open() error {
	p, err := pcm.Open(a.name, pcm.Capture)
	if err != nil {
		return err
	}
	abilities, err := p.Abilities()
	if err != nil {
		return errors.Join(err, p.Close())
	}
	a.mu.Lock()
	a.properties = audioProperties(abilities)
	a.mu.Unlock()
	return p.Close()
}

// Close implements driver.Adapter.
func (a *microphoneAdapter) Close() error {
	a.mu.Lock()
	m := a.microphone
	a.microphone = nil
	a.mu.Unlock()
	if m == nil {
		return nil
	}
	return m.Close()
}

// Properties implements driver.Adapter.
func (a *microphoneAdapter) Properties() []prop.Media {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]prop.Media(nil), a.properties...) // pion writes into it
}

// AudioRecord implements driver.AudioRecorder.
func (a *microphoneAdapter) AudioRecord(p prop.Media) (audio.Reader, error) {
	o := microphone.Options{Device: a.name, Rate: p.SampleRate, Channels: p.ChannelCount, Length: p.Latency, Format: frames.S16LE}
	if p.IsFloat {
		o.Format = frames.F32LE
	}
	m, err := microphone.Open(o)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.microphone = m
	return &audioReader{microphone: m, float: p.IsFloat}, nil
}

// audioReader reads sound of a microphone for pion.
type audioReader struct {
	microphone *microphone.Microphone
	float      bool

	mu   sync.Mutex
	idle []*ownSound
}

// ownSound is a chunk as pion sees it.
type ownSound struct {
	chunk   *microphone.Chunk
	int16   wave.Int16Interleaved
	float32 wave.Float32Interleaved
	release func()
	out     atomic.Bool
}

// Read implements audio.Reader.
func (r *audioReader) Read() (wave.Audio, func(), error) {
	c, err := r.microphone.Next(context.Background()) // until the adapter is closed
	switch {
	case errors.Is(err, microphone.ErrClosed):
		return nil, func() {}, io.EOF
	case err != nil:
		return nil, func() {}, err
	}
	s := r.take()
	s.chunk = c
	size := wave.ChunkInfo{Len: c.Samples(), Channels: c.Format().Channels, SamplingRate: c.Format().Rate}
	if r.float {
		s.float32 = wave.Float32Interleaved{Data: c.Float32(), Size: size}
		return &s.float32, s.release, nil
	}
	s.int16 = wave.Int16Interleaved{Data: c.Int16(), Size: size}
	return &s.int16, s.release, nil
}

func (r *audioReader) take() *ownSound {
	r.mu.Lock()
	defer r.mu.Unlock()
	var s *ownSound
	if n := len(r.idle); n > 0 {
		s = r.idle[n-1]
		r.idle = r.idle[:n-1]
	} else {
		s = new(ownSound)
		s.release = func() { r.put(s) }
	}
	s.out.Store(true)
	return s
}

func (r *audioReader) put(s *ownSound) {
	if !s.out.CompareAndSwap(true, false) {
		return // released twice
	}
	s.chunk.Release()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, s)
}
