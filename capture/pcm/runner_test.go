//go:build linux && (amd64 || arm64) && !nodlopen

package pcm

import (
	"testing"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

// A call that never returns is given up, and no other is made on its stream. A mutex of the C
// library stands in for the stream: whoever locks it twice waits for ever.
func TestGivesUpWhatNeverReturns(t *testing.T) {
	libc, err := purego.Dlopen("libc.so.6", purego.RTLD_NOW)
	if err != nil {
		t.Skip(err)
	}
	lib := new(library)
	for fn, name := range map[function]string{fnPrepare: "pthread_mutex_lock", fnDrop: "pthread_mutex_unlock"} {
		if lib.address[fn], err = purego.Dlsym(libc, name); err != nil {
			t.Skip(err)
		}
	}
	mutex := new([16]uint64) // unlocked
	r := newRunner(lib, uintptr(unsafe.Pointer(mutex)))
	defer r.end()
	if got := r.do(errand{fn: fnPrepare}, nil, time.Minute); got != 0 {
		t.Fatalf("the first call gives %d", got)
	}
	for range 2 {
		if got := r.do(errand{fn: fnPrepare}, nil, 10*time.Millisecond); got != -int(unix.ETIMEDOUT) {
			t.Errorf("what never returns gives %d", got)
		}
	}
	if p := (&PCM{lib: lib, handle: 1, runner: r}); p.do(fnDrop, nil, 0) != -int(unix.ETIMEDOUT) {
		t.Error("a call was made on a stream that hangs")
	}
	lib.call(fnDrop, uintptr(unsafe.Pointer(mutex))) // it returns after all, and the goroutine ends
}
