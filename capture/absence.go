package capture

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// reconnectProps are the properties of sources whose device may vanish.
type reconnectProps struct {
	Reconnect bool `prop:"reconnect,live" default:"true" doc:"Open the device again when it comes back after it was lost, the stream standing still meanwhile; false fails the pipeline when it is lost"`
}

// How long a device is left alone between two tries to open it: twice as long each time.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 2 * time.Second
)

// absence is the time during which a device that was in use is lost. The zero value is
// a device that is there.
type absence struct {
	lost  bool
	since time.Duration // by the engine's clock
	pause time.Duration
}

// begin tells that the device was lost, once, or fails the pipeline if nobody wants to
// wait for it.
func (a *absence) begin(c *eiengine.Ctx, p reconnectProps, device string, reason error) error {
	if !p.Reconnect {
		return eiengine.Fatal(fmt.Errorf("%w: reconnect=true waits until it is back", reason))
	}
	if !a.lost {
		*a = absence{lost: true, since: c.Now(), pause: firstPause}
		c.Post(&bus.Device{Event: "lost", Device: device, Reason: reason.Error()})
	}
	return nil
}

// wait returns when it is time for the next try.
func (a *absence) wait(c *eiengine.Ctx) error {
	pause := a.pause
	a.pause = min(2*pause, longestPause)
	return c.WaitUntil(c.Running() + pause)
}

// end tells that the device is back.
func (a *absence) end(c *eiengine.Ctx, device string) {
	c.Post(&bus.Device{Event: "restored", Device: device, Away: c.Now() - a.since})
	*a = absence{}
}
