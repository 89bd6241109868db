package pcm

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine/internal/hotplug"
)

// kernel is where the kernel tells of its sound cards, below a root; tests have their
// own. It is asked without ALSA's library, and no device is opened for it.
type kernel string

const running kernel = "/"

// devices lists the devices of the cards, by card and number.
func (k kernel) devices() []Device {
	nodes, _ := os.ReadDir(string(k) + "/dev/snd") // none is an empty list
	var all []Device
	for _, node := range nodes {
		var card, number int
		var direction rune
		if n, _ := fmt.Sscanf(node.Name(), "pcmC%dD%d%c", &card, &number, &direction); n != 3 {
			continue
		}
		i := slices.IndexFunc(all, func(d Device) bool { return d.card == card && d.number == number })
		if i < 0 {
			i = len(all)
			all = append(all, k.device(card, number))
		}
		if direction == 'c' {
			all[i].Capture = true
		} else {
			all[i].Playback = true
		}
		if name := k.told(&all[i], "info", "name"); name != "" && !strings.Contains(all[i].Description, name) {
			all[i].Description += ", " + name
		}
	}
	slices.SortFunc(all, func(a, b Device) int { return cmp.Or(cmp.Compare(a.card, b.card), cmp.Compare(a.number, b.number)) })
	return all
}

// device describes a device, but for what it does.
func (k kernel) device(card, number int) Device {
	node := fmt.Sprintf("%s/sys/class/sound/card%d", k, card)
	name := cmp.Or(hotplug.Attribute(node, "id"), strconv.Itoa(card))
	id, port := hotplug.Identity(node, name)
	if number > 0 {
		id += fmt.Sprintf("#%d", number)
	}
	address := fmt.Sprintf("CARD=%s,DEV=%d", name, number)
	return Device{
		Name: "plughw:" + address, Direct: "hw:" + address, ID: id, Port: port, Description: cmp.Or(k.cardName(card), name),
		card: card, number: number, cardID: name,
	}
}

// cardName is what the driver calls a card.
func (k kernel) cardName(card int) string {
	b, _ := os.ReadFile(string(k) + "/proc/asound/cards") // not in every container
	for line := range strings.Lines(string(b)) {
		// " 1 [webcam         ]: USB-Audio - webcam"
		number, rest, ok := strings.Cut(strings.TrimSpace(line), " [")
		if _, name, is := strings.Cut(rest, " - "); ok && is && number == strconv.Itoa(card) {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

// told is a line "KEY: VALUE" of a file that the kernel has for a device.
func (k kernel) told(d *Device, file, key string) string {
	direction := "p"
	if d.Capture {
		direction = "c"
	}
	return k.line(k.folder(d, direction)+file, key)
}

func (k kernel) folder(d *Device, direction string) string {
	return fmt.Sprintf("%s/proc/asound/card%d/pcm%d%s/", k, d.card, d.number, direction)
}

func (kernel) line(file, key string) string {
	b, _ := os.ReadFile(file) // not in every container
	for line := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// find gives the device of a card that a name means: an ID, or ALSA's name with a card in
// it, such as "hw:1", "plughw:CARD=webcam,DEV=0".
func (k kernel) find(name string) (d Device, ok bool) {
	for _, d := range k.devices() {
		if d.ID == name {
			return d, true
		}
	}
	kind, address, ok := strings.Cut(name, ":")
	if !ok || !slices.Contains([]string{"hw", "plughw", "dsnoop", "dmix", "sysdefault"}, kind) {
		return Device{}, false
	}
	card, number := "", 0
	for i, part := range strings.Split(address, ",") {
		key, value, named := strings.Cut(part, "=")
		if !named {
			key, value = [3]string{"CARD", "DEV", "SUBDEV"}[min(i, 2)], part
		}
		switch key {
		case "CARD":
			card = value
		case "DEV":
			n, err := strconv.Atoi(value)
			if err != nil {
				return Device{}, false
			}
			number = n
		}
	}
	for _, d := range k.devices() {
		if d.number == number && (d.cardID == card || strconv.Itoa(d.card) == card) {
			return d, true
		}
	}
	return Device{}, false
}

// holders says who has a device open in a direction, and at what, such as "arecord (process
// 152) at S16_LE, 48000 Hz, 1 channel"; it is empty while others may open it too.
func (k kernel) holders(d *Device, direction Direction) string {
	folder := k.folder(d, map[Direction]string{Capture: "c", Playback: "p"}[direction])
	if k.line(folder+"info", "subdevices_avail") != "0" {
		return ""
	}
	subs, _ := filepath.Glob(folder + "sub*") // the pattern is right
	var all []string
	for _, sub := range subs {
		process := k.line(sub+"/status", "owner_pid")
		if process == "" {
			continue
		}
		who := "process " + process
		if b, err := os.ReadFile(string(k) + "/proc/" + process + "/comm"); err == nil {
			who = fmt.Sprintf("%s (%s)", strings.TrimSpace(string(b)), who)
		}
		setup := sub + "/hw_params"
		if format := k.line(setup, "format"); format != "" {
			rate, _, _ := strings.Cut(k.line(setup, "rate"), " ")
			who += fmt.Sprintf(" at %s, %s Hz, channels: %s", format, rate, k.line(setup, "channels"))
		}
		all = append(all, who)
	}
	if len(all) == 0 {
		return "another program"
	}
	return strings.Join(all, "; ")
}
