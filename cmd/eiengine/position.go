package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// positionInterval is how often gst-launch-1.0 tells the position.
const positionInterval = 100 * time.Millisecond

// positionText is where a stream is: "0:00:03.4 / 0:00:10.0 (34.0 %)". A stream
// of unknown length is said to end at 99:99:99, as by gst-launch-1.0.
func positionText(at, duration time.Duration, known bool) string {
	if !known || duration <= 0 {
		return tenths(at) + " / 99:99:99."
	}
	return fmt.Sprintf("%s / %s (%.1f %%)", tenths(at), tenths(duration), 100*at.Seconds()/duration.Seconds())
}

// tenths is a time up to the tenth of a second.
func tenths(t time.Duration) string {
	s := clockText(t)
	return s[:len(s)-len("00000000")]
}

// showsPosition says whether there is a reader for a line that changes ten
// times a second.
func (f launchFlags) showsPosition(stdout io.Writer) bool {
	if f.noPosition || f.json {
		return false
	}
	return f.forcePosition || !f.quiet && isTerminal(stdout)
}

// isTerminal reports whether w writes to a character device. That is a terminal
// or /dev/null, where nobody minds.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// tellPosition prints the position until the returned function is called.
func (r *player) tellPosition() (stop func()) {
	if !r.out.flags.showsPosition(r.out.stdout) {
		return func() {}
	}
	end := "\n"
	if isTerminal(r.out.stdout) {
		end = "\r" // the next one is written over it
	}
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(positionInterval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				duration, known := r.p.Duration()
				r.out.write(positionText(r.p.Position(), duration, known) + end)
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}
