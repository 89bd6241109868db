package peertest

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

// TestWhatGStreamerDeclaresIsDeclared holds that a launch line in use does not
// fail on a name: see undeclared for what is left out, and why.
func TestWhatGStreamerDeclaresIsDeclared(t *testing.T) {
	if _, err := exec.LookPath("gst-inspect-1.0"); err != nil {
		t.Skip("gst-inspect-1.0 is not installed: nothing to compare with")
	}
	used := map[string]bool{}
	for _, f := range eiengine.DefaultRegistry().All() {
		missing, _, err := Undeclared(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range missing {
			name, _, _ := strings.Cut(m, ":")
			if key := f.Name + "." + name; undeclared[key] != "" {
				used[key] = true
				continue
			}
			t.Errorf("%s: %s", f.Name, m)
		}
	}
	for key := range undeclared {
		element, _, _ := strings.Cut(key, ".")
		if _, err := exec.Command("gst-inspect-1.0", element).Output(); err == nil && !used[key] {
			t.Errorf("%s is declared now: take it out of the table", key)
		}
	}
}
