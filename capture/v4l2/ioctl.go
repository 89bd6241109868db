package v4l2

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The structures are those of linux/videodev2.h on 64-bit machines; a test holds
// their sizes.

type capability struct {
	driver       [16]byte
	card         [32]byte
	busInfo      [32]byte
	version      uint32
	capabilities uint32
	deviceCaps   uint32
	_            [3]uint32
}

type formatDesc struct {
	index, typ, flags uint32
	description       [32]byte
	pixelFormat       FourCC
	mbusCode          uint32
	_                 [3]uint32
}

// format is v4l2_format; what pix holds depends on the type.
type format struct {
	typ uint32
	_   uint32
	pix [200]byte
}

func (f *format) single() *pixFormat     { return (*pixFormat)(unsafe.Pointer(&f.pix)) }
func (f *format) multi() *pixFormatPlane { return (*pixFormatPlane)(unsafe.Pointer(&f.pix)) }

type pixFormat struct {
	width, height           uint32
	pixelFormat             FourCC
	field                   uint32
	bytesPerLine, sizeImage uint32
	colorspace              uint32
	priv, flags             uint32
	ycbcr, quantization     uint32
	xfer                    uint32
}

// pixFormatPlane is v4l2_pix_format_mplane, which has no gaps in C: all its fields
// are at multiples of two.
type pixFormatPlane struct {
	width, height       uint32
	pixelFormat         FourCC
	field               uint32
	colorspace          uint32
	planes              [maxPlanes]planeFormat
	numPlanes, flags    uint8
	ycbcr, quantization uint8
	xfer                uint8
	_                   [7]uint8
}

type planeFormat struct {
	sizeImage, bytesPerLine uint32
	_                       [6]uint16
}

type requestBuffers struct {
	count, typ, memory, capabilities uint32
	flags                            uint8
	_                                [3]uint8
}

type buffer struct {
	index, typ, bytesUsed, flags, field uint32
	_                                   uint32
	seconds, microseconds               int64
	timecode                            [16]byte
	sequence, memory                    uint32
	m                                   uint64 // offset, or where the planes are
	length                              uint32
	_                                   [3]uint32
}

type plane struct {
	bytesUsed, length uint32
	m                 uint64
	dataOffset        uint32
	_                 [11]uint32
}

type exportBuffer struct {
	typ, index, plane, flags uint32
	fd                       int32
	_                        [11]uint32
}

type fract struct{ num, den uint32 }

// streamParm is v4l2_streamparm with its capture part.
type streamParm struct {
	typ, capability, mode uint32
	timePerFrame          fract
	_                     [184]byte
}

type frameSizeEnum struct {
	index       uint32
	pixelFormat FourCC
	typ         uint32
	size        [6]uint32
	_           [2]uint32
}

type frameIntervalEnum struct {
	index         uint32
	pixelFormat   FourCC
	width, height uint32
	typ           uint32
	interval      [3]fract
	_             [2]uint32
}

type queryControl struct {
	id, typ            uint32
	name               [32]byte
	minimum, maximum   int64
	step               uint64
	preset             int64
	flags              uint32
	elemSize, elements uint32
	dimensions         uint32
	_                  [4]uint32
	_                  [32]uint32
}

type queryMenu struct {
	id, index uint32
	name      [32]byte // or a number of 64 bits
	_         uint32
}

// extControl has a number of 64 bits at byte 12, so it is bytes to Go.
type extControl [20]byte

type extControls struct {
	which, count, errorIndex uint32
	requestFD                int32
	_                        [2]uint32
	controls                 unsafe.Pointer
}

type rect struct {
	left, top     int32
	width, height uint32
}

type cropCap struct {
	typ             uint32
	bounds, defRect rect
	pixelAspect     fract
}

const maxPlanes = 8

// Types of buffers and memory.
const (
	captureSingle = 1
	captureMulti  = 9
	memoryMmap    = 1
)

// Bits of v4l2_capability.
const (
	capCapture      = 0x1
	capCaptureMulti = 0x1000
	capMemToMem     = 0x4000 | 0x8000
	capStreaming    = 0x04000000
	capDeviceCaps   = 0x80000000
)

const (
	read  = 2
	write = 1
)

// request makes the number of an ioctl of type 'V'.
func request(direction, number, size uintptr) uintptr {
	return direction<<30 | size<<16 | 'V'<<8 | number
}

var (
	vidiocQueryCap           = request(read, 0, unsafe.Sizeof(capability{}))
	vidiocEnumFmt            = request(read|write, 2, unsafe.Sizeof(formatDesc{}))
	vidiocGFmt               = request(read|write, 4, unsafe.Sizeof(format{}))
	vidiocSFmt               = request(read|write, 5, unsafe.Sizeof(format{}))
	vidiocReqBufs            = request(read|write, 8, unsafe.Sizeof(requestBuffers{}))
	vidiocQueryBuf           = request(read|write, 9, unsafe.Sizeof(buffer{}))
	vidiocQBuf               = request(read|write, 15, unsafe.Sizeof(buffer{}))
	vidiocExpBuf             = request(read|write, 16, unsafe.Sizeof(exportBuffer{}))
	vidiocDQBuf              = request(read|write, 17, unsafe.Sizeof(buffer{}))
	vidiocStreamOn           = request(write, 18, 4)
	vidiocStreamOff          = request(write, 19, 4)
	vidiocGParm              = request(read|write, 21, unsafe.Sizeof(streamParm{}))
	vidiocSParm              = request(read|write, 22, unsafe.Sizeof(streamParm{}))
	vidiocGStd               = request(read, 23, 8)
	vidiocSStd               = request(write, 24, 8)
	vidiocQueryMenu          = request(read|write, 37, unsafe.Sizeof(queryMenu{}))
	vidiocCropCap            = request(read|write, 58, unsafe.Sizeof(cropCap{}))
	vidiocTryFmt             = request(read|write, 64, unsafe.Sizeof(format{}))
	vidiocGExtCtrls          = request(read|write, 71, unsafe.Sizeof(extControls{}))
	vidiocSExtCtrls          = request(read|write, 72, unsafe.Sizeof(extControls{}))
	vidiocEnumFrameSizes     = request(read|write, 74, unsafe.Sizeof(frameSizeEnum{}))
	vidiocEnumFrameIntervals = request(read|write, 75, unsafe.Sizeof(frameIntervalEnum{}))
	vidiocQueryExtCtrl       = request(read|write, 103, unsafe.Sizeof(queryControl{}))
)

// ioctl asks the driver, again if a signal came in between. arg must point to memory
// that does not move: a variable of the caller does not while this call lasts.
func ioctl(fd int, request uintptr, arg unsafe.Pointer) error {
	for {
		_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(arg))
		switch e {
		case 0:
			return nil
		case unix.EINTR:
			continue
		}
		return e
	}
}

// text is a string of C in a field.
func text(b []byte) string { return unix.ByteSliceToString(b) }
