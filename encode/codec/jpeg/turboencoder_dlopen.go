//go:build linux && (amd64 || arm64) && !nodlopen

package jpeg

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/eiengine/eiengine/frames"
)

// turboEncoder encodes by libturbojpeg. The zero value is ready.
type turboEncoder struct {
	*instance
	out  []byte
	room struct { // what out has room for
		width, height int
		sampling
	}
	to   unsafe.Pointer // out, as an argument
	size uintptr        // of out, then of the JPEG
}

// encodePlanes is the JPEG of planes with half the chroma, or of gray; valid until the
// next. Sides of planes are whole numbers of the pixels that share chroma.
func (e *turboEncoder) encodePlanes(lib *library, src planes, width, height, quality int) ([]byte, error) {
	s := sampling420
	if src.n == 1 {
		s = samplingGray
	}
	if err := e.begin(lib, width, height, s); err != nil {
		return nil, err
	}
	e.planes(&src)
	e.pointer(unsafe.Pointer(&e.plane))
	e.number(width)
	e.pointer(unsafe.Pointer(&e.stride))
	e.number(height)
	e.number(int(s))
	e.output()
	return e.finish(fnCompressFromYUVPlanes, quality)
}

// encodeRGB is the same of a picture of three or four bytes a pixel.
func (e *turboEncoder) encodeRGB(lib *library, p *frames.Picture, quality int) ([]byte, error) {
	if err := e.begin(lib, p.Width, p.Height, sampling420); err != nil {
		return nil, err
	}
	e.bytes(p.Data[0])
	e.number(p.Width)
	e.number(rowStride(p))
	e.number(p.Height)
	e.number(pixelFormats[p.Format])
	e.output()
	e.number(int(sampling420))
	return e.finish(fnCompress2, quality)
}

// begin readies a call, and room for whatever comes out.
func (e *turboEncoder) begin(lib *library, width, height int, s sampling) (err error) {
	if e.instance == nil || e.lib != lib {
		if e.instance, err = newInstance(lib, fnInitCompress); err != nil {
			return err
		}
	}
	want := e.room
	want.width, want.height, want.sampling = width, height, s
	if want == e.room {
		return nil
	}
	most, _, _ := purego.SyscallN(lib.functions[fnBufSize], uintptr(width), uintptr(height), uintptr(s))
	if int(most) < 0 {
		return fmt.Errorf("jpeg: libturbojpeg encodes no %dx%d pixels", width, height)
	}
	e.out, e.room = make([]byte, most), want
	return nil
}

// output adds the arguments that say where the JPEG goes.
func (e *turboEncoder) output() {
	e.to, e.size = unsafe.Pointer(&e.out[0]), uintptr(len(e.out))
	e.pointer(unsafe.Pointer(&e.to))
	e.pointer(unsafe.Pointer(&e.size))
}

func (e *turboEncoder) finish(fn, quality int) ([]byte, error) {
	e.number(quality)
	e.number(flagAccurateDCT | flagNoRealloc)
	if err := e.call(fn); err != nil {
		return nil, err
	}
	return e.out[:e.size], nil
}
