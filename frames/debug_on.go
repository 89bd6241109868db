//go:build race || eidebug

package frames

import (
	"fmt"
	"runtime"
	"strings"
)

// debugging is true under -race and -tags eidebug: released memory is poisoned,
// headers are not recycled, and each block remembers who took it.
const debugging = true

const poison = 0xDB

type trace struct{ pcs []uintptr }

func newTrace() trace {
	pcs := make([]uintptr, 32)
	return trace{pcs[:runtime.Callers(4, pcs)]}
}

func (t trace) String() string {
	var b strings.Builder
	frames := runtime.CallersFrames(t.pcs)
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "\t%s\n\t\t%s:%d\n", f.Function, f.File, f.Line)
		if !more {
			return b.String()
		}
	}
}

func poisonBytes(b []byte) {
	for i := range b {
		b[i] = poison
	}
}
