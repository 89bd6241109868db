//go:build linux && (amd64 || arm64) && !nodlopen

package jpeg

import (
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

// decodeFlags: every decoder here shows the nearest sample of chroma.
const decodeFlags = flagAccurateDCT | flagFastUpsample | flagLimitScans

// turboDecoder decodes by libturbojpeg. The zero value is ready.
type turboDecoder struct{ *instance }

// forget forgets the tables of earlier pictures.
func (d *turboDecoder) forget() {
	if d.instance != nil {
		d.free()
		d.instance = nil
	}
}

// begin readies a call with the picture as its first arguments.
func (d *turboDecoder) begin(lib *library, data []byte) (err error) {
	if d.instance == nil || d.lib != lib {
		if d.instance, err = newInstance(lib, fnInitDecompress); err != nil {
			return err
		}
	}
	d.bytes(data)
	d.number(len(data))
	return nil
}

// decodePlanes fills planes that have the sampling of the picture; their sides are
// whole numbers of the pixels that share chroma.
func (d *turboDecoder) decodePlanes(lib *library, dst planes, data []byte) error {
	if err := d.begin(lib, data); err != nil {
		return err
	}
	const sizeOfPicture = 0
	d.planes(&dst)
	d.pointer(unsafe.Pointer(&d.plane))
	d.number(sizeOfPicture)
	d.pointer(unsafe.Pointer(&d.stride))
	d.number(sizeOfPicture)
	d.number(decodeFlags)
	return d.call(fnDecompressToYUVPlanes)
}

// decodeRGB fills a picture of three or four bytes a pixel that has the right size.
func (d *turboDecoder) decodeRGB(lib *library, dst *frames.Picture, data []byte) error {
	if err := d.begin(lib, data); err != nil {
		return err
	}
	d.bytes(dst.Data[0])
	d.number(dst.Width)
	d.number(rowStride(dst))
	d.number(dst.Height)
	d.number(pixelFormats[dst.Format])
	d.number(decodeFlags)
	return d.call(fnDecompress2)
}
