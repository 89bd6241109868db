//go:build linux && (amd64 || arm64) && !nodlopen

package pcm

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/eiengine/eiengine/internal/cmem"
)

// library is ALSA's. It stays open until the program ends, as its plugins may have
// threads of their own.
type library struct {
	address [functions]uintptr
	free    uintptr
}

var openLibrary = sync.OnceValues(func() (*library, error) {
	handle, err := purego.Dlopen("libasound.so.2", purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoLibrary, err)
	}
	l := new(library)
	for i, name := range names {
		if l.address[i], err = purego.Dlsym(handle, name); err != nil {
			return nil, fmt.Errorf("libasound.so.2 is older than 1.1: %w", err)
		}
	}
	if l.free, err = purego.Dlsym(purego.RTLD_DEFAULT, "free"); err != nil {
		return nil, err
	}
	// It would print its own account of every failure to standard error.
	purego.SyscallN(l.address[fnErrorSetHandler], purego.NewCallback(func(_, _, _, _, _ uintptr) uintptr { return 0 }))
	return l, nil
})

// call returns what the function does as a signed number. What the arguments point
// to is held until call returns, if the conversions uintptr(unsafe.Pointer(p)) stand
// in the list of arguments itself.
//
//go:uintptrescapes
func (l *library) call(fn function, args ...uintptr) int {
	result, _, _ := purego.SyscallN(l.address[fn], args...)
	if fn == fnReadi || fn == fnWritei || fn == fnAvail {
		return int(result) // long
	}
	return int(int32(result))
}

func (l *library) strerror(errno int) string {
	result, _, _ := purego.SyscallN(l.address[fnStrerror], uintptr(errno))
	return cmem.Text(result)
}

// text returns what a function that gives a C string has to say.
func (l *library) text(fn function, object uintptr) string {
	result, _, _ := purego.SyscallN(l.address[fn], object)
	return cmem.Text(result)
}

// hints lists the names of devices that ALSA's configuration offers.
func (l *library) hints() []hint {
	var list uintptr
	if l.call(fnNameHint, ^uintptr(0), uintptr(unsafe.Pointer(cmem.String("pcm"))), uintptr(unsafe.Pointer(&list))) < 0 {
		return nil
	}
	defer purego.SyscallN(l.address[fnNameFreeHint], list)
	var all []hint
	for p := list; *(*uintptr)(cmem.At(p)) != 0; p += unsafe.Sizeof(p) {
		entry := *(*uintptr)(cmem.At(p))
		all = append(all, hint{name: l.hint(entry, "NAME"), description: l.hint(entry, "DESC"), direction: l.hint(entry, "IOID")})
	}
	return all
}

func (l *library) hint(entry uintptr, what string) string {
	result, _, _ := purego.SyscallN(l.address[fnNameGetHint], entry, uintptr(unsafe.Pointer(cmem.String(what))))
	return l.taken(result)
}

// cardName is what card number n is called, empty if there is none.
func (l *library) cardName(n int) string {
	var name uintptr
	if l.call(fnCardGetName, uintptr(n), uintptr(unsafe.Pointer(&name))) < 0 {
		return ""
	}
	return l.taken(name)
}

// taken copies a C string and frees it.
func (l *library) taken(address uintptr) string {
	if address == 0 {
		return ""
	}
	defer purego.SyscallN(l.free, address)
	return cmem.Text(address)
}
