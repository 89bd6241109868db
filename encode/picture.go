package encode

import (
	"bytes"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// pictureCaps are raw pictures of the given formats.
func pictureCaps(formats ...frames.PixelFormat) frames.Caps {
	var list frames.List
	for _, f := range formats {
		list = append(list, frames.String(f.String()))
	}
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: list},
		{Name: "width", Value: frames.IntRange{Min: 1, Max: maxInt}},
		{Name: "height", Value: frames.IntRange{Min: 1, Max: maxInt}},
		{Name: "framerate", Value: anyRate},
	}})
}

// encodedCaps are encoded pictures of up to side pixels each way.
func encodedCaps(media string, side int) frames.Caps {
	return frames.NewCaps(frames.Structure{Media: media, Fields: []frames.Field{
		{Name: "width", Value: frames.IntRange{Min: 1, Max: side}},
		{Name: "height", Value: frames.IntRange{Min: 1, Max: side}},
		{Name: "framerate", Value: anyRate},
	}})
}

const maxInt = 1<<31 - 1

var anyRate = frames.FractionRange{Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: maxInt, Den: 1}}

// kept are the fields that a picture keeps when it is encoded.
var kept = []string{"width", "height", "framerate", "pixel-aspect-ratio"}

// transformPictures gives caps of the other side of an encoder: the same sizes
// and rates, of the media and formats that the template allows there.
func transformPictures(caps, template frames.Caps) frames.Caps {
	if caps.IsAny() {
		return template
	}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		for _, t := range template.Structures() {
			other := frames.Structure{Media: t.Media, Fields: t.Fields}
			for _, name := range kept {
				if v, ok := s.Get(name); ok {
					other = other.With(name, v)
				}
			}
			out = append(out, other)
		}
	}
	return frames.NewCaps(out...).Intersect(template)
}

// encoderProps are the properties that encoders of pictures have in common.
type encoderProps struct {
	QoS                     bool   `prop:"qos,live" doc:"Leave out pictures that would be too late, as sinks with qos=true tell"`
	MinForceKeyUnitInterval uint64 `prop:"min-force-key-unit-interval" doc:"Accepted without effect: each picture stands alone"`
}

// encoder is what picture encoders share: they make one encoded frame of each
// raw one.
type encoder struct {
	scratch bytes.Buffer // keeps its memory between pictures
}

// configure refuses what is not raw video; nothing else can arrive but bytes
// that nobody has described.
func configure(name string, in *frames.Format) error {
	if !in.IsVideo() {
		return fmt.Errorf("%s takes raw pictures, but bytes of an unknown kind arrive: put decodebin before it", name)
	}
	return nil
}

// encode consumes in, pushes what write makes of it, and ends the stream after
// that if snapshot is set.
func (e *encoder) encode(c *eiengine.Ctx, in *frames.Frame, snapshot bool, write func(w *bytes.Buffer, p *frames.Picture) error) error {
	e.scratch.Reset()
	picture := in.Picture()
	if err := write(&e.scratch, &picture); err != nil {
		c.Drop(in)
		return err
	}
	out, err := c.NewBuffer(c.OutFormat(0), e.scratch.Len())
	if err != nil {
		c.Drop(in)
		return err
	}
	copy(out.Memory().Bytes(), e.scratch.Bytes())
	out.CopyTimes(in)
	in.Release()
	if err := c.Push(0, out); err != nil || !snapshot {
		return err
	}
	return eiengine.ErrEOS
}
