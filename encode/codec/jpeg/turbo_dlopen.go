//go:build linux && (amd64 || arm64) && !nodlopen

package jpeg

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/cmem"
)

// The functions of turbojpeg.h that are used, which versions 2 and 3 both have.
const (
	fnInitCompress = iota
	fnInitDecompress
	fnDestroy
	fnBufSize
	fnCompress2
	fnCompressFromYUVPlanes
	fnDecompress2
	fnDecompressToYUVPlanes
	fnGetErrorStr2
	fnGetErrorCode
	fnCount
)

var functionNames = [fnCount]string{
	"tjInitCompress", "tjInitDecompress", "tjDestroy", "tjBufSize", "tjCompress2", "tjCompressFromYUVPlanes",
	"tjDecompress2", "tjDecompressToYUVPlanes", "tjGetErrorStr2", "tjGetErrorCode",
}

// Flags of turbojpeg.h.
const (
	flagFastUpsample = 256
	flagNoRealloc    = 1024
	flagAccurateDCT  = 4096
	flagLimitScans   = 32768 // an error of a file that makes a picture of thousands of scans
)

// library is an open libturbojpeg. It stays open until the program ends.
type library struct {
	name      string
	functions [fnCount]uintptr
}

// findLibrary opens the library that is named, or where it is usually found.
func findLibrary() (*library, error) {
	places := []string{"libturbojpeg.so.0", "libturbojpeg.so"}
	if named := os.Getenv(libraryVariable); named == "off" {
		return nil, errors.New(libraryVariable + "=off")
	} else if named != "" {
		places = []string{named}
	}
	var all error
	for _, place := range places {
		l, err := load(place)
		if err == nil {
			return l, nil
		}
		all = errors.Join(all, err)
	}
	return nil, all
}

func load(place string) (*library, error) {
	handle, err := purego.Dlopen(place, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	l := &library{name: place + ", TurboJPEG 2"}
	if _, err := purego.Dlsym(handle, "tj3Init"); err == nil {
		l.name = place + ", TurboJPEG 3"
	}
	for i, name := range functionNames {
		if l.functions[i], err = purego.Dlsym(handle, name); err != nil {
			return nil, fmt.Errorf("%s is not libturbojpeg 2 or 3: %w", place, err)
		}
	}
	return l, nil
}

// instance is what the library keeps between pictures, and the next call of it. It is
// freed when the garbage collector finds it.
type instance struct {
	lib    *library
	handle uintptr
	// cleanup frees the handle.
	cleanup runtime.Cleanup

	args [11]uintptr
	// held are what args point to. So it is on the heap, where nothing moves, and stays.
	held [11]unsafe.Pointer
	n    int

	plane  [3]unsafe.Pointer
	stride [3]int32
}

func newInstance(lib *library, initFn int) (*instance, error) {
	runtime.LockOSThread() // for the message
	defer runtime.UnlockOSThread()
	handle, _, _ := purego.SyscallN(lib.functions[initFn])
	if handle == 0 {
		message, _, _ := purego.SyscallN(lib.functions[fnGetErrorStr2], 0)
		return nil, fmt.Errorf("jpeg: libturbojpeg: %s", cmem.Text(message))
	}
	i := &instance{lib: lib, handle: handle}
	i.cleanup = runtime.AddCleanup(i, func(h uintptr) { purego.SyscallN(lib.functions[fnDestroy], h) }, handle)
	i.number(int(handle))
	return i, nil
}

// free frees the handle now.
func (i *instance) free() {
	i.cleanup.Stop()
	purego.SyscallN(i.lib.functions[fnDestroy], i.handle)
}

// number adds an argument to the next call.
func (i *instance) number(v int) {
	i.args[i.n] = uintptr(v)
	i.n++
}

// pointer adds an argument to the next call.
func (i *instance) pointer(p unsafe.Pointer) {
	i.held[i.n], i.args[i.n] = p, uintptr(p)
	i.n++
}

func (i *instance) bytes(b []byte) { i.pointer(unsafe.Pointer(unsafe.SliceData(b))) }

// planes readies pointers and strides for the next call, whose arguments they are.
func (i *instance) planes(p *planes) {
	for k := range p.n {
		i.plane[k], i.stride[k] = unsafe.Pointer(unsafe.SliceData(p.data[k])), int32(p.stride[k])
	}
}

// call calls a function with the arguments that were added, and forgets these. What the
// library complains of is in memory of the thread.
func (i *instance) call(fn int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r, _, _ := purego.SyscallN(i.lib.functions[fn], i.args[:i.n]...)
	runtime.KeepAlive(i)
	clear(i.held[:])
	clear(i.plane[:])
	i.n = 1 // the handle
	if int32(r) == 0 {
		return nil
	}
	message, _, _ := purego.SyscallN(i.lib.functions[fnGetErrorStr2], i.handle)
	code, _, _ := purego.SyscallN(i.lib.functions[fnGetErrorCode], i.handle)
	said := cmem.Text(message)
	// Some cameras pad the end of a picture, which changes nothing in it.
	const warning = 0
	if int32(code) == warning && strings.Contains(said, "extraneous bytes before marker") {
		return nil
	}
	return fmt.Errorf("jpeg: %s", said)
}

// pixelFormats are those formats of the library that set the fourth byte to 255, as
// padding is everywhere in the engine.
var pixelFormats = map[frames.PixelFormat]int{
	frames.RGB: 0, frames.BGR: 1, frames.GRAY8: 6,
	frames.RGBA: 7, frames.BGRA: 8, frames.ABGR: 9, frames.ARGB: 10,
	frames.RGBx: 7, frames.BGRx: 8, frames.XBGR: 9, frames.XRGB: 10,
}

// rowStride is that of plane 0; of a single row it may be anything.
func rowStride(p *frames.Picture) int {
	if p.Height == 1 {
		return p.Width * p.Format.PixelStride()
	}
	return p.Stride[0]
}
