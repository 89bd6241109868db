package peertest

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// padCaps is what -v prints when a pad gets its caps.
var padCaps = regexp.MustCompile(`(?m)^/GstPipeline:pipeline0/\w+:(\w+)\.Gst\w*Pad:(\w+): caps = (.*)$`)

// chosen plays a line and tells the caps of every pad, and whether it succeeded.
func (p Program) chosen(line string) (pads map[string]string, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	args := append([]string{"-v"}, strings.Fields(line)...)
	if p.Command[len(p.Command)-1] == "-v" {
		args = args[1:]
	}
	c := exec.CommandContext(ctx, p.Command[0], append(slices.Clone(p.Command[1:]), args...)...)
	text, err := c.Output()
	pads = map[string]string{}
	for _, m := range padCaps.FindAllStringSubmatch(string(text), -1) {
		pads[m[1]+"."+m[2]] = m[3]
	}
	return pads, err == nil
}

// colors are fields that GStreamer states only where they were given: there the
// engine has to state the same.
var colors = []string{"colorimetry", "chroma-site"}

func TestFormatsAreThoseThatGStreamerChooses(t *testing.T) {
	if _, err := exec.LookPath("gst-launch-1.0"); err != nil {
		t.Skip("gst-launch-1.0 is not installed: nothing to compare with")
	}
	text, err := os.ReadFile("testdata/fixation.txt")
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := program(t), GStreamer()
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, playsHere := ours.chosen(line)
		b, playsThere := theirs.chosen(line)
		if playsHere != playsThere {
			t.Errorf("%s\n\tours plays: %v, theirs: %v", line, playsHere, playsThere)
			continue
		}
		if !playsHere {
			continue
		}
		for _, pad := range slices.Sorted(maps.Keys(b)) {
			if d := differs(a[pad], b[pad]); d != "" {
				t.Errorf("%s\n\t%s: %s", line, pad, d)
			}
		}
	}
}

// differs says how the caps of a pad differ, colours of raw video included.
func differs(ours, theirs string) string {
	if d := compareCaps(ours, theirs); d != "" {
		return d
	}
	media, a := fieldsOf(ours)
	_, b := fieldsOf(theirs)
	for _, name := range colors {
		if media == "video/x-raw" && a[name] != b[name] {
			return name + ": ours " + a[name] + ", theirs " + b[name]
		}
	}
	return ""
}
