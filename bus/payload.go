package bus

import "time"

// Error says that the pipeline failed and has stopped.
type Error struct {
	// Err is what happened, already naming the element and the remedy.
	Err error `json:"-"`
	// Text is Err as text.
	Text string `json:"text"`
	// Detail is for developers: a stack, the last lines of a process.
	Detail string `json:"detail,omitempty"`
}

// StructureName implements Payload.
func (*Error) StructureName() string { return "error" }

// Warning says that something went wrong and the pipeline goes on.
type Warning struct {
	Err  error  `json:"-"`
	Text string `json:"text"`
	// Suppressed counts like warnings of the element that were not published
	// since the last one, to bound their rate.
	Suppressed uint64 `json:"suppressed,omitempty"`
}

// StructureName implements Payload.
func (*Warning) StructureName() string { return "warning" }

// Info is something worth knowing.
type Info struct {
	Text string `json:"text"`
}

// StructureName implements Payload.
func (*Info) StructureName() string { return "info" }

// EOS says that every sink has seen the end of the stream.
type EOS struct{}

// StructureName implements Payload.
func (*EOS) StructureName() string { return "eos" }

// StateChanged tells a change of state; the names are null, ready, paused,
// playing, and void-pending for no pending state.
type StateChanged struct {
	Old     string `json:"old-state"`
	New     string `json:"new-state"`
	Pending string `json:"pending-state"`
}

// StructureName implements Payload.
func (*StateChanged) StructureName() string { return "GstMessageStateChanged" }

// StreamStatus tells what a goroutine that moves data does. The source of its
// message is the pad at which it begins, such as "queue0:src".
type StreamStatus struct {
	What string `json:"type"` // create, enter or leave
	// Element is the element of that pad, Kind the name of its factory.
	Element string `json:"element"`
	Kind    string `json:"kind"`
}

// StructureName implements Payload.
func (*StreamStatus) StructureName() string { return "GstMessageStreamStatus" }

// PropertyNotify says that a property, or the caps of a pad, changed.
type PropertyNotify struct {
	// Element is the element, Kind the name of its factory, Pad the pad for caps.
	Element  string `json:"element"`
	Kind     string `json:"kind"`
	Pad      string `json:"pad,omitempty"`
	Property string `json:"property-name"`
	Value    string `json:"property-value"`
}

// StructureName implements Payload.
func (*PropertyNotify) StructureName() string { return "GstMessagePropertyNotify" }

// QoS tells of a frame dropped by a sink because it was late.
type QoS struct {
	Timestamp time.Duration `json:"timestamp"`
	Jitter    time.Duration `json:"jitter"`
	Processed uint64        `json:"processed"`
	Dropped   uint64        `json:"dropped"`
}

// StructureName implements Payload.
func (*QoS) StructureName() string { return "GstMessageQOS" }

// Buffering tells how full a queue is that wants to fill up before the pipeline
// plays, which is the program's to see to: pause below 100, play at 100.
type Buffering struct {
	Percent int `json:"buffer-percent"`
	// Mode is "stream": data is read as it comes.
	Mode string `json:"buffering-mode"`
	// InRate and OutRate are bytes per second, 0 if not known.
	InRate  int `json:"avg-in-rate"`
	OutRate int `json:"avg-out-rate"`
	// Left is how many milliseconds it still takes, -1 if not known.
	Left int64 `json:"buffering-left"`
}

// StructureName implements Payload.
func (*Buffering) StructureName() string { return "GstMessageBuffering" }

// Dropped says how many messages this subscription lost before the next one.
type Dropped struct {
	Count uint64 `json:"count"`
}

// StructureName implements Payload.
func (*Dropped) StructureName() string { return "dropped" }

// Notice is a plain notice with no content but its name: async-done, new-clock,
// stream-start, latency.
type Notice struct {
	Name string `json:"-"`
}

// StructureName implements Payload.
func (n *Notice) StructureName() string { return n.Name }
