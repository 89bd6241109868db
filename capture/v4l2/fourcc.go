package v4l2

import "github.com/eiengine/eiengine/frames"

// FourCC names how a driver encodes pictures, by four characters.
type FourCC uint32

// MakeFourCC makes a code of its four characters, such as "YUYV".
func MakeFourCC(s [4]byte) FourCC {
	return FourCC(s[0]) | FourCC(s[1])<<8 | FourCC(s[2])<<16 | FourCC(s[3])<<24
}

// String is the four characters, without the spaces at the end.
func (c FourCC) String() string {
	b := []byte{byte(c), byte(c >> 8), byte(c >> 16), byte(c >> 24)}
	for i := range b {
		if b[i] < ' ' || b[i] > '~' {
			b[i] = '.'
		}
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// Codes that programs ask for by name.
const (
	YUYV  FourCC = 'Y' | 'U'<<8 | 'Y'<<16 | 'V'<<24
	NV12  FourCC = 'N' | 'V'<<8 | '1'<<16 | '2'<<24
	NV12M FourCC = 'N' | 'M'<<8 | '1'<<16 | '2'<<24
	MJPEG FourCC = 'M' | 'J'<<8 | 'P'<<16 | 'G'<<24
	JPEG  FourCC = 'J' | 'P'<<8 | 'E'<<16 | 'G'<<24
	H264  FourCC = 'H' | '2'<<8 | '6'<<16 | '4'<<24
)

func code(s string) FourCC { return MakeFourCC([4]byte{s[0], s[1], s[2], s[3]}) }

// pixelFormats are the raw formats that the engine works on. Those with M keep each
// plane in memory of its own.
var pixelFormats = map[FourCC]frames.PixelFormat{
	YUYV: frames.YUY2, code("UYVY"): frames.UYVY, code("YVYU"): frames.YVYU,
	NV12: frames.NV12, NV12M: frames.NV12, code("NV21"): frames.NV21, code("NM21"): frames.NV21,
	code("YU12"): frames.I420, code("YM12"): frames.I420, code("YV12"): frames.YV12, code("YM21"): frames.YV12,
	code("RGB3"): frames.RGB, code("BGR3"): frames.BGR, code("GREY"): frames.GRAY8,
	code("AR24"): frames.BGRA, code("XR24"): frames.BGRx, code("BGR4"): frames.BGRx,
	code("BA24"): frames.ARGB, code("BX24"): frames.XRGB, code("RGB4"): frames.XRGB,
	code("AB24"): frames.RGBA, code("XB24"): frames.RGBx, code("RA24"): frames.ABGR, code("RX24"): frames.XBGR,
}

// PixelFormat is the raw format of the engine that a code stands for, PixelUnknown if
// there is none.
func (c FourCC) PixelFormat() frames.PixelFormat { return pixelFormats[c] }
