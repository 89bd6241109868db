package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Event travels along the links in band: downstream through the same queues as
// the frames, upstream from chain to chain between two frames.
type Event interface{ eventName() string }

// Downstream events.
type (
	// FormatEvent announces the format of the frames that follow. The runtime
	// makes it; elements are told by Configure.
	FormatEvent struct{ Format *frames.Format }
	// EOSEvent says that no frame follows.
	EOSEvent struct{}
	// FlushEvent says that everything before it is void.
	FlushEvent struct{}
	// SegmentEvent places the stream in time: frames from Start on are wanted.
	SegmentEvent struct{ Start, Stop time.Duration }
	// GapEvent stands for a frame that does not come: sinks take their time for
	// it as for a frame.
	GapEvent struct{ PTS, Duration time.Duration }
	// TagEvent carries facts about the stream, such as its title.
	TagEvent struct{ Tags map[string]string }
	// CustomEvent is for elements that know each other.
	CustomEvent struct {
		Name  string
		Value any
	}
)

// Upstream events.
type (
	// SeekEvent asks a source to continue from another time. None of the sources
	// that come with the engine does so yet; one of your own may handle it.
	SeekEvent struct{ Position time.Duration }
	// ForceKeyFrameEvent asks an encoder for a frame that stands alone.
	ForceKeyFrameEvent struct{}
	// ReconfigureEvent says that downstream now takes other formats.
	ReconfigureEvent struct{}
	// QoSEvent tells how late frames come: Jitter after they were due.
	QoSEvent struct {
		Timestamp, Jitter time.Duration
	}
)

func (FormatEvent) eventName() string        { return "format" }
func (EOSEvent) eventName() string           { return "eos" }
func (FlushEvent) eventName() string         { return "flush" }
func (SegmentEvent) eventName() string       { return "segment" }
func (GapEvent) eventName() string           { return "gap" }
func (TagEvent) eventName() string           { return "tag" }
func (e CustomEvent) eventName() string      { return e.Name }
func (SeekEvent) eventName() string          { return "seek" }
func (ForceKeyFrameEvent) eventName() string { return "force-key-frame" }
func (ReconfigureEvent) eventName() string   { return "reconfigure" }
func (QoSEvent) eventName() string           { return "qos" }

// EventName is the name of an event, for logs.
func EventName(e Event) string { return e.eventName() }
