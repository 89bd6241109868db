package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/bus"
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
	// SegmentEvent places the frames that follow in time: those from Start up to
	// Stop are wanted, and that of Start is due at running time Base. Stop is
	// NoTime if there is no limit. A stream without one begins at 0 in every
	// respect, so that PTS is running time.
	SegmentEvent struct{ Start, Stop, Base time.Duration }
	// GapEvent stands for a frame that does not come: sinks take their time for
	// it as for a frame.
	GapEvent struct{ PTS, Duration time.Duration }
	// TagEvent carries facts about the stream, such as its title. Sinks publish it,
	// and the TOCEvent, on the bus.
	TagEvent struct{ Tags []bus.Tag }
	// TOCEvent is the table of contents of the stream.
	TOCEvent struct{ Entries []bus.TOCEntry }
	// CustomEvent is for elements that know each other.
	CustomEvent struct {
		Name  string
		Value any
	}
)

// Upstream events.
type (
	// SeekEvent asks for the stream from another time on; see [Pipeline.Seek]. It
	// goes to the elements that are [Seeker], whoever asks.
	SeekEvent struct {
		// Position is the PTS of the first frame that is wanted; of a frame that
		// lasts, the end counts.
		Position time.Duration
		// Stop, if positive, is the PTS at which the stream ends.
		Stop time.Duration
		// Rate is how fast it plays; 0 and 1 are as it is, nothing else is known.
		Rate float64
		// Flush makes void what is under way, so that it takes effect at once.
		Flush bool
		// KeyUnit moves Position to the beginning of the frame it falls into, so
		// that this is played from its beginning. Otherwise, as with GStreamer's
		// accurate seeks, the stream goes on at Position itself.
		KeyUnit bool
	}
	// ForceKeyFrameEvent asks an encoder for a frame that stands alone.
	ForceKeyFrameEvent struct{}
	// ReconfigureEvent says that downstream now takes other formats.
	ReconfigureEvent struct{}
	// QoSEvent tells how late a frame came: Jitter after it was due, which is
	// negative if it came early. Timestamp is its running time, Proportion how
	// much slower the frames come than they are due, averaged: 1 is just in time,
	// 2 half as fast as asked. A sink that throttles gives Throttle, the time that
	// it wants between frames, and the Jitter that this makes necessary.
	QoSEvent struct {
		Timestamp, Jitter time.Duration
		Proportion        float64
		Throttle          time.Duration
	}
)

func (FormatEvent) eventName() string        { return "format" }
func (EOSEvent) eventName() string           { return "eos" }
func (FlushEvent) eventName() string         { return "flush" }
func (SegmentEvent) eventName() string       { return "segment" }
func (GapEvent) eventName() string           { return "gap" }
func (TagEvent) eventName() string           { return "tag" }
func (TOCEvent) eventName() string           { return "toc" }
func (e CustomEvent) eventName() string      { return e.Name }
func (SeekEvent) eventName() string          { return "seek" }
func (ForceKeyFrameEvent) eventName() string { return "force-key-frame" }
func (ReconfigureEvent) eventName() string   { return "reconfigure" }
func (QoSEvent) eventName() string           { return "qos" }

// EventName is the name of an event, for logs.
func EventName(e Event) string { return e.eventName() }
