package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "autovideosrc", LongName: "Auto video source", Class: "Source/Video",
		Description: "Captures from the first camera that can be used, and says which that is",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         newAutoVideoSrc,
	})
}

type autoVideoSrcProps struct {
	lastingProps
	FilterCaps     frames.Caps `prop:"filter-caps" default:"video/x-raw" doc:"Cameras that can give this are chosen before others; what is given follows from the caps behind"`
	Sync           bool        `prop:"sync" default:"true" doc:"Accepted without effect: a camera gives pictures at its own pace"`
	AsyncHandling  bool        `prop:"async-handling" doc:"Accepted without effect: state changes are the pipeline's"`
	MessageForward bool        `prop:"message-forward" doc:"Accepted without effect: every message is on the bus"`
}

// autoVideoSrc is a v4l2src that finds its camera.
type autoVideoSrc struct {
	eiengine.Settings[autoVideoSrcProps]
	cameraSource
	props cameraProps // those that nobody can set here have v4l2src's defaults
}

func newAutoVideoSrc() eiengine.Element {
	s := &autoVideoSrc{props: usualCamera}
	s.how = func() *cameraProps {
		s.props.lastingProps = s.Load().lastingProps
		return &s.props
	}
	return s
}

// Open implements eiengine.Opener.
func (s *autoVideoSrc) Open(c *eiengine.Ctx) error {
	cameras, err := v4l2.Cameras()
	return s.openFirst(c, cameras, err, s.Load().FilterCaps)
}
