package bus

import "time"

// Level is how loud a piece of sound was, as the element level measured it. All
// levels are in decibels below full scale, one for each channel; silence is
// -350.
type Level struct {
	// EndTime and Timestamp bound the piece; running time.
	EndTime     time.Duration `json:"endtime"`
	Timestamp   time.Duration `json:"timestamp"`
	StreamTime  time.Duration `json:"stream-time"`
	RunningTime time.Duration `json:"running-time"`
	Duration    time.Duration `json:"duration"`
	// RMS is the mean power, Peak the loudest sample, Decay the peak that falls
	// slowly, for meters.
	RMS   []float64 `json:"rms"`
	Peak  []float64 `json:"peak"`
	Decay []float64 `json:"decay"`
}

// StructureName implements Payload.
func (*Level) StructureName() string { return "level" }
