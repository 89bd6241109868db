package pcm

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/internal/hotplug"
)

// Device is one that can be opened: a device of a sound card, or one that ALSA's
// configuration makes, such as a sound server.
type Device struct {
	// Name is what Open takes, such as "default" or "plughw:CARD=PCH,DEV=0", by which
	// ALSA converts what the card has not.
	Name string `json:"name"`
	// Direct is the name without conversions, "hw:…"; empty if it is none of a card.
	Direct string `json:"direct,omitempty"`
	// ID stays the same when a card is plugged in anew: "usb:VENDOR:PRODUCT:SERIAL", or
	// with "@PORT" for its end if it has no serial number; for others "BUS:DEVICE:CARD".
	// Open takes it too. Further devices of a card end in "#1" and so on.
	ID string `json:"id,omitempty"`
	// Port is where it is plugged in, such as "1-1.2"; empty if not USB.
	Port string `json:"port,omitempty"`
	// Description is for people.
	Description string `json:"description"`
	// Capture and Playback say what it does.
	Capture  bool `json:"records"`
	Playback bool `json:"plays"`

	card, number int
	cardID       string
}

// does reports whether a device goes in a direction.
func (d *Device) does(direction Direction) bool {
	return d.Capture && direction == Capture || d.Playback && direction == Playback
}

// Devices lists what can be opened: the devices of the cards, and before them what ALSA's
// configuration makes, "default" first. Without ALSA's library the error says so, and
// the list has the cards. It opens no device.
func Devices() ([]Device, error) {
	made, err := configured()
	return append(made, Cards()...), err
}

// Cards lists the devices of the cards, which the kernel tells, in its order.
func Cards() []Device { return running.devices() }

// unlisted are what ALSA's configuration offers besides: converters, which are no devices,
// and a server that prints to standard error when it is asked and does not run.
var unlisted = []string{"null", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix", "oss", "jack"}

// configured lists what ALSA's configuration makes that is not of one card.
func configured() ([]Device, error) {
	l, err := openLibrary()
	if err != nil {
		return nil, err
	}
	all := []Device{{Name: "default", Description: "what ALSA takes where nothing else is named", Capture: true, Playback: true}}
	for _, h := range l.hints() {
		if h.name == "" || strings.Contains(h.name, "CARD=") || slices.Contains(unlisted, h.name) {
			continue
		}
		d := Device{
			Name: h.name, Description: strings.ReplaceAll(h.description, "\n", ", "),
			Capture: h.direction != "Output", Playback: h.direction != "Input",
		}
		if h.name == "default" {
			all[0] = d
			continue
		}
		all = append(all, d)
	}
	return all, nil
}

// Find gives the device of a card that a name means: a [Device.ID], or ALSA's name with
// the card in it, such as "hw:1" or "plughw:CARD=webcam,DEV=0".
func Find(name string) (d Device, ok bool) { return running.find(name) }

// Moved is the name for Open of a device that was found by a name, where it is now.
func Moved(name string, was Device) (now string, err error) { return running.moved(name, was) }

func (k kernel) moved(name string, was Device) (string, error) {
	var at []Device
	for _, d := range k.devices() {
		if d.ID != was.ID {
			continue
		}
		if d.Port == was.Port {
			at = []Device{d}
			break
		}
		at = append(at, d)
	}
	switch {
	case len(at) == 0:
		return "", fmt.Errorf("%w: %s", ErrGone, was.ID)
	case len(at) > 1:
		return "", fmt.Errorf("%w: there are several of %s, and none at port %s", ErrGone, was.ID, was.Port)
	case name == was.ID:
		return at[0].Name, nil
	}
	return onCard(name, at[0].cardID), nil
}

// onCard is ALSA's name of a device with another card in it.
func onCard(name, card string) string {
	kind, address, _ := strings.Cut(name, ":")
	parts := strings.Split(address, ",")
	for i, part := range parts {
		key, _, named := strings.Cut(part, "=")
		switch {
		case named && key == "CARD":
			parts[i] = "CARD=" + card
		case !named && i == 0:
			parts[i] = card
		}
	}
	return kind + ":" + strings.Join(parts, ",")
}

// Ask says what a device can do, in a direction, without disturbing it: of a card that is in
// use it is an error that says by whom.
func (d *Device) Ask(direction Direction) (*Abilities, error) {
	name := d.Name
	if d.Direct != "" {
		name = d.Direct
		if by := running.holders(d, direction); by != "" {
			return nil, &Error{Device: name, Doing: doingOpen, Errno: unix.EBUSY, Text: "it is in use by " + by}
		}
	}
	p, err := Open(name, direction)
	if err != nil {
		return nil, err
	}
	a, err := p.Abilities()
	return a, errors.Join(err, p.Close())
}

// Change is a device of a card that came or went.
type Change struct {
	Device
	Gone bool
}

// Watch tells the devices of cards that are there, and then which come and go, until ctx
// ends, whose error is not told. Other errors are told, and end it.
func Watch(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		var known []Device
		err := hotplug.Follow(ctx, func() bool {
			now := Cards()
			gone, come := hotplug.Changes(known, now)
			known = now
			for _, d := range gone {
				if !yield(Change{d, true}, nil) {
					return false
				}
			}
			for _, d := range come {
				if !yield(Change{d, false}, nil) {
					return false
				}
			}
			return true
		}, "/dev/snd", "/dev/snd/pcm")
		if err != nil {
			yield(Change{}, err)
		}
	}
}
