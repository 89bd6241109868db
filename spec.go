package eiengine

import (
	"slices"
	"strconv"
)

// Spec describes a pipeline as data: which elements, with which properties, and
// what is linked to what. Launch text, YAML and programs all become one. The
// zero value is an empty pipeline, ready for [Spec.Add] and [Spec.Link].
type Spec struct {
	// Name is the name of the pipeline. Launch text has no place for it.
	Name string
	// Nodes are the elements, in the order in which they were named.
	Nodes []NodeSpec
	// Links are in the order in which they were made; the pads of an element
	// like tee come in that order.
	Links []LinkSpec
}

// NodeSpec is one element of a pipeline.
type NodeSpec struct {
	// Element is the kind, such as "videotestsrc".
	Element string
	// Name is the element's own name, unique in the pipeline.
	Name string
	// Props are the properties as they were set. Order and repeats are kept.
	Props []PropSpec
	// Column is the place in the text that this came from, counted in characters
	// from 1; 0 if there was none.
	Column int
}

// PropSpec sets one property.
type PropSpec struct {
	// Name is the property, or "pad::property" for a property of a pad.
	Name string
	// Value is the value as text, without quotes and escapes.
	Value string
	// Column is the place in the text that this came from; 0 if there was none.
	Column int
}

// PadRef is an end of a link.
type PadRef struct {
	// Node is the name of the element.
	Node string
	// Pad is the name of the pad; "" leaves the choice of a pad to the runtime.
	Pad string
}

// LinkSpec is one link, in the direction of the data.
type LinkSpec struct {
	From, To PadRef
	// Column is the place of the "!" in the text that this came from; 0 if there
	// was none.
	Column int
}

// Add appends an element and returns its name. Without a name it gets an
// automatic one: the element and the smallest number that makes it free, such as
// "videotestsrc0". Add does not look at the element or its properties; Build does.
func (s *Spec) Add(element, name string, props ...PropSpec) string {
	if name == "" {
		taken := make(map[string]bool, len(s.Nodes))
		for i := range s.Nodes {
			taken[s.Nodes[i].Name] = true
		}
		name, _ = automaticName(element, 0, taken)
	}
	s.Nodes = append(s.Nodes, NodeSpec{Element: element, Name: name, Props: slices.Clone(props)})
	return name
}

// Link links two elements by name; the runtime chooses the pads. The elements
// may be added later.
func (s *Spec) Link(from, to string) { s.LinkPads(PadRef{Node: from}, PadRef{Node: to}) }

// LinkPads links two pads.
func (s *Spec) LinkPads(from, to PadRef) {
	s.Links = append(s.Links, LinkSpec{From: from, To: to})
}

// Equal says whether both describe the same pipeline in the same order. Places
// in a text do not count.
func (s Spec) Equal(t Spec) bool {
	return s.Name == t.Name && slices.EqualFunc(s.Nodes, t.Nodes, equalNodes) && slices.EqualFunc(s.Links, t.Links, equalLinks)
}

func equalNodes(a, b NodeSpec) bool {
	return a.Element == b.Element && a.Name == b.Name && slices.EqualFunc(a.Props, b.Props, equalProps)
}

func equalProps(a, b PropSpec) bool { return a.Name == b.Name && a.Value == b.Value }

func equalLinks(a, b LinkSpec) bool { return a.From == b.From && a.To == b.To }

// automaticName is the element and the smallest number from n on that is not
// taken; it gives that number too.
func automaticName(element string, n int, taken map[string]bool) (string, int) {
	for ; ; n++ {
		if name := element + strconv.Itoa(n); !taken[name] {
			return name, n
		}
	}
}

// nameNodes gives automatic names to the nodes whose name is "", in their order,
// around the names that are given.
func nameNodes(nodes []NodeSpec) {
	taken := make(map[string]bool, len(nodes))
	for i := range nodes {
		taken[nodes[i].Name] = true
	}
	next := make(map[string]int)
	for i := range nodes {
		n := &nodes[i]
		if n.Name == "" {
			n.Name, next[n.Element] = automaticName(n.Element, next[n.Element], taken)
			taken[n.Name] = true
		}
	}
}
