package peertest

import (
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine"
)

// Undeclared lists what GStreamer has in an element of the same name and ours
// lacks, or declares in another way, each as "what: how it differs". known is
// false if GStreamer has no such element.
func Undeclared(f *eiengine.Factory) (missing []string, known bool, err error) {
	text, err := exec.Command("gst-inspect-1.0", f.Name).Output()
	if err != nil {
		return nil, false, nil //nolint:nilerr // it exits so for elements that it has not
	}
	theirs, err := parsePeer(string(text))
	if err != nil {
		return nil, true, err
	}
	props, err := f.Properties()
	if err != nil {
		return nil, true, err
	}
	signals, err := f.Signals()
	if err != nil {
		return nil, true, err
	}
	for _, name := range slices.Sorted(maps.Keys(theirs.Props)) {
		i := slices.IndexFunc(props, func(p eiengine.Property) bool { return p.Name == name })
		switch {
		case name == "name" || name == "parent": // every element's
		case i < 0:
			missing = append(missing, fmt.Sprintf("%s: a property, %s", name, theirs.Props[name].Type))
		default:
			missing = append(missing, differences(&props[i], theirs.Props[name])...)
		}
	}
	for _, name := range theirs.Signals {
		if !slices.ContainsFunc(signals, func(s eiengine.SignalInfo) bool { return s.Name == name }) {
			missing = append(missing, name+": a signal or action")
		}
	}
	for _, pad := range slices.Sorted(maps.Keys(theirs.Pads)) {
		if !slices.ContainsFunc(f.Pads, func(t eiengine.PadTemplate) bool {
			return strings.ToUpper(t.Direction.String())+" "+t.Name == pad && t.Presence.String() == theirs.Pads[pad]
		}) {
			missing = append(missing, fmt.Sprintf("%s: a pad, %s", pad, theirs.Pads[pad]))
		}
	}
	return missing, true, nil
}

// peerTypes are GStreamer's words for our types; it does not name that of caps
// which it lists. What is only read is text here where GStreamer has a structure.
var peerTypes = map[string][]string{
	"bool": {"Boolean"}, "int": {"Integer"}, "int64": {"Integer64"}, "uint": {"Unsigned Integer"},
	"uint64": {"Unsigned Integer64"}, "double": {"Double", "Float"}, "string": {"String"},
	"fraction": {"Fraction"}, "caps": {"Caps", ""}, "structure": {"Boxed"}, "enum": {"Enum"}, "flags": {"Flags"},
}

// differences says how a property is declared in another way.
func differences(p *eiengine.Property, theirs peerProp) []string {
	boxed := p.ReadOnly && p.Type == "string" && (theirs.Type == "Boxed" || theirs.Type == "Object")
	if !slices.Contains(peerTypes[p.Type], theirs.Type) && !boxed {
		return []string{fmt.Sprintf("%s: type %s, theirs is %s", p.Name, p.Type, theirs.Type)}
	}
	var out []string
	say := func(what, ours, theirs string) {
		out = append(out, fmt.Sprintf("%s: %s %s, theirs is %s", p.Name, what, ours, theirs))
	}
	if theirs.Writable == p.ReadOnly {
		say("read-only", strconv.FormatBool(p.ReadOnly), strconv.FormatBool(!theirs.Writable))
	}
	if theirs.Min != "" && p.Min != "" && (!sameValue(p.Min, theirs.Min) || !sameValue(p.Max, theirs.Max)) {
		say("range", p.Min+" to "+p.Max, theirs.Min+" to "+theirs.Max)
	}
	if theirs.Default != "" && !boxed && !sameValue(p.Default, theirs.Default) && !(p.Type == "string" && p.Default == "" && theirs.Default == "null") {
		say("default", p.Default, theirs.Default)
	}
	for _, nick := range theirs.Nicks {
		if !slices.ContainsFunc(p.Enum, func(v eiengine.EnumValue) bool { return v.Nick == nick }) {
			out = append(out, fmt.Sprintf("%s: has no value %s", p.Name, nick))
		}
	}
	return out
}

// sameValue compares as text, or as numbers, of which gst-inspect-1.0 prints few
// digits.
func sameValue(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil {
		return a == b
	}
	return a == b || strconv.FormatFloat(x, 'g', 6, 64) == strconv.FormatFloat(y, 'g', 6, 64)
}
