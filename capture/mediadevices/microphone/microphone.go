// Package microphone registers the microphones of this machine with pion/mediadevices when
// it is imported, in place of github.com/pion/mediadevices/pkg/driver/microphone:
//
//	import _ "github.com/eiengine/eiengine/capture/mediadevices/microphone"
package microphone

import "github.com/eiengine/eiengine/capture/mediadevices"

func init() {
	_ = Initialize() // without ALSA there are none, and Initialize says so to who calls it
}

// Initialize registers microphones that have come since the program started. The error says
// how to install ALSA.
func Initialize() error { return mediadevices.RegisterMicrophones() }
