package peertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// theirsAlone are the fields that GStreamer states and that the engine leaves
// out: it has no interlaced, stereoscopic or non-square pictures, colours are
// those of the format, and channels have the usual order.
var theirsAlone = map[string]bool{
	"colorimetry": true, "chroma-site": true, "multiview-mode": true, "multiview-flags": true,
	"interlace-mode": true, "pixel-aspect-ratio": true, "sof-marker": true, "channel-mask": true,
}

// Compare lists how two observations differ: in success, frames and caps at
// every sink, and in the times of raw frames. Of graphs that fail only the failure is compared: how far a stream
// came by then is a matter of time.
func Compare(g Graph, ours, theirs *Observation) []string {
	if ours.Hangs || theirs.Hangs {
		return []string{fmt.Sprintf("hangs: ours %v, theirs %v", ours.Hangs, theirs.Hangs)}
	}
	if (ours.Status == 0) != (theirs.Status == 0) {
		return []string{fmt.Sprintf("exit status: ours %d, theirs %d", ours.Status, theirs.Status)}
	}
	if ours.Status != 0 {
		return nil
	}
	var out []string
	for _, sink := range g.Sinks() {
		a, b := ours.Sinks[sink], theirs.Sinks[sink]
		if a == nil {
			a = &Arrivals{}
		}
		if b == nil {
			b = &Arrivals{}
		}
		if !g.behind("wavenc", sink) {
			if len(a.Times) != len(b.Times) {
				out = append(out, fmt.Sprintf("%s: frames: ours %d, theirs %d", sink, len(a.Times), len(b.Times)))
			} else if i := firstDifference(a.Times, b.Times); i >= 0 && g.timed(sink, a.Caps) {
				out = append(out, fmt.Sprintf("%s: time of frame %d: ours %s, theirs %s", sink, i, a.Times[i], b.Times[i]))
			}
		}
		if d := compareCaps(a.Caps, b.Caps); d != "" {
			out = append(out, fmt.Sprintf("%s: %s\n\tours   %s\n\ttheirs %s", sink, d, a.Caps, b.Caps))
		}
	}
	return out
}

// firstDifference is the index of the first values that differ, -1 for none.
func firstDifference(a, b []string) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

// compareCaps says how fixed caps differ, "" if they do not.
func compareCaps(ours, theirs string) string {
	m, a := fieldsOf(ours)
	n, b := fieldsOf(theirs)
	if m != n {
		return fmt.Sprintf("media type: ours %q, theirs %q", m, n)
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if v, ok := b[name]; !ok {
			out = append(out, fmt.Sprintf("%s: only ours has it: %s", name, a[name]))
		} else if a[name] != v {
			out = append(out, fmt.Sprintf("%s: ours %s, theirs %s", name, a[name], v))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok && !theirsAlone[name] {
			out = append(out, fmt.Sprintf("%s: only theirs has it: %s", name, b[name]))
		}
	}
	return strings.Join(out, "; ")
}

// fieldsOf takes fixed caps apart: the media type with its features, and each
// field as its type and value.
func fieldsOf(caps string) (media string, fields map[string]string) {
	parts := strings.Split(caps, ", ")
	fields = map[string]string{}
	for _, p := range parts[1:] {
		name, value, _ := strings.Cut(p, "=")
		fields[name] = value
	}
	return parts[0], fields
}
