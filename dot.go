package eiengine

import (
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// Dot is the pipeline as it stands, in the language of Graphviz: the elements
// with the properties that are not at their defaults, their pads, and on the
// links the formats that were chosen. Before the pipeline is paused no formats
// are known. The dot program makes a picture of it:
//
//	dot -Tsvg pipeline.dot > pipeline.svg
func (p *Pipeline) Dot() string {
	state, _ := p.State()
	w := &dotWriter{nodes: p.snapshot(), formats: state >= Paused}
	w.printf("digraph %s {\n", dotText(p.name))
	w.printf("  rankdir=LR;\n  fontname=\"sans\";\n  labelloc=t;\n  label=%s;\n", dotText(p.name+"\n"+state.String()))
	w.printf("  node [style=\"filled,rounded\", shape=box, fontsize=\"9\", fontname=\"sans\"];\n")
	w.printf("  edge [fontsize=\"9\", fontname=\"monospace\"];\n")
	w.elements("", "  ")
	for _, n := range w.nodes {
		w.links(n)
	}
	w.printf("}\n")
	return w.b.String()
}

type dotWriter struct {
	b       strings.Builder
	nodes   []*node
	formats bool // they are of this run
}

func (w *dotWriter) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

// elements writes those inside of another one, "" for those inside of none, each
// as a box with its pads.
func (w *dotWriter) elements(inside, indent string) {
	for _, n := range w.nodes {
		if insideOf(n) != inside {
			continue
		}
		w.printf("%ssubgraph %s {\n", indent, dotText("cluster "+n.name))
		w.printf("%s  label=%s;\n", indent, dotText(n.dotLabel()))
		w.printf("%s  style=\"filled,rounded\";\n%s  fillcolor=%q;\n", indent, indent, n.dotColour())
		for _, s := range n.sinkPads() {
			w.printf("%s  %s [label=%s, fillcolor=\"#aaaaff\"];\n", indent, dotPad(n, s.name), dotText(s.name))
		}
		for _, s := range n.srcPads() {
			w.printf("%s  %s [label=%s, fillcolor=\"#ffaaaa\"];\n", indent, dotPad(n, s.name), dotText(s.name))
		}
		w.elements(n.name, indent+"  ")
		w.printf("%s}\n", indent)
	}
}

// links writes what the element is linked to, and, invisibly, that its data goes
// from left to right.
func (w *dotWriter) links(n *node) {
	sinks, srcs := n.sinkPads(), n.srcPads()
	if len(sinks) > 0 && len(srcs) > 0 {
		w.printf("  %s -> %s [style=invis];\n", dotPad(n, sinks[0].name), dotPad(n, srcs[0].name))
	}
	for _, s := range srcs {
		peer := s.peer.Load()
		if peer == nil {
			continue
		}
		label := ""
		if f := s.shown.Load(); w.formats && f != nil {
			label = fmt.Sprintf(" [label=%s]", dotLines(formatLines(f)))
		}
		w.printf("  %s -> %s%s;\n", dotPad(n, s.name), dotPad(peer.node, peer.name), label)
	}
	// The first of the elements that took the place of another has no link: what
	// comes to the outer one is handed to it.
	outer := w.find(insideOf(n))
	if outer == nil || outer.kind != kindBin || len(sinks) == 0 || sinks[0].peer.Load() != nil {
		return
	}
	for _, s := range outer.sinkPads() {
		w.printf("  %s -> %s [style=dashed];\n", dotPad(outer, s.name), dotPad(n, sinks[0].name))
	}
}

func (w *dotWriter) find(name string) *node {
	for _, n := range w.nodes {
		if n.name == name {
			return n
		}
	}
	return nil
}

// insideOf is the element that this one is a queue of, or whose place it took with
// others: decodebin0 for decodebin0/pngdec0; "" for one of the description.
func insideOf(n *node) string {
	if n.bundle != nil {
		return n.bundle.name
	}
	if i := strings.LastIndexByte(n.name, '/'); i >= 0 {
		return n.name[:i]
	}
	return ""
}

// dotLabel is the kind of the element, its name, and what was set.
func (n *node) dotLabel() string {
	label := n.factory.Name + "\n" + n.name
	for _, p := range n.setProperties() {
		value := p.Value
		if r := []rune(value); len(r) > maxDotValue {
			value = string(r[:maxDotValue]) + "…"
		}
		label += "\n" + p.Name + "=" + value
	}
	return label
}

// maxDotValue keeps boxes narrow.
const maxDotValue = 80

// setProperties are the writable properties that are not at their defaults.
func (n *node) setProperties() []PropSpec {
	c, ok := n.elem.(configurable)
	if !ok {
		return nil
	}
	fresh := n.factory.New().(configurable)
	var set []PropSpec
	for _, p := range c.propertyTable().props {
		value, err := c.getProperty(p.Name)
		standard, err2 := fresh.getProperty(p.Name)
		if p.ReadOnly || err != nil || err2 != nil || value == standard {
			continue
		}
		set = append(set, PropSpec{Name: p.Name, Value: value})
	}
	return set
}

func (n *node) dotColour() string {
	switch {
	case len(n.sinkPads()) == 0:
		return "#ffaaaa"
	case len(n.srcPads()) == 0:
		return "#aaaaff"
	}
	return "#aaffaa"
}

func dotPad(n *node, pad string) string { return dotText(n.name + "." + pad) }

// formatLines is a format with each field on a line of its own.
func formatLines(f *frames.Format) []string {
	var lines []string
	for _, s := range f.Caps().Structures() {
		media := s.Media
		if s.Features != "" {
			media += "(" + s.Features + ")"
		}
		lines = append(lines, media)
		for _, field := range s.Fields {
			lines = append(lines, fmt.Sprintf("%20s: %s", field.Name, field.Value))
		}
	}
	return lines
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", "")

// dotText is a quoted string of Graphviz; lines are centred.
func dotText(s string) string { return `"` + dotEscapes.Replace(s) + `"` }

// dotLines is a quoted string of lines that begin at the left.
func dotLines(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(dotEscapes.Replace(l) + `\l`)
	}
	return `"` + b.String() + `"`
}
