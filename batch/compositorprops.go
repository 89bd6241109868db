package batch

import (
	"strconv"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames/pixel"
)

// compositorProps are the properties of the element.
type compositorProps struct {
	Background         background `prop:"background,live" default:"checker" doc:"What shows where no picture is"`
	ForceLive          bool       `prop:"force-live,live" doc:"Give frames at their time also if no input is live, whatever has come until then"`
	IgnoreInactivePads bool       `prop:"ignore-inactive-pads,live" doc:"With live inputs, do not wait for those that have brought nothing yet"`
	Latency            uint64     `prop:"latency,live" default:"0" doc:"With live inputs, wait so many nanoseconds longer for frames that come late"`
	MaxThreads         uint       `prop:"max-threads" default:"0" max:"2147483647" doc:"Goroutines that share the rows of a large picture when it is converted or scaled, 0 for one per processor"`
	MinUpstreamLatency uint64     `prop:"min-upstream-latency,live" default:"0" doc:"Take the inputs to come at least so many nanoseconds late, because ones that do may be added"`
	StartTime          uint64     `prop:"start-time" default:"18446744073709551615" doc:"PTS of the first frame, in nanoseconds, with start-time-selection=set"`
	StartSelection     startTime  `prop:"start-time-selection" default:"zero" doc:"PTS of the first frame"`
	ZeroIsUnscaled     bool       `prop:"zero-size-is-unscaled,live" default:"true" doc:"A width or height of 0 is that of the input, as -1 is; otherwise the input is not shown"`
}

// background is what shows where no picture is; the numbers are GStreamer's.
type background int

const (
	checker background = iota
	black
	white
	transparent
)

// EnumValues implements eiengine.Enum.
func (background) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(checker), Nick: "checker", Name: "Checker pattern"},
		{Value: int(black), Nick: "black", Name: "Black"},
		{Value: int(white), Nick: "white", Name: "White"},
		{Value: int(transparent), Nick: "transparent", Name: "Transparent, or black in formats without alpha"},
	}
}

// startTime is the PTS of the first frame.
type startTime int

const (
	startZero startTime = iota
	startFirst
	startSet
)

// EnumValues implements eiengine.Enum.
func (startTime) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(startZero), Nick: "zero", Name: "Zero"},
		{Value: int(startFirst), Nick: "first", Name: "That of the earliest first frame of an input"},
		{Value: int(startSet), Nick: "set", Name: "That of start-time"},
	}
}

// padProps are the properties of a sink pad.
type padProps struct {
	Alpha          float64      `prop:"alpha,live" default:"1" min:"0" max:"1" doc:"How opaque the picture is"`
	Height         int          `prop:"height,live" default:"-1" doc:"Height of the picture, -1 for that of the input"`
	MaxRepeat      uint64       `prop:"max-last-buffer-repeat,live" default:"18446744073709551615" doc:"With live inputs, nanoseconds for which the last frame is shown when no other comes"`
	Operator       operator     `prop:"operator,live" default:"over" doc:"How the picture is laid on those below it"`
	RepeatAfterEOS bool         `prop:"repeat-after-eos,live" doc:"Show the last frame until all inputs have ended"`
	Sizing         sizingPolicy `prop:"sizing-policy,live" default:"none" doc:"How the picture is brought to its width and height"`
	Width          int          `prop:"width,live" default:"-1" doc:"Width of the picture, -1 for that of the input"`
	X              int          `prop:"xpos,live" default:"0" doc:"Column of the output in which the left edge of the picture is"`
	Y              int          `prop:"ypos,live" default:"0" doc:"Row of the output in which the upper edge of the picture is"`
	ZOrder         uint         `prop:"zorder,live" default:"0" doc:"Pictures of higher numbers lie on those of lower ones; at first the number of the pad"`
}

// numberPad gives a pad its place in the order: that of its name.
func numberPad(pad string, p *padProps) {
	if n, err := strconv.ParseUint(strings.TrimPrefix(pad, "sink_"), 10, 32); err == nil {
		p.ZOrder = uint(n)
	}
}

// operator is how a picture is laid on others; the numbers are GStreamer's.
type operator int

const (
	operatorSource operator = iota
	operatorOver
	operatorAdd
)

// EnumValues implements eiengine.Enum.
func (operator) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(operatorSource), Nick: "source", Name: "Source"},
		{Value: int(operatorOver), Nick: "over", Name: "Over"},
		{Value: int(operatorAdd), Nick: "add", Name: "Add"},
	}
}

var kernels = [...]pixel.Operator{operatorSource: pixel.Source, operatorOver: pixel.Over, operatorAdd: pixel.Add}

// sizingPolicy is how a picture is brought to its size.
type sizingPolicy int

const (
	sizeNone sizingPolicy = iota
	sizeKeepAspect
)

// EnumValues implements eiengine.Enum.
func (sizingPolicy) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(sizeNone), Nick: "none", Name: "Fill all of it, whatever the shape"},
		{Value: int(sizeKeepAspect), Nick: "keep-aspect-ratio", Name: "Keep the shape, centred"},
	}
}
