//go:build linux && (amd64 || arm64) && !nodlopen

package onnx

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/eiengine/eiengine/internal/cmem"
)

// The library's functions are a table that only ever grows at its end, so an
// index means the same function in every version. The numbers are the order of
// struct OrtApi in onnxruntime_c_api.h.
const (
	fnGetErrorMessage                = 2
	fnCreateEnv                      = 3
	fnCreateSession                  = 7
	fnRun                            = 9
	fnCreateSessionOptions           = 10
	fnSetIntraOpNumThreads           = 24
	fnSessionGetInputCount           = 30
	fnSessionGetOutputCount          = 31
	fnSessionGetInputTypeInfo        = 33
	fnSessionGetOutputTypeInfo       = 34
	fnSessionGetInputName            = 36
	fnSessionGetOutputName           = 37
	fnCreateRunOptions               = 39
	fnRunOptionsSetTerminate         = 46
	fnRunOptionsUnsetTerminate       = 47
	fnCreateTensorWithData           = 49
	fnGetTensorMutableData           = 51
	fnCastTypeInfoToTensorInfo       = 55
	fnGetTensorElementType           = 60
	fnGetDimensionsCount             = 61
	fnGetDimensions                  = 62
	fnGetTensorTypeAndShape          = 65
	fnCreateCPUMemoryInfo            = 69
	fnAllocatorFree                  = 76
	fnGetAllocatorWithDefaultOptions = 78
	fnReleaseStatus                  = 93
	fnReleaseSession                 = 95
	fnReleaseValue                   = 96
	fnReleaseRunOptions              = 97
	fnReleaseTypeInfo                = 98
	fnReleaseTensorTypeAndShapeInfo  = 99
	fnReleaseSessionOptions          = 100
	fnCount                          = 101
)

// apiVersion is what the table is asked for: ONNX Runtime 1.17 and later give it.
const apiVersion = 17

// library is an open ONNX Runtime. It stays open until the program ends: its
// own threads cannot be waited for.
type library struct {
	functions []uintptr
	env       uintptr
	memory    uintptr // description of memory of the processor
	allocator uintptr
	version   string
}

var libraries struct {
	sync.Mutex
	open map[string]*library
}

// openLibrary opens the library at path, or where it is usually found.
func openLibrary(path string) (*library, error) {
	places := []string{"libonnxruntime.so.1", "libonnxruntime.so"}
	if env := os.Getenv(libraryVariable); env != "" {
		places = []string{env}
	}
	if path != "" {
		places = []string{path}
	}
	libraries.Lock()
	defer libraries.Unlock()
	var all error
	for _, place := range places {
		if l := libraries.open[place]; l != nil {
			return l, nil
		}
		l, err := load(place)
		if err == nil {
			if libraries.open == nil {
				libraries.open = map[string]*library{}
			}
			libraries.open[place] = l
			return l, nil
		}
		all = errors.Join(all, err)
	}
	return nil, fmt.Errorf("ONNX Runtime cannot be opened: install libonnxruntime 1.17 or later, or name its file in %s: %w", libraryVariable, all)
}

func load(place string) (*library, error) {
	handle, err := purego.Dlopen(place, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	getBase, err := purego.Dlsym(handle, "OrtGetApiBase")
	if err != nil {
		return nil, fmt.Errorf("%s is not ONNX Runtime: %w", place, err)
	}
	base, _, _ := purego.SyscallN(getBase)
	entries := unsafe.Slice((*uintptr)(cmem.At(base)), 2) // GetApi, GetVersionString
	versionText, _, _ := purego.SyscallN(entries[1])
	version := cmem.Text(versionText)
	api, _, _ := purego.SyscallN(entries[0], apiVersion)
	if api == 0 {
		return nil, fmt.Errorf("%s is version %s: 1.%d or later is needed", place, version, apiVersion)
	}
	l := &library{functions: unsafe.Slice((*uintptr)(cmem.At(api)), fnCount), version: version}
	name := cmem.String("eiengine")
	const logErrors = 3
	if err := l.call(fnCreateEnv, logErrors, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&l.env))); err != nil {
		return nil, err
	}
	const arena, usual = 1, 0
	if err := l.call(fnCreateCPUMemoryInfo, arena, usual, uintptr(unsafe.Pointer(&l.memory))); err != nil {
		return nil, err
	}
	return l, l.call(fnGetAllocatorWithDefaultOptions, uintptr(unsafe.Pointer(&l.allocator)))
}

// call calls a function that returns a status, as most do. What the arguments
// point to is on the heap and held until call returns, if the conversions
// uintptr(unsafe.Pointer(p)) stand in the list of arguments itself.
//
//go:uintptrescapes
func (l *library) call(fn int, args ...uintptr) error {
	status, _, _ := purego.SyscallN(l.functions[fn], args...)
	if status == 0 {
		return nil
	}
	message, _, _ := purego.SyscallN(l.functions[fnGetErrorMessage], status)
	err := fmt.Errorf("ONNX Runtime %s: %s", l.version, cmem.Text(message))
	purego.SyscallN(l.functions[fnReleaseStatus], status)
	return err
}

// release frees an object of the library; 0 is nothing to free.
func (l *library) release(fn int, object uintptr) {
	if object != 0 {
		purego.SyscallN(l.functions[fn], object)
	}
}

// Probe opens the library and returns its version. An empty path means the usual
// places, as for Open.
func Probe(path string) (version string, err error) {
	l, err := openLibrary(path)
	if err != nil {
		return "", err
	}
	return l.version, nil
}
