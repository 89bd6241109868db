package bus

import "time"

// Device tells what happens to a camera or a sound device in use: its structure name
// is "device-" and the Event.
type Device struct {
	// Event is "lost" or "restored".
	Event string `json:"-"`
	// Device is what the element was told to open.
	Device string `json:"device"`
	// Reason says why it was lost.
	Reason string `json:"reason,omitempty"`
	// Away is how long a device that was restored had been lost, in nanoseconds.
	Away time.Duration `json:"away,omitempty"`
}

// StructureName implements Payload.
func (d *Device) StructureName() string { return "device-" + d.Event }
