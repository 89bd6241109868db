package v4l2

import (
	"fmt"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

// Request is the format that a program would like. What is zero stays as the camera
// has it.
type Request struct {
	FourCC        FourCC
	Width, Height int
	// FPS is pictures a second.
	FPS frames.Fraction
}

// Format is what the driver has set.
type Format struct {
	FourCC        FourCC
	Width, Height int
	// FPS is 0/1 if the driver does not tell.
	FPS frames.Fraction
	// Planes are the blocks of memory of a picture: more than one for the formats
	// that keep them apart.
	Planes []Plane
	Colors frames.ColorCodes
	// Interlaced says that the lines of two moments alternate. Fields says that a
	// buffer has the lines of one moment only.
	Interlaced, Fields bool
}

// Plane is a block of memory of a picture.
type Plane struct {
	Stride int // bytes from row to row, 0 for compressed pictures
	Size   int // bytes at most
}

const (
	fieldNone        = 1
	fieldTop         = 2
	fieldBottom      = 3
	fieldInterlaced  = 4
	fieldAlternate   = 7
	fieldInterlaceTB = 8
	fieldInterlaceBT = 9
)

// Format is the format that is set.
func (d *Camera) Format() (Format, error) {
	f := format{typ: d.typ}
	if err := d.control(vidiocGFmt, unsafe.Pointer(&f)); err != nil {
		return Format{}, d.failed("asking for its format", err)
	}
	out := d.read(&f)
	out.FPS = d.rate()
	return out, nil
}

// TryFormat is SetFormat without effect. FPS is not known.
func (d *Camera) TryFormat(r Request) (Format, error) { return d.ask(vidiocTryFmt, "trying", r) }

// SetFormat sets a format and gives back what the driver made of it, which may be
// another size and rate. The camera must not be capturing; it may be done any number
// of times.
func (d *Camera) SetFormat(r Request) (Format, error) {
	f, err := d.ask(vidiocSFmt, "setting", r)
	if err != nil {
		return f, err
	}
	f.FPS, err = d.setRate(r.FPS)
	d.format = f
	return f, err
}

func (d *Camera) ask(number uintptr, doing string, r Request) (Format, error) {
	f := format{typ: d.typ}
	if err := d.control(vidiocGFmt, unsafe.Pointer(&f)); err != nil {
		return Format{}, d.failed("asking for its format", err)
	}
	if d.typ == captureMulti {
		m := f.multi()
		override(&m.pixelFormat, &m.width, &m.height, r)
		m.field, m.numPlanes, m.planes = fieldNone, 0, [maxPlanes]planeFormat{}
		m.colorspace, m.ycbcr, m.quantization, m.xfer = 0, 0, 0, 0
	} else {
		s := f.single()
		override(&s.pixelFormat, &s.width, &s.height, r)
		*s = pixFormat{width: s.width, height: s.height, pixelFormat: s.pixelFormat, field: fieldNone}
	}
	if err := d.control(number, unsafe.Pointer(&f)); err != nil {
		return Format{}, d.refused(fmt.Sprintf("%s %s %dx%d", doing, r.FourCC, r.Width, r.Height), err)
	}
	return d.read(&f), nil
}

func override(c *FourCC, width, height *uint32, r Request) {
	if r.FourCC != 0 {
		*c = r.FourCC
	}
	if r.Width > 0 && r.Height > 0 {
		*width, *height = uint32(r.Width), uint32(r.Height)
	}
}

func (d *Camera) read(f *format) Format {
	if d.typ == captureMulti {
		m := f.multi()
		out := Format{FourCC: m.pixelFormat, Width: int(m.width), Height: int(m.height)}
		for _, p := range m.planes[:min(m.numPlanes, maxPlanes)] {
			out.Planes = append(out.Planes, Plane{int(p.bytesPerLine), int(p.sizeImage)})
		}
		out.colors(colors{m.colorspace, uint32(m.ycbcr), uint32(m.quantization), uint32(m.xfer)})
		out.lines(m.field)
		return out
	}
	s := f.single()
	out := Format{
		FourCC: s.pixelFormat, Width: int(s.width), Height: int(s.height),
		Planes: []Plane{{int(s.bytesPerLine), int(s.sizeImage)}},
	}
	out.colors(colors{s.colorspace, s.ycbcr, s.quantization, s.xfer})
	out.lines(s.field)
	return out
}

func (f *Format) colors(c colors) { f.Colors = c.codes(f.FourCC.PixelFormat()) }

func (f *Format) lines(field uint32) {
	f.Interlaced = field == fieldInterlaced || field == fieldInterlaceTB || field == fieldInterlaceBT
	f.Fields = field == fieldTop || field == fieldBottom || field == fieldAlternate
}

// canSetRate is the bit of v4l2_captureparm that says so.
const canSetRate = 0x1000

// rate is what is set, 0/1 if the driver does not tell.
func (d *Camera) rate() frames.Fraction {
	p := streamParm{typ: d.typ}
	if err := d.control(vidiocGParm, unsafe.Pointer(&p)); err != nil {
		return frames.Fraction{Num: 0, Den: 1} // not every driver knows
	}
	return perSecond(p.timePerFrame)
}

func (d *Camera) setRate(fps frames.Fraction) (frames.Fraction, error) {
	p := streamParm{typ: d.typ}
	if err := d.control(vidiocGParm, unsafe.Pointer(&p)); err != nil || fps.Num <= 0 || p.capability&canSetRate == 0 {
		return d.rate(), nil
	}
	p.timePerFrame = fract{uint32(fps.Den), uint32(fps.Num)}
	if err := d.control(vidiocSParm, unsafe.Pointer(&p)); err != nil {
		return d.rate(), d.failed(fmt.Sprintf("setting %s pictures a second", fps), err)
	}
	return perSecond(p.timePerFrame), nil
}

// Video is the format as the engine describes raw video; ok is false for compressed
// pictures and those that the engine does not work on.
func (f Format) Video() (v frames.VideoInfo, ok bool) {
	pix := f.FourCC.PixelFormat()
	return frames.VideoInfo{
		Format: pix, Width: f.Width, Height: f.Height, FPS: f.FPS, Color: f.Colors.Colorimetry(),
	}, pix != frames.PixelUnknown
}

// Layout says where the planes of a frame of raw video lie in its memory, and whether
// they are all in it.
func (f Format) Layout(frame *Frame) (l frames.Layout, ok bool) {
	pix := f.FourCC.PixelFormat()
	columns, rows := pix.Subsampling()
	at, last := frame.Offset[0], 0
	for p := range pix.Planes() {
		rowBytes, n := pix.PlaneSize(p, f.Width, f.Height)
		stride := f.Planes[0].Stride
		switch {
		case len(f.Planes) > 1 && p < len(f.Planes):
			at, stride = frame.Offset[p], f.Planes[p].Stride
		case pix.Planes() == 3 && p > 0:
			stride /= columns // chroma in planes of its own
		}
		l.Offset[p], l.Stride[p] = at, max(stride, rowBytes)
		last = at + (n-1)*l.Stride[p] + rowBytes
		if p == 0 {
			n = (n + rows - 1) / rows * rows
		}
		at += n * l.Stride[p]
	}
	l.Size = last
	return l, last <= frame.Size
}
