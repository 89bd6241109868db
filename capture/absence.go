package capture

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// reconnectProps are the properties of sources whose device may vanish.
type reconnectProps struct {
	Reconnect bool `prop:"reconnect,live" default:"true" doc:"Wait for a device that was lost after it had worked, and go on with it when it is back, the stream standing still meanwhile; false fails the pipeline when it is lost"`
}

// How long a device is left alone between two tries to get it back: twice as long each time.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = time.Second
)

// What an absence is told as.
const (
	deviceStalled  = "stalled"
	deviceLost     = "lost"
	deviceRestored = "restored"
)

// absence is the time during which a device gives nothing: its beginning and its end are
// told once, however often it fails in between. The zero value is a device that works.
type absence struct {
	event string        // what was told last, "" while the device works
	since time.Duration // by the engine's clock
	pause time.Duration // before the next try
	why   string        // the last failure of a try
}

// lose tells that a device was lost, or fails the pipeline if nobody wants to wait for it
// or it never worked.
func (a *absence) lose(c *eiengine.Ctx, p reconnectProps, worked bool, d bus.Device, reason error) error {
	switch {
	case !worked:
		return eiengine.Fatal(fmt.Errorf("%w: check its cable and power, then start again", reason))
	case !p.Reconnect:
		return eiengine.Fatal(fmt.Errorf("%w: reconnect=true waits until it is back", reason))
	}
	a.tell(c, deviceLost, d, reason)
	return nil
}

// tell says what a device suffers: that it stalls, which may be before it is lost.
func (a *absence) tell(c *eiengine.Ctx, event string, d bus.Device, reason error) {
	if a.event == event || a.event == deviceLost {
		return
	}
	if a.event == "" {
		*a = absence{since: c.Now(), pause: firstPause}
	}
	a.event = event
	c.Post(&bus.Device{Event: event, Device: d.Device, ID: d.ID, Reason: reason.Error()})
	c.Warn(reason)
}

// wait returns when it is time for the next try.
func (a *absence) wait(c *eiengine.Ctx) error {
	pause := a.pause
	a.pause = min(2*pause, longestPause)
	return c.WaitUntil(c.Running() + pause)
}

// failed tells why a device that is there again cannot be used yet, unless that is known.
func (a *absence) failed(c *eiengine.Ctx, err error) {
	if why := err.Error(); why != a.why {
		a.why = why
		c.Warn(fmt.Errorf("not back yet: %w", err))
	}
}

// end is called with all that the device gives: after an absence it is told that it works again.
func (a *absence) end(c *eiengine.Ctx, d bus.Device) {
	if a.event == "" {
		return
	}
	away := c.Now() - a.since
	*a = absence{}
	c.Post(&bus.Device{Event: deviceRestored, Device: d.Device, ID: d.ID, Away: away})
	c.Inform(fmt.Sprintf("%s works again, after %.1f s", d.Device, away.Seconds()))
}
