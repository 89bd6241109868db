package pcm

import (
	"cmp"
	"fmt"
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

// First opens the first device that can be opened: the default one, that of a sound
// server, then the cards, as Devices lists them. It returns which it is; the error tells
// of each that was tried.
func First(direction Direction, open func(device string) error) (device string, err error) {
	names := []string{"default", "pulse"}
	all, err := Devices()
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if strings.HasPrefix(d.Name, "plughw:") && (d.Capture && direction == Capture || d.Playback && direction == Playback) {
			names = append(names, d.Name)
		}
	}
	var tried []string
	for _, name := range names {
		err := open(name)
		if err == nil {
			return name, nil
		}
		tried = append(tried, err.Error())
	}
	return "", fmt.Errorf("no sound device can be opened: connect one, start a sound server, or name one (alsasrc, alsasink device=…); tried: %s", strings.Join(tried, "; "))
}
