package pcm

import (
	"cmp"
	"slices"
	"strings"
)

// Device is one that can be opened.
type Device struct {
	// Name is what Open takes, such as "plughw:CARD=PCH,DEV=0".
	Name string
	// Description is for people.
	Description string
	// Capture and Playback say what it can do.
	Capture, Playback bool
}

// Devices lists what ALSA's configuration offers: "default" first, then the hardware,
// then the rest.
func Devices() ([]Device, error) {
	l, err := openLibrary()
	if err != nil {
		return nil, err
	}
	var all []Device
	for _, h := range l.hints() {
		if h.name == "" || h.name == "null" {
			continue
		}
		all = append(all, Device{
			Name: h.name, Description: strings.ReplaceAll(h.description, "\n", ", "),
			Capture: h.direction != "Output", Playback: h.direction != "Input",
		})
	}
	slices.SortStableFunc(all, func(a, b Device) int { return cmp.Compare(order(a.Name), order(b.Name)) })
	return all, nil
}

func order(name string) int {
	kind, _, _ := strings.Cut(name, ":")
	return slices.Index([]string{"default", "plughw", "hw"}, kind) & 0xff // -1 is last
}
