package pcm

import (
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/internal/cmem"
)

// runner makes the calls of a stream to a sound server's plugin in a goroutine of its own,
// since some never return: they wait for the answer of a server that hangs. Such a call
// is given up, with the stream; nothing can end it. Devices of cards need no runner.
type runner struct {
	lib     *library
	handle  uintptr
	calls   chan errand
	results chan int
	data    []byte // what is read or written; lost with a call that is given up
	timer   *time.Timer
	hung    bool
}

type errand struct {
	fn      function
	samples int     // to read or write
	params  uintptr // to set
}

// endless is after how long a call is given up that has nothing to wait for.
const endless = 5 * time.Second

// opened is what opening a device gave.
type opened struct {
	handle uintptr
	result int
}

// open opens a device. One that does not answer in time is closed should it do so later.
func (l *library) open(name string, direction Direction) (handle uintptr, result int) {
	answer := make(chan opened, 1)
	go l.openPatiently(name, direction, answer)
	timer := time.NewTimer(endless)
	defer timer.Stop()
	select {
	case o := <-answer:
		return o.handle, o.result
	case <-timer.C:
		go l.closeLate(answer)
		return 0, -int(unix.ETIMEDOUT)
	}
}

func (l *library) openPatiently(name string, direction Direction, answer chan<- opened) {
	var o opened
	o.result = l.call(fnOpen, uintptr(unsafe.Pointer(&o.handle)), uintptr(unsafe.Pointer(cmem.String(name))), uintptr(direction), nonBlock)
	answer <- o
}

func (l *library) closeLate(answer <-chan opened) {
	if o := <-answer; o.result >= 0 {
		l.call(fnClose, o.handle)
	}
}

func newRunner(lib *library, handle uintptr) *runner {
	r := &runner{lib: lib, handle: handle, calls: make(chan errand), results: make(chan int, 1), timer: time.NewTimer(endless)}
	go r.run()
	return r
}

// run makes calls until there are no more.
func (r *runner) run() {
	for e := range r.calls {
		r.results <- r.call(e)
	}
}

func (r *runner) call(e errand) int {
	switch e.fn {
	case fnReadi, fnWritei:
		return r.lib.call(e.fn, r.handle, uintptr(unsafe.Pointer(unsafe.SliceData(r.data))), uintptr(e.samples))
	case fnHW:
		return r.lib.call(e.fn, r.handle, e.params)
	}
	return r.lib.call(e.fn, r.handle)
}

// do has a call made, and gives it up after the patience.
func (r *runner) do(e errand, data []byte, patience time.Duration) int {
	if r.hung {
		return -int(unix.ETIMEDOUT)
	}
	if e.fn == fnReadi {
		r.data = slices.Grow(r.data[:0], len(data))[:len(data)]
	} else {
		r.data = append(r.data[:0], data...)
	}
	r.calls <- e
	r.timer.Reset(patience)
	select {
	case result := <-r.results:
		if e.fn == fnReadi && result > 0 {
			copy(data, r.data[:len(data)/e.samples*result])
		}
		return result
	case <-r.timer.C:
		r.hung = true
		return -int(unix.ETIMEDOUT)
	}
}

// end ends the goroutine, unless it is in a call that was given up.
func (r *runner) end() {
	r.timer.Stop()
	close(r.calls)
}

// do makes a call of the stream; data and samples are for those that read and write.
func (p *PCM) do(fn function, data []byte, samples int) int {
	switch {
	case p.runner != nil:
		return p.runner.do(errand{fn: fn, samples: samples}, data, endless+p.audio.Duration(p.setup.Buffer)) // draining takes that long
	case fn == fnReadi || fn == fnWritei:
		return p.lib.call(fn, p.handle, uintptr(unsafe.Pointer(&data[0])), uintptr(samples))
	}
	return p.lib.call(fn, p.handle)
}

// set has the device take what params says. A plugin waits for its server there.
func (p *PCM) set(params uintptr) int {
	if p.runner != nil {
		return p.runner.do(errand{fn: fnHW, params: params}, nil, endless)
	}
	return p.lib.call(fnHW, p.handle, params)
}
