package camera

import (
	"fmt"
	"image"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// Frame is one picture of a camera. It belongs to whoever was given it, until Release; its
// methods are for one goroutine at a time.
type Frame struct {
	// Time is when it was taken, by the driver. Distances between the times of frames are
	// exact; as time of day it is as right as when the camera was opened.
	Time time.Time
	// Sequence is the driver's number. Lost is how many pictures since the one before are
	// missing.
	Sequence uint32
	Lost     int
	// Resumed says that the camera stood still or was away before this picture.
	Resumed bool
	// KeyFrame says of H.264 and the like that this one needs no other.
	KeyFrame bool

	camera *Camera
	raw    v4l2.Frame
	format v4l2.Format
	out    atomic.Bool // is somebody's

	decoder   jpeg.Decoder
	decoded   scratch // of MJPEG
	converted scratch // what package image has a type for
	isDecoded bool
	view      pixel.View
}

// Bytes are what the camera gave: raw pixels as Format says, or a compressed picture.
func (f *Frame) Bytes() []byte { return f.raw.Memory.Bytes()[:f.raw.Size] }

// Memory is the counted block under Bytes. Who must keep it beyond Release calls Retain.
func (f *Frame) Memory() *frames.Memory { return f.raw.Memory }

// Format is that of this frame.
func (f *Frame) Format() v4l2.Format { return f.format }

// Picture is the planes of the picture: the driver's own, to be read only, or decoded if the
// camera gives JPEG. Errors: a damaged or incomplete picture, or an encoding that is not
// decoded here; the frames after it may be well.
func (f *Frame) Picture() (frames.Picture, error) {
	if isJPEG(f.format.FourCC) {
		return f.decode()
	}
	video, raw := f.format.Video()
	if !raw {
		return frames.Picture{}, fmt.Errorf("%s is not decoded here: take Bytes, or leave Options.FourCC to the camera", f.format.FourCC)
	}
	layout, whole := f.format.Layout(&f.raw)
	if !whole {
		return frames.Picture{}, fmt.Errorf("picture %d has %d bytes of %d", f.Sequence, f.raw.Size, layout.Size)
	}
	if x, ok := withoutAlpha[video.Format]; ok {
		video.Format = x
	}
	if video.Format == frames.GRAY8 {
		video.Color.Range = frames.FullRange // of sensors; what drivers say is the default of luma
	}
	return video.Picture(f.Bytes(), layout), nil
}

// withoutAlpha are the formats for what cameras give as others: they see nothing transparent,
// and most drivers say that all of it is.
var withoutAlpha = map[frames.PixelFormat]frames.PixelFormat{
	frames.RGBA: frames.RGBx, frames.BGRA: frames.BGRx, frames.ARGB: frames.XRGB, frames.ABGR: frames.XBGR,
}

// jpegColors are those of JPEG, and of image.YCbCr.
var jpegColors = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}

func (f *Frame) decode() (frames.Picture, error) {
	if f.isDecoded {
		return f.decoded.picture, nil
	}
	info, err := jpeg.Config(f.Bytes())
	if err != nil {
		return frames.Picture{}, fmt.Errorf("picture %d: %w", f.Sequence, err)
	}
	p := f.decoded.fit(info.Width, info.Height)
	if err := f.decoder.Decode(p, f.Bytes()); err != nil {
		return frames.Picture{}, fmt.Errorf("picture %d: %w", f.Sequence, err)
	}
	f.isDecoded = true
	return *p, nil
}

// CopyTo writes the picture into dst, which has its size, and any format and colours: in one
// go, also where it has to be decoded or converted. dst is the caller's for as long as wanted.
// Errors are those of Picture, and another size.
func (f *Frame) CopyTo(dst *frames.Picture) error {
	if isJPEG(f.format.FourCC) && !f.isDecoded {
		if err := f.decoder.Decode(dst, f.Bytes()); err != nil {
			return fmt.Errorf("picture %d: %w", f.Sequence, err)
		}
		return nil
	}
	p, err := f.Picture()
	if err != nil {
		return err
	}
	return pixel.Convert(dst, &p)
}

// Image is the picture as an image.Image, to be read only; the package documentation says of
// which type, and what is copied. It is valid until Release. Errors are those of Picture.
func (f *Frame) Image() (image.Image, error) {
	p, err := f.Picture()
	if err != nil {
		return nil, err
	}
	if !p.Format.IsYUV() || pixel.Standard(&p) {
		return f.view.Image(&p), nil
	}
	to := f.converted.fit(p.Width, p.Height)
	if err := pixel.Convert(to, &p); err != nil {
		return nil, err
	}
	return f.view.Image(to), nil
}

// Release gives the picture back to the driver: the frame, and whatever its methods gave, may
// not be used any more. It panics if the frame was released already.
func (f *Frame) Release() {
	if !f.out.CompareAndSwap(true, false) {
		panic("camera: frame released twice")
	}
	memory, c := f.raw.Memory, f.camera
	f.raw, f.isDecoded = v4l2.Frame{}, false
	memory.Release()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held--
	if !c.isClosed {
		c.idle = append(c.idle, f)
	}
}

// scratch is a picture whose memory is used again.
type scratch struct {
	data    []byte
	picture frames.Picture
}

// fit gives it a size, as I420 in the colours of JPEG.
func (s *scratch) fit(width, height int) *frames.Picture {
	if s.picture.Width == width && s.picture.Height == height {
		return &s.picture
	}
	v := frames.VideoInfo{Format: frames.I420, Width: width, Height: height, Color: jpegColors}
	l := v.DefaultLayout()
	if cap(s.data) < l.Size {
		s.data = make([]byte, l.Size)
	}
	s.picture = v.Picture(s.data[:l.Size], l)
	return &s.picture
}
