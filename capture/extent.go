package capture

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// extent is how long an element's stream is, for those who ask from other
// goroutines. Elements that seek embed it. The zero value knows nothing.
type extent struct{ length atomic.Pointer[time.Duration] }

// known says that the stream is understood, and its length, frames.NoTime if there
// is none.
func (e *extent) known(length time.Duration) { e.length.Store(&length) }

func (e *extent) forget() { e.length.Store(nil) }

// Duration implements eiengine.Duration.
func (e *extent) Duration() (d time.Duration, known bool) {
	if l := e.length.Load(); l != nil {
		return *l, *l >= 0
	}
	return 0, false
}

// SeekRange implements eiengine.Seeker.
func (e *extent) SeekRange() (eiengine.SeekRange, error) {
	l := e.length.Load()
	if l == nil {
		return eiengine.SeekRange{Stop: frames.NoTime}, errors.New("its stream has not begun: seek once the pipeline is paused with a frame at its sinks")
	}
	return eiengine.SeekRange{Stop: *l}, nil
}
