package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// machineOf is a machine with these files.
func machineOf(t *testing.T, files map[string]string) machine {
	m := machine{root: t.TempDir()}
	for name, content := range files {
		path := m.path(name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestDoctorFindsDevices(t *testing.T) {
	m := machineOf(t, map[string]string{
		"proc/meminfo":             "MemTotal: 8000000 kB\nMemAvailable:    4194304 kB\n",
		"sys/fs/cgroup/memory.max": "536870912\n",
		"dev/shm/x":                "",
		"dev/video0":               "", "dev/video1": "",
		"sys/class/video4linux/video0/name":        "HD Webcam\n",
		"proc/asound/card0/id":                     "PCH\n",
		"dev/dri/renderD128":                       "",
		"usr/lib/x86_64-linux-gnu/libasound.so.2":  "",
		"usr/lib/x86_64-linux-gnu/libpulse.so.0":   "",
		"usr/lib/x86_64-linux-gnu/libasound2.so.9": "",
	})
	for _, c := range []struct {
		got  finding
		want string
	}{
		{m.memory(), "512 MiB available; frames take 1.0 GiB at most"},
		{m.cameras(), "/dev/video0 (HD Webcam), /dev/video1"},
		{m.soundCards(), "card0 (PCH)"},
		{m.accelerators(), "/dev/dri/renderD128"},
	} {
		if !c.got.OK || c.got.Found != c.want || c.got.Remedy != "" {
			t.Errorf("%+v, want %s", c.got, c.want)
		}
	}
	if got := m.sharedMemory(); !got.OK || !strings.HasPrefix(got.Found, "writable, ") {
		t.Errorf("%+v", got)
	}
	if left := m.glob("dev/shm/*"); len(left) != 1 {
		t.Errorf("it left %v", left)
	}
	if got := m.libraries(); !strings.HasPrefix(got.Found, "installed: libpulse.so; not installed: libtensorflowlite_c.so, ") {
		t.Errorf("%+v", got)
	}
}

func TestDoctorNamesARemedyForWhatIsMissing(t *testing.T) {
	m := machineOf(t, map[string]string{"proc/meminfo": "MemAvailable: 1024 kB\n"})
	for _, f := range []finding{m.memory(), m.sharedMemory(), m.cameras(), m.soundCards(), m.accelerators(), m.libraries()} {
		if f.OK || f.Found == "" || f.Remedy == "" || f.Note == "" {
			t.Errorf("%+v", f)
		}
	}
	if f := m.cameras(); f.Needed {
		t.Error("a machine without a camera is not broken")
	}
	if f := m.memory(); !f.Needed {
		t.Error("nothing works without memory")
	}
}

func TestDoctorEndsWithAStatus(t *testing.T) {
	var out bytes.Buffer
	good := finding{Name: "a", OK: true, Found: "there", Needed: true, Used: true, Note: "x"}
	unused := finding{Name: "bb", Found: "no b", Remedy: "get one", Note: "nobody asks"}
	bad := finding{Name: "c", Found: "no c", Remedy: "buy one", Needed: true, Used: true, Note: "x"}
	if err := doctor(&out, []finding{good, unused}, false); err != nil {
		t.Error(err)
	}
	want := `OK       a   there
missing  bb  no b
             remedy: get one
             not used: nobody asks

Everything that this engine needs is there.
`
	if out.String() != want {
		t.Errorf("have\n%swant\n%s", &out, want)
	}
	if err := doctor(&out, []finding{good, unused, bad}, true); err != exitStatus(1) {
		t.Errorf("%v, want exit status 1", err)
	}
	if !strings.Contains(out.String(), `"ok": false`) {
		t.Errorf("have\n%s", &out)
	}
}
