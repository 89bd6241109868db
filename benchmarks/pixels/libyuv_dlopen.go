//go:build linux && (amd64 || arm64) && !nodlopen

package main

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/eiengine/eiengine/frames"
)

// libyuv is the library, opened at run time.
type libyuv struct{ handle uintptr }

func openLibyuv() (*libyuv, error) {
	handle, err := purego.Dlopen("libyuv.so.0", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("%w: apt-get install libyuv0", err)
	}
	return &libyuv{handle}, nil
}

// chain is the conversion of src to dst by one function after the other; nil without
// the library.
func (l *libyuv) chain(p pair, dst, src *frames.Picture) (func(), error) {
	if l == nil {
		return nil, nil
	}
	var steps []func()
	for i, name := range p.steps {
		to := dst
		if i < len(p.between) {
			between := picture(p.between[i], p.w, p.h)
			to = &between
		}
		step, err := l.step(name, to, src)
		if err != nil {
			return nil, err
		}
		steps, src = append(steps, step), to
	}
	return func() {
		for _, step := range steps {
			step()
		}
	}, nil
}

// step is one function, all of which take planes and strides of the source, the same
// of the destination, and the size.
func (l *libyuv) step(name string, dst, src *frames.Picture) (func(), error) {
	function, err := purego.Dlsym(l.handle, name)
	if err != nil {
		return nil, err
	}
	var args []uintptr
	for _, p := range []*frames.Picture{src, dst} {
		for i := range p.Format.Planes() {
			args = append(args, uintptr(unsafe.Pointer(&p.Data[i][0])), uintptr(p.Stride[i]))
		}
	}
	args = append(args, uintptr(src.Width), uintptr(src.Height))
	return func() {
		purego.SyscallN(function, args...)
		runtime.KeepAlive([]*frames.Picture{src, dst}) // memory does not move
	}, nil
}
