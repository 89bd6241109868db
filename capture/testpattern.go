package capture

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/capture/testpattern"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// testPattern is a pattern of videotestsrc. Numbers below 100 are GStreamer's and
// those of [testpattern.Pattern].
type testPattern int

// The engine's own patterns, whose content is known.
const (
	patternShapes testPattern = 100 + iota
	patternOneShape
	patternFabric
)

// EnumValues implements eiengine.Enum.
func (testPattern) EnumValues() []eiengine.EnumValue {
	of := func(p testpattern.Pattern, nick, name string) eiengine.EnumValue {
		return eiengine.EnumValue{Value: int(p), Nick: nick, Name: name}
	}
	return []eiengine.EnumValue{
		of(testpattern.SMPTE, "smpte", "SMPTE 100% color bars"),
		of(testpattern.Snow, "snow", "Random (television snow)"),
		of(testpattern.Black, "black", "100% Black"),
		of(testpattern.White, "white", "100% White"),
		of(testpattern.Red, "red", "Red"),
		of(testpattern.Green, "green", "Green"),
		of(testpattern.Blue, "blue", "Blue"),
		of(testpattern.Checkers1, "checkers-1", "Checkers 1px"),
		of(testpattern.Checkers2, "checkers-2", "Checkers 2px"),
		of(testpattern.Checkers4, "checkers-4", "Checkers 4px"),
		of(testpattern.Checkers8, "checkers-8", "Checkers 8px"),
		of(testpattern.Circular, "circular", "Circular"),
		of(testpattern.Blink, "blink", "Blink"),
		of(testpattern.SMPTE75, "smpte75", "SMPTE 75% color bars"),
		of(testpattern.ZonePlate, "zone-plate", "Zone plate"),
		of(testpattern.Gamut, "gamut", "Gamut checkers"),
		of(testpattern.ChromaZonePlate, "chroma-zone-plate", "Chroma zone plate"),
		of(testpattern.Solid, "solid-color", "Solid color"),
		of(testpattern.Ball, "ball", "Moving ball"),
		of(testpattern.SMPTE100, "smpte100", "SMPTE 100% color bars without the lower rows"),
		of(testpattern.Bar, "bar", "Bar"),
		of(testpattern.Pinwheel, "pinwheel", "Pinwheel"),
		of(testpattern.Spokes, "spokes", "Spokes"),
		of(testpattern.Gradient, "gradient", "Gradient"),
		of(testpattern.Colors, "colors", "Colors"),
		of(testpattern.SMPTERP219, "smpte-rp-219", "SMPTE test pattern, RP 219"),
		{Value: int(patternShapes), Nick: "shapes", Name: "Moving shapes on a busy background, with their truth attached"},
		{Value: int(patternOneShape), Nick: "one-shape", Name: "One large shape at a time, or none, with the truth attached"},
		{Value: int(patternFabric), Nick: "fabric", Name: "Running cloth with faults, with their truth attached"},
	}
}

// testAnimation is what moves the ball; numbers and nicks are GStreamer's.
type testAnimation int

// EnumValues implements eiengine.Enum.
func (testAnimation) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(testpattern.ByFrames), Nick: "frames", Name: "Number of the frame"},
		{Value: int(testpattern.ByWallTime), Nick: "wall-time", Name: "Time of day"},
		{Value: int(testpattern.ByRunningTime), Nick: "running-time", Name: "Time of the frame"},
	}
}

// testMotion is the path of the ball; numbers and nicks are GStreamer's.
type testMotion int

// EnumValues implements eiengine.Enum.
func (testMotion) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(testpattern.Wavy), Nick: "wavy", Name: "Two sines"},
		{Value: int(testpattern.Sweep), Nick: "sweep", Name: "A circle, with cross lines"},
		{Value: int(testpattern.HSweep), Nick: "hsweep", Name: "Half a circle again and again, with cross lines"},
	}
}

// painter draws what videotestsrc shows: a test pattern, or a scene whose content
// is known.
type painter struct {
	pattern *testpattern.Painter
	known   knownScene
	canvas  frames.Picture // of a scene that is not drawn as RGB
	conv    pixel.Converter
}

// knownScene draws numbered frames and knows what is in them.
type knownScene interface {
	Draw(n int, dst []byte, stride int)
	truth(n int) *Truth
}

type shapesScene struct{ *scene.Scene }

func (s shapesScene) truth(n int) *Truth { return &Truth{Frame: n, Shapes: s.Truth(n)} }

type fabricScene struct{ *fabric.Fabric }

func (f fabricScene) truth(n int) *Truth { return &Truth{Frame: n, Faults: f.Truth(n)} }

// newKnownScene is the scene of a pattern, nil of those that are none.
func newKnownScene(pattern testPattern, seed uint64, width, height int) knownScene {
	switch pattern {
	case patternShapes:
		return shapesScene{scene.New(seed, width, height, scene.Options{})}
	case patternOneShape:
		return shapesScene{scene.New(seed, width, height, scene.Options{OneByOne: true})}
	case patternFabric:
		return fabricScene{fabric.New(seed, width, height, fabric.Options{})}
	}
	return nil
}

// newPainter prepares to draw frames of a format. last is the painter so far, nil
// at first: its noise goes on.
func newPainter(last *painter, props *videoTestSrcProps, format *frames.Format) (*painter, error) {
	v := format.Video
	if known := newKnownScene(props.Pattern, props.Seed, v.Width, v.Height); known != nil {
		return &painter{known: known, canvas: frames.NewPicture(frames.RGB, v.Width, v.Height)}, nil
	}
	if last != nil && last.pattern != nil {
		return last, last.pattern.Set(props.options())
	}
	pattern, err := testpattern.New(v, props.options())
	return &painter{pattern: pattern}, err
}

// paint draws frame n, counted from 0, whose time is t, into dst.
func (p *painter) paint(dst *frames.Picture, n int, t time.Duration) error {
	if p.pattern != nil {
		p.pattern.Paint(dst, n, t)
		return nil
	}
	if dst.Format == frames.RGB {
		p.known.Draw(n, dst.Data[0], dst.Stride[0])
		return nil
	}
	p.known.Draw(n, p.canvas.Data[0], p.canvas.Stride[0])
	return p.conv.Convert(dst, &p.canvas)
}
