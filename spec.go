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
	// Bins are the bins that hold elements, in the order in which they were opened.
	Bins []BinSpec
	// Nodes are the elements, in the order in which they were named. Those of a
	// bin stand together.
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
	// Bin is the name of the bin that holds the element; "" for none.
	Bin string
	// Props are the properties as they were set. Order and repeats are kept.
	Props []PropSpec
	// Column is the place in the text that this came from, counted in characters
	// from 1; 0 if there was none.
	Column int
}

// BinSpec is a group of elements, "( … )" in launch text. A bin orders a
// description and gives its elements properties ("element::property"); it does
// nothing of its own while data flows.
type BinSpec struct {
	// Element is the kind: "bin" or "pipeline".
	Element string
	// Name is unique among the bins and elements of the pipeline.
	Name string
	// Bin is the name of the bin that holds this one; "" for none.
	Bin string
	// Props are the properties as they were set.
	Props []PropSpec
	// Column is the place in the text that this came from; 0 if there was none.
	Column int
}

// PropSpec sets one property.
type PropSpec struct {
	// Name is the property, "pad::property" for a property of a pad, or
	// [PresetProp].
	Name string
	// Value is the value as text, without quotes and escapes.
	Value string
	// Column is the place in the text that this came from; 0 if there was none.
	Column int
}

// PresetProp is the name of the property that stands for a preset, which launch
// text writes as @preset="name".
const PresetProp = "@preset"

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
	// All links every pair of pads that fit together, ":" in launch text.
	All bool
	// Caps, if not "", put a capsfilter into each link that All makes. Launch
	// text makes an element of the caps of other links.
	Caps string
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
		for i := range s.Bins {
			taken[s.Bins[i].Name] = true
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
	return s.Name == t.Name && slices.EqualFunc(s.Bins, t.Bins, equalBins) &&
		slices.EqualFunc(s.Nodes, t.Nodes, equalNodes) && slices.EqualFunc(s.Links, t.Links, equalLinks)
}

func equalBins(a, b BinSpec) bool {
	return a.Element == b.Element && a.Name == b.Name && a.Bin == b.Bin && slices.EqualFunc(a.Props, b.Props, equalProps)
}

func equalNodes(a, b NodeSpec) bool {
	return a.Element == b.Element && a.Name == b.Name && a.Bin == b.Bin && slices.EqualFunc(a.Props, b.Props, equalProps)
}

func equalProps(a, b PropSpec) bool { return a.Name == b.Name && a.Value == b.Value }

func equalLinks(a, b LinkSpec) bool {
	return a.From == b.From && a.To == b.To && a.All == b.All && a.Caps == b.Caps
}

// automaticName is the element and the smallest number from n on that is not
// taken; it gives that number too.
func automaticName(element string, n int, taken map[string]bool) (string, int) {
	for ; ; n++ {
		if name := element + strconv.Itoa(n); !taken[name] {
			return name, n
		}
	}
}

// naming is a name to be given: "" becomes an automatic one.
type naming struct{ element, name string }

// giveNames gives automatic names where there are none, in order, around the
// names that are given.
func giveNames(list []naming) {
	taken := make(map[string]bool, len(list))
	for i := range list {
		taken[list[i].name] = true
	}
	next := make(map[string]int)
	for i := range list {
		n := &list[i]
		if n.name == "" {
			n.name, next[n.element] = automaticName(n.element, next[n.element], taken)
			taken[n.name] = true
		}
	}
}

// namings are the names of the elements, then those of the bins.
func (s *Spec) namings() []naming {
	list := make([]naming, 0, len(s.Nodes)+len(s.Bins))
	for i := range s.Nodes {
		list = append(list, naming{s.Nodes[i].Element, s.Nodes[i].Name})
	}
	for i := range s.Bins {
		list = append(list, naming{s.Bins[i].Element, s.Bins[i].Name})
	}
	return list
}
