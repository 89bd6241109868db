package capture

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "avfvideosrc", LongName: "Video Source (AVFoundation)", Class: "Source/Video",
		Description: "Stands for the camera of a Mac in lines that were written there: captures as autovideosrc does",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(v4l2Template())},
		New:         newAVFVideoSrc,
	})
}

type avfVideoSrcProps struct {
	eiengine.SourceProps
	lastingProps
	DeviceIndex int    `prop:"device-index" default:"-1" min:"-1" doc:"Which camera, in the order of eiengine devices and from 0 on; -1 for the first that can be used"`
	DeviceName  string `prop:"device-name,readonly" null:"null" doc:"What the camera is called while it is open"`
}

// avfVideoSrc is a v4l2src by the properties of another system's source.
type avfVideoSrc struct {
	eiengine.Settings[avfVideoSrcProps]
	cameraSource
	props cameraProps // those that nobody can set here have v4l2src's defaults
}

func newAVFVideoSrc() eiengine.Element {
	s := &avfVideoSrc{props: usualCamera}
	s.how = func() *cameraProps {
		p := s.Load()
		s.props.SourceProps, s.props.lastingProps = p.SourceProps, p.lastingProps
		return &s.props
	}
	return s
}

// SourceSettings implements eiengine.SourceSettings.
func (s *avfVideoSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// Open implements eiengine.Opener.
func (s *avfVideoSrc) Open(c *eiengine.Ctx) error {
	cameras, err := v4l2.Cameras()
	index := s.Load().DeviceIndex
	if index < 0 {
		return s.openFirst(c, cameras, err, v4l2Template())
	}
	if index >= len(cameras) {
		missing := fmt.Errorf("device-index=%d: there are %d cameras, numbered from 0: eiengine devices lists them", index, len(cameras))
		return errors.Join(missing, err)
	}
	if err != nil {
		c.Warn(fmt.Errorf("device-index=%d does not count a camera: %w", index, err))
	}
	return s.open(cameras[index].Path)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *avfVideoSrc) ReadProperty(name string) (string, bool) {
	if name != "device-name" {
		return "", false
	}
	return s.name()
}
