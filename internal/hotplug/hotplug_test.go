package hotplug

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// devices makes a tree as sysfs has it, and gives the folder of a node in it.
func devices(t *testing.T, files map[string]string, device string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	node := filepath.Join(root, "class/node0")
	if err := os.MkdirAll(node, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, device), node+"/device"); err != nil {
		t.Fatal(err)
	}
	return node
}

func TestIdentity(t *testing.T) {
	usb := map[string]string{"usb1/1-1/idVendor": "046d", "usb1/1-1/idProduct": "0825", "usb1/1-1/1-1:1.2/x": ""}
	if id, port := Identity(devices(t, usb, "usb1/1-1/1-1:1.2"), "cam"); id != "usb:046d:0825@1-1" || port != "1-1" {
		t.Errorf("%s at %s", id, port)
	}
	usb["usb1/1-1/serial"] = "A 1"
	if id, port := Identity(devices(t, usb, "usb1/1-1/1-1:1.2"), "cam"); id != "usb:046d:0825:A_1" || port != "1-1" {
		t.Errorf("%s at %s", id, port)
	}
	card := map[string]string{"platform/aloop.0/x": ""}
	if id, port := Identity(devices(t, card, "platform/aloop.0"), "Loop back"); id != "platform:aloop.0:Loop_back" || port != "" {
		t.Errorf("%s at %s", id, port)
	}
	if id, _ := Identity("/nonexistent", "x y"); id != "unknown:x_y" {
		t.Error(id)
	}
}

// Nodes are followed in a folder that is not there at first.
func TestFollow(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "snd")
	make, remove := func(name string) {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			t.Error(err)
		}
	}, func(name string) {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var known []string
	step := 0
	err := Follow(ctx, func() bool {
		entries, _ := os.ReadDir(folder) // not there yet
		var now []string
		for _, e := range entries {
			now = append(now, e.Name())
		}
		gone, come := Changes(known, now)
		known = now
		switch {
		case step == 0:
			make("snd0")
			step++
		case step == 1 && slices.Contains(come, "snd0"):
			make("snd1")
			step++
		case step == 2 && slices.Contains(come, "snd1"):
			remove("snd0")
			step++
		case step == 3 && slices.Contains(gone, "snd0"):
			step++
		}
		return step < 4
	}, folder, folder+"/snd")
	if err != nil || step != 4 {
		t.Errorf("%v after step %d", err, step)
	}
}

func TestFollowEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	if err := Follow(ctx, func() bool { stop(); return true }, t.TempDir()+"/x"); err != nil {
		t.Error(err)
	}
	if err := Follow(t.Context(), func() bool { return true }, "/nonexistent/x"); err == nil {
		t.Error("a folder that is not there was watched")
	}
}

func TestChanges(t *testing.T) {
	gone, come := Changes([]string{"a", "b"}, []string{"b", "c"})
	if !slices.Equal(gone, []string{"a"}) || !slices.Equal(come, []string{"c"}) {
		t.Errorf("%v gone, %v came", gone, come)
	}
}
