package pcm

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// First opens the first device that can be opened and returns which it is: the default
// one, that of a sound server, then the cards, those on USB first. Where the default one is
// a card that nobody chose, ALSA's first one, a microphone on USB comes before it: it was
// plugged in to be used. The error tells of each that was tried.
func First(direction Direction, open func(device string) error) (device string, err error) {
	if _, err := openLibrary(); err != nil {
		return "", err
	}
	cards := Cards()
	names := order(cards, direction, direction == Capture && !chosen() && isCard("default", direction))
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

// order is in which order devices are tried.
func order(cards []Device, direction Direction, usbFirst bool) []string {
	var usb, others, last []string
	for _, d := range cards {
		switch {
		case !d.does(direction):
		case strings.HasPrefix(d.ID, "usb:"):
			usb = append(usb, d.Name)
		case strings.Contains(d.ID, "snd_aloop") || strings.Contains(d.ID, "snd_dummy"): // nobody speaks there
			last = append(last, d.Name)
		default:
			others = append(others, d.Name)
		}
	}
	usual := []string{"default", "pulse"}
	if usbFirst {
		return slices.Concat(usb, usual, others, last)
	}
	return slices.Concat(usual, usb, others, last)
}

// chosen reports whether somebody may have said which card is the default one.
func chosen() bool {
	for _, name := range []string{"ALSA_CONFIG_PATH", "ALSA_CARD", "ALSA_PCM_CARD"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	files := []string{"/etc/asound.conf"}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".asoundrc"), filepath.Join(home, ".config/alsa/asoundrc"))
	}
	return slices.ContainsFunc(files, func(name string) bool {
		_, err := os.Stat(name)
		return err == nil
	})
}

// isCard reports whether a device is one of a card, rather than a sound server, or
// cannot be opened.
func isCard(name string, direction Direction) bool {
	p, err := Open(name, direction)
	if err != nil {
		return true
	}
	defer p.Close()
	return p.card() >= 0
}
