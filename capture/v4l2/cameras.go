package v4l2

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/internal/hotplug"
)

// CameraInfo says which camera a node is.
type CameraInfo struct {
	// Path is the node, such as /dev/video0. It may be another after the camera
	// was unplugged.
	Path string `json:"path"`
	// ID stays the same: "usb:VENDOR:PRODUCT:SERIAL", or with "@PORT" for its end if
	// the camera has no serial number; for others "BUS:DEVICE:NAME".
	ID string `json:"id"`
	// Port is where it is plugged in, such as "1-1.2"; empty if not USB. It tells
	// cameras of the same serial number apart.
	Port string `json:"port,omitempty"`
	// Name is what the driver calls it, Driver and Bus which driver it is and where.
	Name   string `json:"name"`
	Driver string `json:"driver"`
	Bus    string `json:"bus"`
	// Multiplanar says that the driver offers its formats by planes.
	Multiplanar bool `json:"multiplanar"`
}

// Cameras lists what captures pictures, by number. Nodes that may not be opened are
// left out; the error then is that of the last of them, and the list is valid.
func Cameras() ([]CameraInfo, error) {
	var all []CameraInfo
	var last error
	for _, path := range nodes() {
		info, err := probe(path)
		switch {
		case err == nil:
			all = append(all, info)
		case !errors.Is(err, ErrNotCamera) && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, unix.ENODEV):
			last = unasked(path, err)
		}
	}
	return all, last
}

func unasked(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return openError(path, err)
	}
	return fmt.Errorf("%s may be a camera, but could not be asked: %w", path, err)
}

func probe(path string) (CameraInfo, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return CameraInfo{}, err
	}
	defer unix.Close(fd)
	return query(fd, path)
}

// nodes lists the nodes of video by number.
func nodes() []string {
	entries, _ := os.ReadDir("/dev") // none is an empty list
	var numbers []int
	for _, e := range entries {
		if n, err := strconv.Atoi(strings.TrimPrefix(e.Name(), "video")); err == nil && strings.HasPrefix(e.Name(), "video") {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	paths := make([]string, 0, len(numbers))
	for _, n := range numbers {
		paths = append(paths, "/dev/video"+strconv.Itoa(n))
	}
	return paths
}

// Find gives the node at which a camera is now. id is its CameraInfo.ID; of several with
// the same one that at port is meant. It asks the kernel's lists, not the cameras,
// so it may be called often.
func Find(id, port string) (string, error) {
	var found []string
	for _, path := range nodes() {
		was, at := identity(path, "")
		if was != id {
			continue
		}
		if at == port {
			return path, nil
		}
		found = append(found, path)
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("%w: %s", ErrNotFound, id)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%w: %s is %s, and none of them at port %s", ErrNotFound, id, strings.Join(found, " and "), port)
}

// identity is what stays of a camera when its node changes. name stands in where
// the kernel's lists cannot be read.
func identity(path, name string) (id, port string) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	node := "/sys/class/video4linux/" + filepath.Base(path)
	if listed := hotplug.Attribute(node, "name"); listed != "" {
		name = listed
	}
	id, port = hotplug.Identity(node, name)
	if index := hotplug.Attribute(node, "index"); index != "" && index != "0" {
		id += "#" + index
	}
	return id, port
}
