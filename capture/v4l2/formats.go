package v4l2

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/frames"
)

// PixelFormat is one way in which a camera encodes pictures, with what it can do in it.
type PixelFormat struct {
	FourCC FourCC `json:"-"`
	// Name is the driver's description.
	Name string `json:"name"`
	// Compressed pictures differ in their number of bytes. Emulated ones are made by
	// a library, not by the camera.
	Compressed bool   `json:"compressed"`
	Emulated   bool   `json:"emulated,omitempty"`
	Sizes      []Size `json:"sizes"`
}

// Size is one size of pictures, or a range of them, with the rates at it: of a range
// those of the largest.
type Size struct {
	Width  Span   `json:"width"`
	Height Span   `json:"height"`
	Rates  []Rate `json:"rates"`
}

// Span is a range of numbers in steps; a single one if Min is Max.
type Span struct {
	Min  int `json:"min"`
	Max  int `json:"max"`
	Step int `json:"step"`
}

// Rate is a range of pictures a second; a single one if Min is Max.
type Rate struct{ Min, Max frames.Fraction }

// Has reports whether pictures of that size are on the list, or between others there.
func (f *PixelFormat) Has(width, height int) bool {
	return slices.ContainsFunc(f.Sizes, func(s Size) bool { return s.Width.has(width) && s.Height.has(height) })
}

func (s Span) has(n int) bool { return s.Min <= n && n <= s.Max }

// Single reports whether there is one number only.
func (s Span) Single() bool { return s.Min == s.Max }

// Single reports whether there is one rate only.
func (r Rate) Single() bool { return r.Min == r.Max }

// manyTypes bounds lists, against drivers that never end theirs.
const manyTypes = 1000

const (
	flagCompressed = 1
	flagEmulated   = 2
)

// Formats lists what the camera gives, in the driver's order.
func (d *Camera) Formats() ([]PixelFormat, error) {
	var all []PixelFormat
	for i := range uint32(manyTypes) {
		desc := formatDesc{index: i, typ: d.typ}
		if err := d.control(vidiocEnumFmt, unsafe.Pointer(&desc)); err != nil {
			if errors.Is(err, unix.EINVAL) {
				break // the end of the list
			}
			return nil, d.failed("asking for its formats", err)
		}
		f := PixelFormat{
			FourCC: desc.pixelFormat, Name: text(desc.description[:]),
			Compressed: desc.flags&flagCompressed != 0, Emulated: desc.flags&flagEmulated != 0,
		}
		sizes, err := d.sizes(f.FourCC)
		if err != nil {
			return nil, err
		}
		f.Sizes = sizes
		all = append(all, f)
	}
	return all, nil
}

// Types of sizes and intervals.
const (
	discrete   = 1
	continuous = 2
)

func (d *Camera) sizes(c FourCC) ([]Size, error) {
	var all []Size
	for i := range uint32(manyTypes) {
		e := frameSizeEnum{index: i, pixelFormat: c}
		err := d.control(vidiocEnumFrameSizes, unsafe.Pointer(&e))
		if err != nil {
			if i == 0 && (errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL)) {
				return d.extremes(c)
			}
			if errors.Is(err, unix.EINVAL) {
				break
			}
			return nil, d.failed("asking for its sizes", err)
		}
		n := e.size
		s := Size{Width: Span{int(n[0]), int(n[0]), 1}, Height: Span{int(n[1]), int(n[1]), 1}}
		if e.typ != discrete {
			s.Width, s.Height = span(n[0], n[1], n[2], e.typ), span(n[3], n[4], n[5], e.typ)
		}
		if s.Rates, err = d.rates(c, s.Width.Max, s.Height.Max); err != nil {
			return nil, err
		}
		all = append(all, s)
		if e.typ != discrete {
			break // a range stands alone
		}
	}
	return all, nil
}

func span(least, most, step, typ uint32) Span {
	if typ == continuous {
		step = 1
	}
	return Span{int(least), int(most), int(max(step, 1))}
}

// extremes asks drivers that list no sizes for the smallest and the largest.
func (d *Camera) extremes(c FourCC) ([]Size, error) {
	small, err := d.TryFormat(Request{FourCC: c, Width: 1, Height: 1})
	if err != nil {
		return nil, err
	}
	large, err := d.TryFormat(Request{FourCC: c, Width: 1 << 15, Height: 1 << 15})
	if err != nil {
		return nil, err
	}
	s := Size{Width: Span{small.Width, large.Width, 1}, Height: Span{small.Height, large.Height, 1}}
	s.Rates, err = d.rates(c, large.Width, large.Height)
	return []Size{s}, err
}

// rates are empty if the driver does not tell.
func (d *Camera) rates(c FourCC, width, height int) ([]Rate, error) {
	var all []Rate
	for i := range uint32(manyTypes) {
		e := frameIntervalEnum{index: i, pixelFormat: c, width: uint32(width), height: uint32(height)}
		if err := d.control(vidiocEnumFrameIntervals, unsafe.Pointer(&e)); err != nil {
			if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTTY) {
				break
			}
			return nil, d.failed(fmt.Sprintf("asking for its rates at %dx%d", width, height), err)
		}
		if e.typ != discrete {
			// The longest interval is the lowest rate.
			return append(all, Rate{perSecond(e.interval[1]), perSecond(e.interval[0])}), nil
		}
		r := perSecond(e.interval[0])
		all = append(all, Rate{r, r})
	}
	return all, nil
}

// perSecond turns an interval into a rate, in lowest terms.
func perSecond(f fract) frames.Fraction {
	if f.num == 0 || f.den == 0 {
		return frames.Fraction{Num: 0, Den: 1}
	}
	a, b := f.den, f.num
	for b != 0 {
		a, b = b, a%b
	}
	return frames.Fraction{Num: int(f.den / a), Den: int(f.num / a)}
}
