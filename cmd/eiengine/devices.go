package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/infer/onnx"
)

// usedBy completes a finding with whether an element of the engine uses it. None
// is needed: a machine without a camera can do other work.
func (f finding) usedBy(elements ...string) finding {
	for _, name := range elements {
		if _, err := eiengine.DefaultRegistry().Find(name); err == nil {
			f.Used, f.Note = true, name
			return f
		}
	}
	f.Note = "there is no element " + strings.Join(elements, " or ")
	return f
}

func (m machine) cameras() finding {
	f := finding{Name: "cameras"}.usedBy("v4l2src")
	f.nodes(m, m.glob("dev/video*"), "video", func(node string) string {
		return m.first("sys/class/video4linux/" + filepath.Base(node) + "/name")
	})
	if f.Found == "" {
		f.Found, f.Remedy = "no /dev/video*", "connect a camera (apt-get install v4l-utils, then v4l2-ctl --list-devices shows what the kernel sees); in a container, pass it in with --device /dev/video0"
	}
	return f
}

// nodes lists device nodes, each with what it is called and whether it may be used.
func (f *finding) nodes(m machine, nodes []string, group string, name func(node string) string) {
	var words []string
	closed := ""
	for _, node := range nodes {
		word := node
		if s := name(node); s != "" {
			word += " (" + s + ")"
		}
		if err := unix.Access(m.path(node), unix.R_OK|unix.W_OK); err != nil {
			word += ": " + err.Error()
			closed = node
		} else {
			f.OK = true
		}
		words = append(words, word)
	}
	f.Found = strings.Join(words, ", ")
	if !f.OK && closed != "" {
		f.Remedy = fmt.Sprintf("add yourself to the group of %s: usermod -aG %s NAME, and log in anew", closed, group)
	}
}

func (m machine) soundCards() finding {
	f := finding{Name: "sound cards"}.usedBy("alsasrc", "alsasink")
	var cards []string
	for _, card := range m.glob("proc/asound/card[0-9]*") {
		cards = append(cards, filepath.Base(card)+" ("+m.first(card+"/id")+")")
	}
	f.OK, f.Found = len(cards) > 0, strings.Join(cards, ", ")
	if !f.OK {
		f.Found = "no /proc/asound/card*"
	}
	switch {
	case !m.hasLibrary("libasound.so.2"):
		f.OK = false
		f.Found += "; no libasound.so.2"
		f.Remedy = "install ALSA's library: apt-get install libasound2 (Debian 13 on: libasound2t64)"
	case !f.OK:
		f.Remedy = "connect one, or load its driver (apt-get install alsa-utils, then alsactl init); in a container, pass it in with --device /dev/snd"
	}
	return f
}

func (m machine) accelerators() finding {
	f := finding{Name: "GPU", Note: "nothing of this engine computes on a GPU; a .eim model may do so by itself"}
	var nodes []string
	for _, pattern := range []string{"dev/dri/renderD*", "dev/nvidia[0-9]*", "dev/nvhost-gpu", "dev/nvmap", "dev/kfd", "dev/mali*", "dev/kgsl-3d0"} {
		nodes = append(nodes, m.glob(pattern)...)
	}
	f.nodes(m, nodes, "render", func(string) string { return "" })
	if f.Found == "" {
		f.Found, f.Remedy = "no device of a GPU in /dev", "install its driver, such as apt-get install mesa-va-drivers or nvidia-driver; in a container, pass it in with --device or --gpus"
	}
	return f
}

// onnxRuntime tries to open the library of .onnx models.
func (m machine) onnxRuntime() finding {
	f := finding{Name: "ONNX Runtime", Used: true, Note: "models in .onnx files"}
	version, err := onnx.Probe("")
	if err != nil {
		f.Found = "cannot be opened"
		f.Remedy = "install libonnxruntime 1.17 or later (apt-get install libonnxruntime-dev from Debian 13 on, else the archive of github.com/microsoft/onnxruntime/releases), or set EIENGINE_ONNXRUNTIME to its file; .eim and builtin models need none"
		return f
	}
	f.OK, f.Found = true, "version "+version
	return f
}

// portAudio tries to open the library of portaudiosrc and portaudiosink.
func (m machine) portAudio() finding {
	f := finding{Name: "PortAudio"}.usedBy("portaudiosrc", "portaudiosink")
	version, err := portaudio.Probe()
	if err != nil {
		f.Found = "cannot be opened; alsasrc and alsasink need none"
		f.Remedy = "apt-get install libportaudio2; what failed: " + strings.Join(strings.Fields(err.Error()), " ")
		return f
	}
	f.OK, f.Found = true, version
	return f
}

// turboJPEG tries to open the fast codec of JPEG.
func (m machine) turboJPEG() finding {
	f := finding{Name: "libturbojpeg", Used: true, Note: "jpegenc and jpegdec"}
	name, err := jpeg.Probe()
	if err != nil {
		f.Found = "not used: jpegenc and jpegdec work by Go's image/jpeg, several times slower"
		f.Remedy = "apt-get install libturbojpeg0, or set EIENGINE_TURBOJPEG to its file; what failed: " + strings.Join(strings.Fields(err.Error()), " ")
		return f
	}
	f.OK, f.Found = true, name
	return f
}

// optionalLibraries are those that engines of this kind open, each with what brings
// it: a package of Debian, or where else it comes from.
var optionalLibraries = []struct{ name, from string }{
	{"libtensorflowlite_c.so", "built from the sources of TensorFlow"},
	{"libnvinfer.so", "apt-get install tensorrt, from NVIDIA's repository"},
	{"libcuda.so", "apt-get install libcuda1, of the non-free part"},
	{"libavcodec.so", "apt-get install libavcodec59"},
	{"libva.so", "apt-get install libva2"},
	{"libpulse.so", "apt-get install libpulse0"},
}

var libraryFolders = []string{"lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib", "lib/*-linux-*", "usr/lib/*-linux-*", "usr/lib/*-linux-*/tegra"}

func (m machine) libraries() finding {
	f := finding{Name: "libraries", Note: "this program opens none of these"}
	var there, missing, from []string
	for _, l := range optionalLibraries {
		if m.hasLibrary(l.name) {
			there = append(there, l.name)
			continue
		}
		missing = append(missing, l.name)
		from = append(from, l.name+": "+l.from)
	}
	f.OK = len(missing) == 0
	f.Found = "installed: none"
	if len(there) > 0 {
		f.Found = "installed: " + strings.Join(there, ", ")
	}
	if !f.OK {
		f.Found += "; not installed: " + strings.Join(missing, ", ")
		f.Remedy = "none is needed; should a model or another program want one: " + strings.Join(from, "; ")
	}
	return f
}

func (m machine) hasLibrary(name string) bool {
	for _, folder := range libraryFolders {
		if len(m.glob(folder+"/"+name+"*")) > 0 {
			return true
		}
	}
	return false
}
