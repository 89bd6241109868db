// Package camera registers the cameras of this machine with pion/mediadevices when it is
// imported, in place of github.com/pion/mediadevices/pkg/driver/camera:
//
//	import _ "github.com/eiengine/eiengine/capture/mediadevices/camera"
package camera

import "github.com/eiengine/eiengine/capture/mediadevices"

func init() {
	_ = Initialize() // the cameras that can be asked are there; who wants to know of others calls it
}

// Initialize registers cameras that have come since the program started. The error is of
// one that could not be asked; the others are registered.
func Initialize() error { return mediadevices.RegisterCameras() }
