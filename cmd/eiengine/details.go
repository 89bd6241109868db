package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// capsLines is caps as a list of media types, each with its fields below it.
func capsLines(c frames.Caps) []string {
	switch {
	case c.IsAny():
		return []string{"ANY"}
	case c.IsEmpty():
		return []string{"EMPTY"}
	}
	var lines []string
	for _, s := range c.Structures() {
		media := s.Media
		if s.Features != "" {
			media += "(" + s.Features + ")"
		}
		lines = append(lines, media)
		for _, f := range s.Fields {
			lines = append(lines, fmt.Sprintf("%18s: %s", f.Name, f.Value))
		}
	}
	return lines
}

// writeDetails describes an element in the layout of gst-inspect-1.0.
func writeDetails(w io.Writer, d description) {
	rank := "none"
	if d.Rank > 0 {
		rank = "chosen by decodebin"
	}
	fmt.Fprintf(w, "Factory Details:\n")
	for _, row := range [][2]string{
		{"Rank", fmt.Sprintf("%s (%d)", rank, d.Rank)},
		{"Long-name", d.LongName},
		{"Klass", d.Class},
		{"Description", d.Description},
		{"Kind", d.Kind},
		{"Family", d.Family},
	} {
		fmt.Fprintf(w, "  %-25s%s\n", row[0], row[1])
	}
	fmt.Fprintf(w, "\nPad Templates:\n")
	if len(d.Pads) == 0 {
		fmt.Fprintf(w, "  none\n")
	}
	for _, p := range d.Pads {
		fmt.Fprintf(w, "  %s template: '%s'\n    Availability: %s\n    Capabilities:\n", strings.ToUpper(p.Direction), p.Name, p.Presence)
		for _, line := range p.structures {
			fmt.Fprintf(w, "      %s\n", line)
		}
	}
	writeURI(w, d.URI)
	if d.Live {
		fmt.Fprintf(w, "\nElement is live: it captures, and gives no frame while paused.\n")
	}
	writePads(w, d.Pads)
	fmt.Fprintf(w, "\nElement Properties:\n")
	width := len("name")
	for _, p := range slices.Concat(d.Properties, d.PadProps) {
		width = max(width, len(p.Name))
	}
	writeProperty(w, width, propertyDescription{Name: "name", Type: "string", Doc: "The name of the element",
		Default: d.Name + "0", Flags: []string{"readable", "writable"}})
	for _, p := range d.Properties {
		writeProperty(w, width, p)
	}
	if len(d.PadProps) > 0 {
		fmt.Fprintf(w, "\nPad Properties:\n")
	}
	for _, p := range d.PadProps {
		writeProperty(w, width, p)
	}
	writeSignals(w, "Element Signals", d.Signals, false)
	writeSignals(w, "Element Actions", d.Signals, true)
}

func writeURI(w io.Writer, u *uriDescription) {
	if u == nil {
		fmt.Fprintf(w, "\nElement has no URI handling capabilities.\n")
		return
	}
	fmt.Fprintf(w, "\nURI handling capabilities:\n  Element can act as %s.\n  Supported URI protocols:\n", u.Type)
	for _, scheme := range u.Schemes {
		fmt.Fprintf(w, "    %s\n", scheme)
	}
}

// writePads lists the pads that an element has from its beginning.
func writePads(w io.Writer, pads []padDescription) {
	fmt.Fprintf(w, "\nPads:\n")
	none := true
	for _, p := range pads {
		if p.Presence == eiengine.Always.String() {
			none = false
			fmt.Fprintf(w, "  %s: '%s'\n    Pad Template: '%s'\n", strings.ToUpper(p.Direction), p.Name, p.Name)
		}
	}
	if none {
		fmt.Fprintf(w, "  none\n")
	}
}

// writeSignals lists the signals, or the actions.
func writeSignals(w io.Writer, title string, signals []signalDescription, action bool) {
	for _, s := range signals {
		if s.Action != action {
			continue
		}
		if title != "" {
			fmt.Fprintf(w, "\n%s:\n", title)
			title = ""
		}
		fmt.Fprintf(w, "  %q :  %s\n      %s\n", s.Name, s.Func, s.Doc)
	}
}

func writeProperty(w io.Writer, width int, p propertyDescription) {
	indent := strings.Repeat(" ", width+4)
	fmt.Fprintf(w, "  %-*s: %s\n", width, p.Name, p.Doc)
	fmt.Fprintf(w, "%sflags: %s\n", indent, strings.Join(p.Flags, ", "))
	fmt.Fprintf(w, "%s%s\n", indent, valueLine(p))
	nick := 0
	for _, v := range p.Values {
		nick = max(nick, len(v.Nick))
	}
	for _, v := range p.Values {
		fmt.Fprintf(w, "%s   (%d): %-*s - %s\n", indent, v.Value, nick, v.Nick, v.Name)
	}
}

var typeWords = map[string]string{
	"bool": "Boolean", "int": "Integer", "int64": "Integer64", "uint": "Unsigned Integer", "uint64": "Unsigned Integer64",
	"double": "Double", "string": "String", "fraction": "Fraction", "caps": "Caps", "structure": "Structure", "enum": "Enum", "flags": "Flags", "strings": "List of strings",
}

// valueLine is the type of a property, its range and its default.
func valueLine(p propertyDescription) string {
	s := typeWords[p.Type] + "."
	if p.Min != "" {
		s += fmt.Sprintf(" Range: %s - %s", p.Min, p.Max)
	}
	switch p.Type {
	case "string", "strings", "caps":
		return s + fmt.Sprintf(" Default: %q", p.Default)
	case "enum":
		return s + " Default: " + enumDefault(p)
	}
	return s + " Default: " + p.Default
}

func enumDefault(p propertyDescription) string {
	for _, v := range p.Values {
		if v.Nick == p.Default {
			return fmt.Sprintf("%d, %q", v.Value, v.Nick)
		}
	}
	return p.Default
}
