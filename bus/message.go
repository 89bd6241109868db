package bus

import (
	"encoding/json"
	"time"
)

// Type is the kind of a message. The names are those of GStreamer's messages
// where it has one.
type Type string

// The types of messages.
const (
	TypeError        Type = "error"
	TypeWarning      Type = "warning"
	TypeInfo         Type = "info"
	TypeEOS          Type = "eos"
	TypeStateChanged Type = "state-changed"
	TypeAsyncDone    Type = "async-done"
	TypeStreamStart  Type = "stream-start"
	TypeStreamStatus Type = "stream-status"
	TypeNewClock     Type = "new-clock"
	TypeLatency      Type = "latency"
	TypeQoS          Type = "qos"
	TypeBuffering    Type = "buffering"
	// TypeTag and TypeTOC carry what a stream says of itself.
	TypeTag            Type = "tag"
	TypeTOC            Type = "toc"
	TypePropertyNotify Type = "property-notify"
	// TypeElement carries what elements have to say, such as results.
	TypeElement Type = "element"
	// TypeDropped is made for one subscription: it was too slow.
	TypeDropped Type = "dropped"
)

// Message is one thing said on a bus. Messages are shared between subscribers
// and must not be changed.
type Message struct {
	Type Type
	// Src is the name of the element, or of the pipeline, that says it.
	Src string
	// Seq grows by one with each message published on the bus.
	Seq uint64
	// Running is the pipeline's running time, negative if it is not playing.
	Running time.Duration
	// Wall is the time of day.
	Wall time.Time
	// Payload is what is said; never nil.
	Payload Payload
}

// Payload is the typed content of a message.
type Payload interface {
	// StructureName names the content, such as "edge-impulse-inference-result".
	StructureName() string
}

// MarshalJSON implements json.Marshaler; the package documentation has the schema.
func (m *Message) MarshalJSON() ([]byte, error) {
	out := struct {
		Message   Type      `json:"message"`
		Src       string    `json:"src"`
		Seq       uint64    `json:"seq"`
		Time      time.Time `json:"time"`
		Running   *int64    `json:"running_time,omitempty"`
		Name      string    `json:"name"`
		Structure Payload   `json:"structure"`
	}{Message: m.Type, Src: m.Src, Seq: m.Seq, Time: m.Wall, Name: m.Payload.StructureName(), Structure: m.Payload}
	if m.Running >= 0 {
		ns := int64(m.Running)
		out.Running = &ns
	}
	return json.Marshal(out)
}
