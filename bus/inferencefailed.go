package bus

import (
	"encoding/json"
	"time"
)

// TypeFailed is the type in the message of an inference that failed.
const TypeFailed = "error"

// InferenceFailed says that a model gave no answer for a frame. The frame goes on
// without results, and the stream too. It has the name of a result, and the fields
//
//	timestamp  number  PTS of the frame, nanoseconds
//	type       string  "error"
//	error      string  why
type InferenceFailed struct {
	Timestamp time.Duration
	Err       error
	Profile   Profile
	// Sound is true for the answer to sound.
	Sound bool
}

// StructureName implements Payload.
func (i *InferenceFailed) StructureName() string { return i.Profile.resultName(i.Sound) }

// MarshalJSON implements json.Marshaler.
func (i *InferenceFailed) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Timestamp int64  `json:"timestamp"`
		Type      string `json:"type"`
		Error     string `json:"error"`
	}{int64(max(i.Timestamp, 0)), TypeFailed, i.Err.Error()})
}
