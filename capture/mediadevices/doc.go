// Package mediadevices gives this machine's cameras and microphones to programs that are
// written for [pion/mediadevices]: what they get by GetUserMedia then comes through the
// packages capture/camera and capture/microphone, in pure Go, without a C compiler. Such a
// program changes two lines:
//
//	_ "github.com/eiengine/eiengine/capture/mediadevices/camera"     // was github.com/pion/mediadevices/pkg/driver/camera
//	_ "github.com/eiengine/eiengine/capture/mediadevices/microphone" // was github.com/pion/mediadevices/pkg/driver/microphone
//
// or calls [RegisterCameras] and [RegisterMicrophones] itself, or [Follow], which registers
// cameras as they are plugged in and takes them off the list when they go.
//
// # Devices
//
// pion makes a new DeviceID for whatever is registered. What stays is in the label: for a
// camera its identity and node, such as "usb:046d:0825:ABCD;video0", for a microphone its
// ALSA name. /dev/video0 and the default microphone are preferred.
//
// # Pictures and sound
//
// A camera offers every encoding that can be read, with every size and rate: of those that
// are equally near to the constraints the cheapest is chosen. Pictures are *image.YCbCr (4:2:0)
// with the colours that package image has for it, full-range BT.601, or *image.RGBA where the
// camera gives RGB. They lie in Go's memory, made from the driver's in one pass, and so may
// be kept: mediadevices itself never calls the release functions of what it reads. Readers
// that do have the memory used again. Sound is in the memory that it was recorded into.
//
// Reading fails when a device stalls or is unplugged, of which the track's OnEnded is told; who
// reads on gets pictures again when it is back. After Close it is io.EOF.
//
// [pion/mediadevices]: https://github.com/pion/mediadevices
package mediadevices
