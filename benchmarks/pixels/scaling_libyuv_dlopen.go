//go:build linux && (amd64 || arm64) && !nodlopen

package main

import (
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// filters are libyuv's, by our methods; it has none like Lanczos.
var filters = map[pixel.Method]uintptr{pixel.Nearest: 0, pixel.Bilinear: 2, pixel.Area: 3}

// scale is libyuv's way to the same: scaled in the format of the source, or in one near
// it that it can scale, then RGB for a tensor. It is nil where it has none.
func (l *libyuv) scale(s scaling, dst, src *frames.Picture) (func(), error) {
	filter, ok := filters[s.method]
	if l == nil || !ok {
		return nil, nil
	}
	var before, after func()
	var err error
	from, to := src, dst
	if s.format == frames.YUY2 { // which it does not scale
		between := picture(frames.I420, s.w, s.h)
		from = &between
		if before, err = l.step("YUY2ToI420", from, src); err != nil {
			return nil, err
		}
	}
	if from.Format != dst.Format {
		small := picture(from.Format, s.dw, s.dh)
		to = &small
		if after, err = l.step(from.Format.String()+"ToRAW", dst, to); err != nil {
			return nil, err
		}
	}
	scale, err := l.scaler(to, from, filter)
	if err != nil {
		return nil, err
	}
	return func() {
		if before != nil {
			before()
		}
		scale()
		if after != nil {
			after()
		}
	}, nil
}

// scaler scales planes. That of I420 takes more arguments than can be passed here: it
// does the same as three of the planes in turn.
func (l *libyuv) scaler(dst, src *frames.Picture, filter uintptr) (func(), error) {
	name := map[frames.PixelFormat]string{frames.I420: "ScalePlane", frames.NV12: "NV12Scale", frames.RGB: "RGBScale", frames.BGRA: "ARGBScale"}[src.Format]
	function, err := purego.Dlsym(l.handle, name)
	if err != nil {
		return nil, err
	}
	var calls [][]uintptr
	switch src.Format {
	case frames.I420:
		for i := range 3 {
			sub := min(i, 1)
			calls = append(calls, append(append(plane(src, i), size(src, sub)...), append(append(plane(dst, i), size(dst, sub)...), filter)...))
		}
	case frames.NV12:
		args := append(append(append(plane(src, 0), plane(src, 1)...), size(src, 0)...), plane(dst, 0)...)
		calls = append(calls, append(append(append(args, plane(dst, 1)...), size(dst, 0)...), filter))
	default:
		calls = append(calls, append(append(plane(src, 0), size(src, 0)...), append(append(plane(dst, 0), size(dst, 0)...), filter)...))
	}
	return func() {
		for _, args := range calls {
			purego.SyscallN(function, args...)
		}
		runtime.KeepAlive([]*frames.Picture{src, dst}) // memory does not move
	}, nil
}

func plane(p *frames.Picture, i int) []uintptr {
	return []uintptr{uintptr(unsafe.Pointer(&p.Data[i][0])), uintptr(p.Stride[i])}
}

func size(p *frames.Picture, sub int) []uintptr {
	return []uintptr{uintptr((p.Width + sub) >> sub), uintptr((p.Height + sub) >> sub)}
}
