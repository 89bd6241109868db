package v4l2

import (
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

// PixelAspect is the shape of a pixel, width over height; ok is false if the driver
// does not tell.
func (d *Camera) PixelAspect() (par frames.Fraction, ok bool) {
	c := cropCap{typ: captureSingle} // drivers take this type for both
	if d.control(vidiocCropCap, unsafe.Pointer(&c)) != nil || c.pixelAspect.num == 0 || c.pixelAspect.den == 0 {
		return par, false
	}
	// V4L2 has it the other way round.
	return perSecond(fract{c.pixelAspect.num, c.pixelAspect.den}), true
}

// SetStandard sets the analogue standards that the input may have, bits of
// v4l2_std_id.
func (d *Camera) SetStandard(bits uint64) error {
	if err := d.control(vidiocSStd, unsafe.Pointer(&bits)); err != nil {
		return d.failed("setting the video standard", err)
	}
	return nil
}

// Standard is what SetStandard sets; 0 if the camera has none.
func (d *Camera) Standard() uint64 {
	var bits uint64
	if d.control(vidiocGStd, unsafe.Pointer(&bits)) != nil {
		return 0 // no analogue input
	}
	return bits
}
