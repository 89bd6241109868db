//go:build linux && (amd64 || arm64) && !nodlopen

package onnx

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/eiengine/eiengine/internal/cmem"
)

// session is one loaded model.
type session struct {
	lib     *library
	handle  uintptr
	in, out []tensorInfo

	inNames, outNames []*byte
}

func openSession(path string, o Options) (*session, error) {
	lib, err := openLibrary(o.Library)
	if err != nil {
		return nil, err
	}
	s := &session{lib: lib}
	if err := s.open(path, o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) open(path string, o Options) error {
	lib := s.lib
	var options uintptr
	if err := lib.call(fnCreateSessionOptions, uintptr(unsafe.Pointer(&options))); err != nil {
		return err
	}
	defer func() { lib.release(fnReleaseSessionOptions, options) }()
	if err := lib.call(fnSetIntraOpNumThreads, options, uintptr(o.threads())); err != nil {
		return err
	}
	name := cmem.String(path)
	if err := lib.call(fnCreateSession, lib.env, uintptr(unsafe.Pointer(name)), options, uintptr(unsafe.Pointer(&s.handle))); err != nil {
		return fmt.Errorf("%w; is it a whole ONNX model, and not newer than the library?", err)
	}
	var err error
	if s.in, s.inNames, err = s.describe(fnSessionGetInputCount, fnSessionGetInputName, fnSessionGetInputTypeInfo); err != nil {
		return err
	}
	s.out, s.outNames, err = s.describe(fnSessionGetOutputCount, fnSessionGetOutputName, fnSessionGetOutputTypeInfo)
	return err
}

func (s *session) inputs() []tensorInfo  { return s.in }
func (s *session) outputs() []tensorInfo { return s.out }

func (s *session) close() {
	s.lib.release(fnReleaseSession, s.handle)
	s.handle = 0
}

// describe reads names, types and shapes of the inputs or of the outputs.
func (s *session) describe(countFn, nameFn, typeFn int) ([]tensorInfo, []*byte, error) {
	var count uintptr
	if err := s.lib.call(countFn, s.handle, uintptr(unsafe.Pointer(&count))); err != nil {
		return nil, nil, err
	}
	infos, names := make([]tensorInfo, count), make([]*byte, count)
	for i := range infos {
		var name uintptr
		if err := s.lib.call(nameFn, s.handle, uintptr(i), s.lib.allocator, uintptr(unsafe.Pointer(&name))); err != nil {
			return nil, nil, err
		}
		infos[i].name = cmem.Text(name)
		names[i] = cmem.String(infos[i].name)
		if err := s.lib.call(fnAllocatorFree, s.lib.allocator, name); err != nil {
			return nil, nil, err
		}
		if err := s.readType(&infos[i], typeFn, i); err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", infos[i].name, err)
		}
	}
	return infos, names, nil
}

func (s *session) readType(t *tensorInfo, typeFn, i int) error {
	var info, tensorType uintptr
	if err := s.lib.call(typeFn, s.handle, uintptr(i), uintptr(unsafe.Pointer(&info))); err != nil {
		return err
	}
	defer func() { s.lib.release(fnReleaseTypeInfo, info) }()
	if err := s.lib.call(fnCastTypeInfoToTensorInfo, info, uintptr(unsafe.Pointer(&tensorType))); err != nil {
		return err
	}
	if tensorType == 0 {
		return errors.New("is no tensor")
	}
	var err error
	t.element, t.shape, err = s.lib.shapeOf(tensorType)
	return err
}

// shapeOf reads a description of a tensor that stays the caller's.
func (l *library) shapeOf(info uintptr) (elementType, []int64, error) {
	var element int32
	if err := l.call(fnGetTensorElementType, info, uintptr(unsafe.Pointer(&element))); err != nil {
		return 0, nil, err
	}
	var count uintptr
	if err := l.call(fnGetDimensionsCount, info, uintptr(unsafe.Pointer(&count))); err != nil {
		return 0, nil, err
	}
	if count == 0 {
		return elementType(element), nil, nil
	}
	shape := make([]int64, count)
	err := l.call(fnGetDimensions, info, uintptr(unsafe.Pointer(&shape[0])), count)
	return elementType(element), shape, err
}

// interrupt ends a run that is under way.
type interrupt struct {
	lib     *library
	options uintptr
}

func (s *session) newInterrupt() (*interrupt, error) {
	i := &interrupt{lib: s.lib}
	return i, s.lib.call(fnCreateRunOptions, uintptr(unsafe.Pointer(&i.options)))
}

// now may be called from any goroutine, before close.
func (i *interrupt) now() error   { return i.lib.call(fnRunOptionsSetTerminate, i.options) }
func (i *interrupt) reset() error { return i.lib.call(fnRunOptionsUnsetTerminate, i.options) }
func (i *interrupt) close()       { i.lib.release(fnReleaseRunOptions, i.options) }

// run runs the model on the first n values of input, of that shape, and copies its outputs into out,
// whose values it reuses.
func (s *session) run(input *inputs, n int, shape []int64, i *interrupt, out []tensor) error {
	var in uintptr
	data, size := input.memory(n)
	err := s.lib.call(fnCreateTensorWithData, s.lib.memory, uintptr(data), uintptr(size),
		uintptr(unsafe.Pointer(&shape[0])), uintptr(len(shape)), uintptr(input.element), uintptr(unsafe.Pointer(&in)))
	if err != nil {
		return err
	}
	defer func() { s.lib.release(fnReleaseValue, in) }()
	values := make([]uintptr, len(s.out))
	err = s.lib.call(fnRun, s.handle, i.options, uintptr(unsafe.Pointer(&s.inNames[0])), uintptr(unsafe.Pointer(&in)), 1,
		uintptr(unsafe.Pointer(&s.outNames[0])), uintptr(len(s.out)), uintptr(unsafe.Pointer(&values[0])))
	if err != nil {
		return err
	}
	for j, v := range values {
		err = errors.Join(err, s.lib.read(v, &out[j]))
		s.lib.release(fnReleaseValue, v)
	}
	return err
}

// read copies a tensor.
func (l *library) read(value uintptr, t *tensor) error {
	var info, data uintptr
	if err := l.call(fnGetTensorTypeAndShape, value, uintptr(unsafe.Pointer(&info))); err != nil {
		return err
	}
	defer func() { l.release(fnReleaseTensorTypeAndShapeInfo, info) }()
	element, shape, err := l.shapeOf(info)
	if err != nil {
		return err
	}
	if err := l.call(fnGetTensorMutableData, value, uintptr(unsafe.Pointer(&data))); err != nil {
		return err
	}
	t.shape = shape
	return t.copyFrom(element, cmem.At(data))
}
