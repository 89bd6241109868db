package peertest

import (
	"bufio"
	"fmt"
	"regexp"
	"strings"
)

// peerElement is what gst-inspect-1.0 says of an element.
type peerElement struct {
	Props map[string]peerProp
	// Signals are the actions too.
	Signals []string
	Pads    map[string]string // "SINK sink" → "Always"
}

// peerProp is a property of it, in its words.
type peerProp struct {
	Type       string // such as "Unsigned Integer" or "Enum"
	Min, Max   string // "" for types without a range
	Default    string
	Nicks      []string // of an Enum or of Flags
	Writable   bool
	Deprecated bool
}

var (
	sectionLine  = regexp.MustCompile(`^(\S.*):$`)
	padLine      = regexp.MustCompile(`^  (SINK|SRC) template: '(.*)'`)
	presenceLine = regexp.MustCompile(`^    Availability: (.*)`)
	propertyLine = regexp.MustCompile(`^  ([a-z][a-z0-9-]*) *: `)
	signalLine   = regexp.MustCompile(`^  "([a-z-]+)" : `)
	rangeText    = regexp.MustCompile(`Range: +(\S+) +- +(\S+)`)
	defaultText  = regexp.MustCompile(`Default: +(?:-?[\dx]+, +)?"?([^"]*?)"? *$`)
	nickLine     = regexp.MustCompile(`^ {20,}\((?:-?\d+|0x[0-9a-f]+)\): (\S+) +- `)
	typeText     = regexp.MustCompile(`^ {20,}(Boolean|Integer64|Integer|Unsigned Integer64|Unsigned Integer|Float|Double|String|Enum|Flags|Fraction|Caps|Boxed|Object|GstValueArray)\b`)
)

// parsePeer reads the text of gst-inspect-1.0.
func parsePeer(text string) (*peerElement, error) {
	e := &peerElement{Props: map[string]peerProp{}, Pads: map[string]string{}}
	section, pad, name := "", "", ""
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if m := sectionLine.FindStringSubmatch(line); m != nil {
			section, name = m[1], ""
			continue
		}
		switch section {
		case "Pad Templates":
			if m := padLine.FindStringSubmatch(line); m != nil {
				pad = m[1] + " " + m[2]
			} else if m := presenceLine.FindStringSubmatch(line); m != nil {
				e.Pads[pad] = m[1]
			}
		case "Element Signals", "Element Actions":
			if m := signalLine.FindStringSubmatch(line); m != nil {
				e.Signals = append(e.Signals, m[1])
			}
		case "Element Properties":
			if m := propertyLine.FindStringSubmatch(line); m != nil {
				name = m[1]
				e.Props[name] = peerProp{}
			} else if name != "" {
				p := e.Props[name]
				p.read(line)
				e.Props[name] = p
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading what gst-inspect-1.0 says: %w", err)
	}
	return e, nil
}

// read takes up a line of the description of a property.
func (p *peerProp) read(line string) {
	if strings.Contains(line, " flags: ") {
		p.Writable = strings.Contains(line, "writable")
		p.Deprecated = strings.Contains(line, "deprecated")
		return
	}
	if m := nickLine.FindStringSubmatch(line); m != nil {
		p.Nicks = append(p.Nicks, m[1])
		return
	}
	m := typeText.FindStringSubmatch(line)
	if m == nil || p.Type != "" {
		return
	}
	p.Type = m[1]
	if m := rangeText.FindStringSubmatch(line); m != nil {
		p.Min, p.Max = m[1], m[2]
	}
	if m := defaultText.FindStringSubmatch(line); m != nil {
		p.Default = m[1]
	}
}
