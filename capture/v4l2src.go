package capture

import (
	"fmt"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/v4l2"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "v4l2src", LongName: "Video (video4linux2) Source", Class: "Source/Video",
		Description: "Captures from a camera, and goes on when it is plugged in again",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(v4l2Template())},
		New:         newV4L2Src,
		Rank:        256,
	})
}

type v4l2SrcProps struct {
	cameraProps
	BlockSize uint   `prop:"blocksize" default:"4096" doc:"Accepted without effect: a buffer is a picture"`
	Device    string `prop:"device" default:"/dev/video0" doc:"The camera: its node, or its id, which eiengine devices tells and which stays when nodes change"`
	IOMode    v4l2IO `prop:"io-mode" default:"auto" doc:"How pictures come: always in the driver's memory, without a copy, which auto, mmap and dmabuf are; the others are refused"`

	DeviceFD   int        `prop:"device-fd,readonly" default:"-1" min:"-1" doc:"File descriptor of the camera while it is open, otherwise -1"`
	DeviceName string     `prop:"device-name,readonly" null:"null" doc:"What the camera is called while it is open"`
	Flags      v4l2Device `prop:"flags,readonly" doc:"What the open device is for"`
}

// v4l2Src is a camera that is named.
type v4l2Src struct {
	eiengine.Settings[v4l2SrcProps]
	cameraSource
}

func newV4L2Src() eiengine.Element {
	s := new(v4l2Src)
	s.how = func() *cameraProps { return &s.Load().cameraProps }
	return s
}

// SourceSettings implements eiengine.SourceSettings.
func (s *v4l2Src) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// Open implements eiengine.Opener.
func (s *v4l2Src) Open(*eiengine.Ctx) error {
	p := s.Load()
	switch p.IOMode {
	case v4l2ReadWrite, v4l2UserPtr, v4l2Import:
		return fmt.Errorf("io-mode=%s is not offered: leave it at auto, which copies nothing", p.IOMode.nick())
	}
	path, err := cameraPath(p.Device)
	if err != nil {
		return err
	}
	return s.open(path)
}

// cameraPath is the node of a device that is named by its node or its id.
func cameraPath(device string) (string, error) {
	if strings.HasPrefix(device, "/") || !strings.Contains(device, ":") {
		return device, nil
	}
	path, err := v4l2.Find(device, "")
	if err != nil {
		return "", fmt.Errorf("%w: eiengine devices lists those that are there", err)
	}
	return path, nil
}

// ReadProperty implements eiengine.PropertyReader.
func (s *v4l2Src) ReadProperty(name string) (string, bool) {
	camera := s.camera.Load()
	if camera == nil {
		return "", false
	}
	switch name {
	case "device-fd":
		return fmt.Sprint(camera.FD()), true
	case "device-name":
		return s.name()
	case "flags":
		return "capture", true
	}
	return "", false
}
