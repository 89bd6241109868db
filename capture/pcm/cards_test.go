package pcm

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// twoCards are what a kernel tells of a loopback card and of a USB microphone at a port.
func twoCards(t *testing.T, usb string) kernel {
	t.Helper()
	root := t.TempDir()
	const loopback, microphone = "/sys/devices/platform/snd_aloop.0", "/sys/devices/pci0000:00/usb1/1-1/1-1:1.2"
	for name, content := range map[string]string{
		"/dev/snd/controlC0": "", "/dev/snd/pcmC0D0c": "", "/dev/snd/pcmC0D0p": "", "/dev/snd/pcmC0D1p": "", "/dev/snd/timer": "",
		"/dev/snd/pcmC1D0c":                       "",
		"/proc/asound/cards":                      " 0 [Loopback       ]: Loopback - Loopback\n                      Loopback 1\n 1 [" + usb + "         ]: USB-Audio - web cam\n                      vmtest webcam at usb-vhci_hcd.0-1, high speed\n",
		"/proc/asound/card0/pcm0c/info":           "card: 0\nname: Loopback PCM\nsubdevices_count: 8\nsubdevices_avail: 7\n",
		"/proc/asound/card1/pcm0c/info":           "card: 1\nname: USB Audio\nsubdevices_count: 1\nsubdevices_avail: 0\n",
		"/proc/asound/card1/pcm0c/sub0/status":    "state: RUNNING\nowner_pid   : 152\n",
		"/proc/asound/card1/pcm0c/sub0/hw_params": "access: RW_INTERLEAVED\nformat: S16_LE\nchannels: 1\nrate: 48000 (48000/1)\n",
		"/proc/152/comm":                          "arecord\n",
		loopback + "/sound/card0/id":              "Loopback\n",
		microphone + "/sound/card1/id":            usb + "\n",
		filepath.Dir(microphone) + "/idVendor":    "1d6b\n", filepath.Dir(microphone) + "/idProduct": "0102\n", filepath.Dir(microphone) + "/serial": "A1\n",
	} {
		if err := os.MkdirAll(filepath.Dir(root+name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root+name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(root+"/sys/class/sound", 0o755); err != nil {
		t.Fatal(err)
	}
	for card, device := range map[string]string{"card0": loopback, "card1": microphone} {
		if err := errors.Join(
			os.Symlink(root+device, root+device+"/sound/"+card+"/device"),
			os.Symlink(root+device+"/sound/"+card, root+"/sys/class/sound/"+card),
		); err != nil {
			t.Fatal(err)
		}
	}
	return kernel(root)
}

func TestCards(t *testing.T) {
	got := twoCards(t, "webcam").devices()
	want := []Device{
		{
			Name: "plughw:CARD=Loopback,DEV=0", Direct: "hw:CARD=Loopback,DEV=0", ID: "platform:snd_aloop.0:Loopback",
			Description: "Loopback, Loopback PCM", Capture: true, Playback: true, cardID: "Loopback",
		},
		{
			Name: "plughw:CARD=Loopback,DEV=1", Direct: "hw:CARD=Loopback,DEV=1", ID: "platform:snd_aloop.0:Loopback#1",
			Description: "Loopback", Playback: true, number: 1, cardID: "Loopback",
		},
		{
			Name: "plughw:CARD=webcam,DEV=0", Direct: "hw:CARD=webcam,DEV=0", ID: "usb:1d6b:0102:A1", Port: "1-1",
			Description: "web cam, USB Audio", Capture: true, card: 1, cardID: "webcam",
		},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if none := kernel(t.TempDir()).devices(); len(none) != 0 {
		t.Errorf("%+v on a machine without sound", none)
	}
}

// Every name that has a card in it leads to its device.
func TestFindsCards(t *testing.T) {
	k := twoCards(t, "webcam")
	for _, name := range []string{"hw:1", "hw:1,0", "plughw:CARD=webcam", "plughw:DEV=0,CARD=webcam", "hw:webcam,0,0", "dsnoop:CARD=webcam,DEV=0", "sysdefault:1", "usb:1d6b:0102:A1"} {
		if d, ok := k.find(name); !ok || d.cardID != "webcam" {
			t.Errorf("%s is %+v", name, d)
		}
	}
	for _, name := range []string{"default", "pulse", "hw:2", "hw:1,1", "hw:CARD=webcam,DEV=x", "usb:1d6b:0102:B2", "hdmi:CARD=webcam", ""} {
		if d, ok := k.find(name); ok {
			t.Errorf("%s is %+v", name, d)
		}
	}
}

// A card that was plugged in anew is found, whatever it is called now.
func TestMovedCards(t *testing.T) {
	before, after := twoCards(t, "webcam"), twoCards(t, "webcam_1")
	for name, want := range map[string]string{
		"hw:1": "hw:webcam_1", "hw:1,0,0": "hw:webcam_1,0,0", "dsnoop:CARD=webcam": "dsnoop:CARD=webcam_1", "plughw:DEV=0,CARD=webcam,SUBDEV=0": "plughw:DEV=0,CARD=webcam_1,SUBDEV=0",
		"sysdefault:CARD=webcam": "sysdefault:CARD=webcam_1", "usb:1d6b:0102:A1": "plughw:CARD=webcam_1,DEV=0",
	} {
		was, _ := before.find(name)
		if now, err := after.moved(name, was); err != nil || now != want {
			t.Errorf("%s is %s now, %v; want %s", name, now, err, want)
		}
		if now, err := kernel(t.TempDir()).moved(name, was); !errors.Is(err, ErrGone) {
			t.Errorf("%s is unplugged, but found as %s, %v", name, now, err)
		}
	}
}

func TestTellsWhoHasACard(t *testing.T) {
	k := twoCards(t, "webcam")
	loopback, _ := k.find("hw:0")
	webcam, _ := k.find("hw:1")
	if by := k.holders(&loopback, Capture); by != "" {
		t.Errorf("%q has a card of which there is more", by)
	}
	if by := k.holders(&webcam, Capture); by != "arecord (process 152) at S16_LE, 48000 Hz, channels: 1" {
		t.Error(by)
	}
}

// The default device comes first, unless it is a card that nobody chose and there is a
// microphone on USB; cards that hear nobody come last.
func TestOrderOfDevices(t *testing.T) {
	cards := twoCards(t, "webcam").devices()
	for _, c := range []struct {
		direction Direction
		usbFirst  bool
		want      string
	}{
		{Capture, false, "default pulse plughw:CARD=webcam,DEV=0 plughw:CARD=Loopback,DEV=0"},
		{Capture, true, "plughw:CARD=webcam,DEV=0 default pulse plughw:CARD=Loopback,DEV=0"},
		{Playback, false, "default pulse plughw:CARD=Loopback,DEV=0 plughw:CARD=Loopback,DEV=1"},
	} {
		if got := strings.Join(order(cards, c.direction, c.usbFirst), " "); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestErrorsTellRemedies(t *testing.T) {
	for errno, want := range map[unix.Errno]string{unix.EBUSY: "another program has it", unix.EACCES: "group audio", unix.ENOENT: "record"} {
		if got := remedy("hw:CARD=nosuch", Capture, errno); !strings.Contains(got, want) && !strings.Contains(got, ErrNoLibrary.Error()) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if err := error(&Error{Doing: "read", Errno: unix.ENODEV}); !errors.Is(err, ErrGone) {
		t.Errorf("%v: an unplugged device is gone", err)
	}
}
