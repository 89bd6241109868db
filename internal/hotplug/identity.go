package hotplug

import (
	"os"
	"path/filepath"
	"strings"
)

// Identity is what stays of a device when its nodes change. node is its folder in the
// kernel's list of a class, such as /sys/class/video4linux/video0; name tells devices
// apart that sit on one other. The id is "usb:VENDOR:PRODUCT:SERIAL", or with "@PORT" for
// its end if there is no serial number; of what is not plugged into USB it is
// "BUS:DEVICE:NAME", and the port is empty.
func Identity(node, name string) (id, port string) {
	device, err := filepath.EvalSymlinks(node + "/device")
	if err != nil {
		return "unknown:" + word(name), ""
	}
	for d := device; len(d) > len("/sys/devices"); d = filepath.Dir(d) {
		vendor := Attribute(d, "idVendor")
		if vendor == "" {
			continue
		}
		id, port = "usb:"+vendor+":"+Attribute(d, "idProduct"), filepath.Base(d)
		if serial := Attribute(d, "serial"); serial != "" {
			return id + ":" + word(serial), port
		}
		return id + "@" + port, port
	}
	bus := "platform"
	if subsystem, err := filepath.EvalSymlinks(device + "/subsystem"); err == nil {
		bus = filepath.Base(subsystem)
	}
	return bus + ":" + filepath.Base(device) + ":" + word(name), ""
}

// Attribute is the text of a file of sysfs, "" if there is none.
func Attribute(dir, name string) string {
	b, _ := os.ReadFile(filepath.Join(dir, name)) // not every device has every attribute
	return strings.TrimSpace(string(b))
}

// word makes one word of a name.
func word(s string) string { return strings.Join(strings.Fields(s), "_") }
