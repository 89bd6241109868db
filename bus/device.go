package bus

import "time"

// Device tells what happens to a camera or a sound device in use: its structure name
// is "device-" and the Event.
type Device struct {
	// Event is "stalled", "lost" or "restored".
	Event string `json:"-"`
	// Device is what was opened: the node of a camera, ALSA's name of a sound device.
	Device string `json:"device"`
	// ID is what stays the same when the node changes; empty if nothing is known.
	ID string `json:"id,omitempty"`
	// Reason says why it stalled or was lost.
	Reason string `json:"reason,omitempty"`
	// Away is for how long a device that was restored gave nothing, in nanoseconds.
	Away time.Duration `json:"away,omitempty"`
}

// StructureName implements Payload.
func (d *Device) StructureName() string { return "device-" + d.Event }
