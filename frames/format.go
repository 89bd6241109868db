package frames

import (
	"fmt"
)

// Media types that the engine handles itself.
const (
	VideoRaw = "video/x-raw"
	AudioRaw = "audio/x-raw"
)

// Format is the one thing that a stream is, after negotiation: fixed caps and,
// for raw video and audio, what they mean. Formats are immutable and shared;
// frames point to theirs, so two frames of the same pointer are alike.
type Format struct {
	caps   Caps
	media  string
	Video  VideoInfo
	Audio  AudioInfo
	layout Layout
}

// Untyped is the format of bytes that nobody has described yet, such as those of
// a file source before type finding. Every pad takes it; who reads it must look.
var Untyped = &Format{caps: AnyCaps()}

// NewFormat makes a format of fixed caps. Raw video needs format, width and
// height, raw audio format, rate and channels; the error names what is missing.
func NewFormat(c Caps) (*Format, error) {
	if c.IsAny() {
		return Untyped, nil
	}
	if !c.IsFixed() {
		return nil, fmt.Errorf("caps %s leave several formats open", c)
	}
	s := c.Structures()[0]
	f := &Format{caps: c, media: s.Media}
	var err error
	switch s.Media {
	case VideoRaw:
		f.Video, err = videoInfo(s)
		if err == nil {
			f.layout = f.Video.DefaultLayout()
		}
	case AudioRaw:
		f.Audio, err = audioInfo(s)
	}
	if err != nil {
		return nil, fmt.Errorf("caps %s: %w", c, err)
	}
	return f, nil
}

// VideoFormat is the format of raw video.
func VideoFormat(v VideoInfo) (*Format, error) {
	if v.FPS.Den == 0 {
		v.FPS = Fraction{0, 1}
	}
	fields := []Field{
		{"format", String(v.Format.String())}, {"width", Int(v.Width)}, {"height", Int(v.Height)},
		{"framerate", v.FPS},
	}
	if v.PAR.Den != 0 {
		fields = append(fields, Field{"pixel-aspect-ratio", v.PAR})
	}
	if v.Color.Matrix != MatrixDefault {
		fields = append(fields, Field{"colorimetry", String(v.Color.codes().String())})
	}
	return NewFormat(NewCaps(Structure{Media: VideoRaw, Fields: fields}))
}

// AudioFormat is the format of raw interleaved audio.
func AudioFormat(a AudioInfo) (*Format, error) {
	return NewFormat(NewCaps(Structure{Media: AudioRaw, Fields: []Field{
		{"format", String(a.Format.String())}, {"layout", String("interleaved")},
		{"rate", Int(a.Rate)}, {"channels", Int(a.Channels)},
	}}))
}

// Caps are the fixed caps; ANY for Untyped.
func (f *Format) Caps() Caps { return f.caps }

// Media is the media type, "" for Untyped.
func (f *Format) Media() string { return f.media }

// IsVideo reports whether this is raw video.
func (f *Format) IsVideo() bool { return f.media == VideoRaw }

// IsAudio reports whether this is raw audio.
func (f *Format) IsAudio() bool { return f.media == AudioRaw }

// FrameSize is the number of bytes of a frame of raw video in the default
// layout, 0 for everything else.
func (f *Format) FrameSize() int { return f.layout.Size }

// String is the caps text.
func (f *Format) String() string { return f.caps.String() }

// Equal reports whether both describe the same stream.
func (f *Format) Equal(g *Format) bool {
	return f == g || f != nil && g != nil && f.caps.Equal(g.caps)
}

// maxSide bounds pictures, so that sizes cannot overflow.
const maxSide = 1 << 15

func videoInfo(s Structure) (v VideoInfo, err error) {
	name, ok := s.Get("format")
	if !ok {
		return v, fmt.Errorf("no format")
	}
	if v.Format, err = ParsePixelFormat(text(name)); err != nil {
		return v, err
	}
	if v.Width, err = intField(s, "width", maxSide); err != nil {
		return v, err
	}
	if v.Height, err = intField(s, "height", maxSide); err != nil {
		return v, err
	}
	v.FPS = Fraction{0, 1}
	if fps, ok := s.Get("framerate"); ok {
		v.FPS, _ = fps.(Fraction)
	}
	if par, ok := s.Get("pixel-aspect-ratio"); ok {
		v.PAR, _ = par.(Fraction)
	}
	if c, ok := s.Get("colorimetry"); ok {
		v.Color = ParseColorCodes(text(c)).Colorimetry()
	}
	return v, nil
}

func audioInfo(s Structure) (a AudioInfo, err error) {
	name, ok := s.Get("format")
	if !ok {
		return a, fmt.Errorf("no format")
	}
	if a.Format, err = ParseSampleFormat(text(name)); err != nil {
		return a, err
	}
	if a.Rate, err = intField(s, "rate", 1<<22); err != nil {
		return a, err
	}
	a.Channels, err = intField(s, "channels", 64)
	return a, err
}

func intField(s Structure, name string, limit int) (int, error) {
	v, ok := s.Get(name)
	if !ok {
		return 0, fmt.Errorf("no %s", name)
	}
	n, ok := v.(Int)
	if !ok || n < 1 || int(n) > limit {
		return 0, fmt.Errorf("%s is %s, not 1 to %d", name, v, limit)
	}
	return int(n), nil
}

func text(v Value) string {
	s, _ := v.(String)
	return string(s)
}
