package portaudio

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine/capture/pcm"
)

// Device is one of PortAudio's list.
type Device struct {
	// Index is its number in the list, which changes as devices come and go.
	Index int
	// Name is what Open takes, such as "webcam: USB Audio (hw:1,0)".
	Name string
	// API is by which system PortAudio reaches it: "ALSA", "JACK Audio Connection Kit".
	API string
	// Inputs and Outputs are how many channels it records and plays at most.
	Inputs, Outputs int
	// Rate is how many samples a second it does by default.
	Rate int
	// DefaultInput and DefaultOutput say that it is the one used where none is named.
	DefaultInput, DefaultOutput bool
}

// channels that the device has in a direction, at most.
func (d *Device) channels(direction pcm.Direction) int {
	if direction == pcm.Capture {
		return d.Inputs
	}
	return d.Outputs
}

// byDefault reports whether it is the default device of a direction.
func (d *Device) byDefault(direction pcm.Direction) bool {
	if direction == pcm.Capture {
		return d.DefaultInput
	}
	return d.DefaultOutput
}

// Devices lists what PortAudio has, in its order. log gets what libraries print; it may
// be nil.
func Devices(ctx context.Context, log *slog.Logger) ([]Device, error) {
	s, err := connect(ctx, log)
	if err != nil {
		return nil, err
	}
	defer s.end(closeGrace)
	var all []Device
	return all, s.ask(ctx, msgDevices, nil, &all)
}

// find gives the device that a name means: the default one if it is empty; else that of
// exactly this name, of this number, or the only one whose name has this part. A name
// that ends with the number of a card, such as (hw:1,0), also fits the device of another
// number, if there is one only: cards get other numbers when they are plugged in again.
func find(all []Device, name string, direction pcm.Direction) (*Device, error) {
	var able []*Device
	for i := range all {
		if d := &all[i]; d.channels(direction) > 0 {
			able = append(able, d)
		}
	}
	if name == "" {
		if i := slices.IndexFunc(able, func(d *Device) bool { return d.byDefault(direction) }); i >= 0 {
			return able[i], nil
		}
		return nil, missing("there is no default device", able)
	}
	if i := slices.IndexFunc(able, func(d *Device) bool { return d.Name == name }); i >= 0 {
		return able[i], nil
	}
	if n, err := strconv.Atoi(name); err == nil {
		if i := slices.IndexFunc(able, func(d *Device) bool { return d.Index == n }); i >= 0 {
			return able[i], nil
		}
	}
	for _, part := range []string{name, withoutCard(name)} {
		switch fit := containing(able, part); len(fit) {
		case 0:
		case 1:
			return fit[0], nil
		default:
			return nil, missing("several devices have that in their names: give more of it", fit)
		}
	}
	return nil, missing("there is no such device", able)
}

// containing are the devices with that in their names, however it is written.
func containing(all []*Device, part string) []*Device {
	return slices.DeleteFunc(slices.Clone(all), func(d *Device) bool {
		return !strings.Contains(strings.ToLower(d.Name), strings.ToLower(part))
	})
}

// withoutCard is a name without the number of the card at its end.
func withoutCard(name string) string {
	if i := strings.LastIndex(name, " (hw:"); i > 0 && strings.HasSuffix(name, ")") {
		return name[:i+len(" (hw:")]
	}
	return name
}

// missing is the error that none of the devices is meant.
func missing(what string, able []*Device) error {
	var names []string
	for _, d := range able {
		names = append(names, fmt.Sprintf("%d %q", d.Index, d.Name))
	}
	if len(names) == 0 {
		return fmt.Errorf("%s, and PortAudio finds no other: connect one, or start a sound server", what)
	}
	return fmt.Errorf("%s; there are %s", what, strings.Join(names, ", "))
}
