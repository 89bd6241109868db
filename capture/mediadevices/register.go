package mediadevices

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/pion/mediadevices/pkg/driver"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// registered are the identities of drivers by label.
var (
	registering sync.Mutex
	registered  = map[string]string{}
)

// preferred is the node that is taken if all else is alike.
const preferred = "video0"

// RegisterCameras registers the cameras that are there; those that are registered already
// stay as they are. The error is of one that could not be asked; the others are registered.
func RegisterCameras() error {
	all, err := v4l2.Cameras()
	for _, info := range all {
		registerCamera(info)
	}
	return err
}

func registerCamera(info v4l2.CameraInfo) {
	priority := driver.PriorityNormal
	if filepath.Base(info.Path) == preferred {
		priority = driver.PriorityHigh
	}
	register(&cameraAdapter{info: info}, driver.Info{
		Label: cameraLabel(info), Name: info.Name + ";" + info.Bus, DeviceType: driver.Camera, Priority: priority,
	})
}

// cameraLabel is the identity of a camera and its node, with pion's separator.
func cameraLabel(info v4l2.CameraInfo) string { return info.ID + ";" + filepath.Base(info.Path) }

// RegisterMicrophones registers the devices that record, by their ALSA names; those that
// are registered already stay as they are. The error says how to install ALSA.
func RegisterMicrophones() error {
	all, err := pcm.Devices()
	for _, d := range all {
		if !d.Capture {
			continue
		}
		priority := driver.PriorityNormal
		if d.Name == "default" {
			priority = driver.PriorityHigh
		}
		register(&microphoneAdapter{name: d.Name}, driver.Info{
			Label: d.Name, Name: d.Description, DeviceType: driver.Microphone, Priority: priority,
		})
	}
	return err
}

// register registers what is not yet, and remembers which driver it became.
func register(a driver.Adapter, info driver.Info) {
	registering.Lock()
	defer registering.Unlock()
	m := driver.GetManager()
	if id, ok := registered[info.Label]; ok && len(m.Query(driver.FilterID(id))) > 0 {
		return
	}
	_ = m.Register(a, info) // it has no way to fail
	for _, d := range m.Query(driver.FilterDeviceType(info.DeviceType)) {
		if d.Info() == info {
			registered[info.Label] = d.ID()
		}
	}
}

// unregister takes a driver off the list. Tracks of it go on until they fail by themselves.
func unregister(label string) {
	registering.Lock()
	defer registering.Unlock()
	if id, ok := registered[label]; ok {
		driver.GetManager().Delete(id)
		delete(registered, label)
	}
}

// Follow registers the cameras that are there, and then those that come, and takes off the
// list those that go, until ctx ends, whose error is not told.
func Follow(ctx context.Context) error {
	for change, err := range v4l2.Watch(ctx) {
		switch {
		case err != nil:
			return err
		case change.Gone:
			unregister(cameraLabel(change.CameraInfo))
		default:
			registerCamera(change.CameraInfo)
		}
	}
	return nil
}
