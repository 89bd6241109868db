package eiengine

import (
	"fmt"
	"slices"
	"strings"
)

// graphReader reads a pipeline that is written as elements and links.
type graphReader struct {
	*fileReader
	p      *filePipeline
	places []filePlace // of the names, one per node
	links  []fileLink
}

// fileLink is a link whose ends are not resolved yet: names are given at the end.
type fileLink struct {
	from, to fileEnd
	at       filePlace
}

// fileEnd is an element of a chain, or a reference to one.
type fileEnd struct {
	node int // -1 for a reference
	ref  PadRef
	at   filePlace
}

func (g *graphReader) read(elements, links *fileNode) {
	if elements != nil && g.want(elements, fileList, `"elements"`, "write each on a line of its own, behind a dash") {
		g.chain(elements, nil, nil)
	}
	if links != nil && g.want(links, fileList, `"links"`, "write each on a line of its own, behind a dash") {
		for _, item := range links.list {
			g.link(item)
		}
	}
	if len(g.p.spec.Nodes) == 0 && len(g.problems) == 0 {
		g.fail(g.first(elements, links).at, "pipeline %q has no elements: name at least one", g.p.spec.Name)
	}
	g.finish()
}

func (g *graphReader) first(nodes ...*fileNode) *fileNode {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return &fileNode{at: filePlace{1, 1}}
}

// link reads an item of links: from, through elements, to.
func (g *graphReader) link(n *fileNode) {
	const remedy = "write from: and to:, or from: and elements:"
	if !g.want(n, fileMap, "an item of links", remedy) {
		return
	}
	keys := g.known(n, "an item of links", "from", "elements", "to")
	ends := 0
	for _, k := range []string{"from", "to"} {
		if keys[k] != nil {
			ends++
		}
	}
	elements := keys["elements"]
	if elements == nil && ends < 2 {
		if len(keys) == len(n.keys) {
			g.fail(n.at, "this link has only one end: %s", remedy)
		}
		return
	}
	if elements == nil {
		elements = &fileNode{kind: fileList, at: n.at}
	}
	if g.want(elements, fileList, `"elements"`, "write each behind a dash, or [a, b]") {
		g.chain(elements, keys["from"], keys["to"])
	}
}

// chain links from, each element and to, one behind the other.
func (g *graphReader) chain(elements, from, to *fileNode) {
	var ends []fileEnd
	if from != nil {
		ends = append(ends, g.reference(from))
	}
	for _, item := range elements.list {
		if g.element(item) {
			ends = append(ends, fileEnd{node: len(g.p.spec.Nodes) - 1, at: item.at})
		}
	}
	if to != nil {
		ends = append(ends, g.reference(to))
	}
	for i := 1; i < len(ends); i++ {
		g.links = append(g.links, fileLink{ends[i-1], ends[i], ends[i].at})
	}
}

// reference reads element.pad. A dot inside of a name has a backslash before it.
func (g *graphReader) reference(n *fileNode) fileEnd {
	end := fileEnd{node: -1, at: n.at}
	if !g.want(n, fileScalar, "an end of a link", "write the name of an element, or element.pad") {
		return end
	}
	var err error
	if end.ref, err = parsePadRef(n.text); err != nil {
		g.fail(n.at, "%w", err)
	}
	return end
}

func parsePadRef(text string) (PadRef, error) {
	var parts [2]strings.Builder
	part := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			parts[part].WriteByte(text[i])
		case c == '.' && part == 1:
			return PadRef{}, fmt.Errorf(`%q has two dots: write element.pad, and \. for a dot inside of a name`, text)
		case c == '.':
			part = 1
		default:
			parts[part].WriteByte(c)
		}
	}
	return PadRef{parts[0].String(), parts[1].String()}, nil
}

// padRefText writes a reference so that parsePadRef reads it back.
func padRefText(r PadRef) string {
	escape := strings.NewReplacer(`\`, `\\`, `.`, `\.`)
	if r.Pad == "" {
		return escape.Replace(r.Node)
	}
	return escape.Replace(r.Node) + "." + escape.Replace(r.Pad)
}

// element reads "queue" or "queue: {leaky: downstream}".
func (g *graphReader) element(n *fileNode) bool {
	const remedy = "write queue, or queue: {leaky: downstream}"
	node := NodeSpec{}
	at := n.at
	switch {
	case n.kind == fileScalar:
		node.Element = n.text
	case n.kind == fileMap && len(n.keys) == 1:
		node.Element, at = n.keys[0].name, n.keys[0].at
	case n.kind == fileMap:
		g.fail(n.at, "an element has %d keys, want one, its kind: put a dash before each element, and its properties below it or in { }", len(n.keys))
		return false
	default:
		g.fail(n.at, "an element is %s: %s", n.kind, remedy)
		return false
	}
	if !g.isElement(node.Element, at) {
		return false
	}
	node.Column = g.p.mark(fileSpot{key: at, value: at})
	g.p.spec.Nodes = append(g.p.spec.Nodes, node)
	g.places = append(g.places, at)
	if n.kind == fileMap {
		g.properties(n.keys[0].value)
	}
	return true
}

func (g *graphReader) isElement(name string, at filePlace) bool {
	switch {
	case strings.Contains(name, "/"):
		g.fail(at, "%q is no element: write caps as capsfilter: {caps: %q}, and addresses with an element such as filesrc", name, name)
	case escapeIdentifier(name) != name || name == "":
		g.fail(at, "%q is no element: the kind comes first, its properties behind it in { }, such as queue: {leaky: downstream}", name)
	default:
		return true
	}
	return false
}

// properties reads a mapping, or a list of mappings where the order of repeated
// properties among others counts.
func (g *graphReader) properties(n *fileNode) {
	switch n.kind {
	case fileNothing:
	case fileMap:
		seen := map[string]bool{}
		for _, k := range n.keys {
			if seen[k.name] {
				g.fail(k.at, "the property %q is there twice: to give several values, write %s: [one, two]", k.name, k.name)
				continue
			}
			seen[k.name] = true
			g.property(k)
		}
	case fileList:
		for _, item := range n.list {
			if g.want(item, fileMap, "an item of properties", "write name: value") {
				g.properties(item)
			}
		}
	default:
		g.fail(n.at, "properties are %s, want a mapping: write them as {name: value}", n.kind)
	}
}

func (g *graphReader) property(k fileKey) {
	values := []*fileNode{k.value}
	if k.value.kind == fileList {
		values = k.value.list
	}
	for _, v := range values {
		switch {
		case v.kind == fileNothing:
			g.fail(v.at, `the property %q has no value: write "" for an empty one`, k.name)
		case v.kind != fileScalar:
			g.fail(v.at, "the property %q is %s, want a value, or a list of values", k.name, v.kind)
		case k.name == "name":
			g.name(v)
		case k.name == "":
			g.fail(k.at, "a property without a name: write name: value")
		default:
			if err := checkVariables(v.text); err != nil {
				g.fail(v.at, "%w", err)
			}
			n := &g.p.spec.Nodes[len(g.p.spec.Nodes)-1]
			n.Props = append(n.Props, PropSpec{Name: k.name, Value: v.text, Column: g.p.mark(fileSpot{k.at, v.at, v.text})})
		}
	}
}

func (g *graphReader) name(v *fileNode) {
	if !canRefer(v.text) || strings.Contains(v.text, "${") {
		g.fail(v.at, "%q is no name for an element: use letters, digits, _ and -", v.text)
		return
	}
	i := len(g.p.spec.Nodes) - 1
	for j := range g.p.spec.Nodes {
		if g.p.spec.Nodes[j].Name == v.text {
			g.fail(v.at, "the name %q is taken by the %s in line %d: give each element a name of its own", v.text, g.p.spec.Nodes[j].Element, g.places[j].line)
			return
		}
	}
	g.p.spec.Nodes[i].Name, g.places[i] = v.text, v.at
}

// finish names the elements and resolves the references.
func (g *graphReader) finish() {
	nodes := g.p.spec.Nodes
	autoName(nodes)
	names := make([]string, 0, len(nodes))
	for i := range nodes {
		names = append(names, nodes[i].Name)
	}
	resolve := func(e fileEnd) PadRef {
		if e.node >= 0 {
			return PadRef{Node: names[e.node]}
		}
		if !slices.Contains(names, e.ref.Node) && len(g.problems) == 0 {
			g.fail(e.at, "no element named %q%s", e.ref.Node, hint(nearest(e.ref.Node, names), "give the element that is meant a name: {name: "+e.ref.Node+"}"))
		}
		return e.ref
	}
	for _, l := range g.links {
		g.p.spec.Links = append(g.p.spec.Links, LinkSpec{
			From: resolve(l.from), To: resolve(l.to), Column: g.p.mark(fileSpot{key: l.at, value: l.at}),
		})
	}
}

// autoName gives automatic names to the elements whose name is "", in order,
// around the names that are given.
func autoName(nodes []NodeSpec) {
	taken := make(map[string]bool, len(nodes))
	for i := range nodes {
		taken[nodes[i].Name] = true
	}
	next := map[string]int{}
	for i := range nodes {
		if n := &nodes[i]; n.Name == "" {
			n.Name, next[n.Element] = automaticName(n.Element, next[n.Element], taken)
			taken[n.Name] = true
		}
	}
}

// needNames says for each element whether autoName would not give it its name.
func needNames(nodes []NodeSpec) []bool {
	need := make([]bool, len(nodes))
	for again := true; again; {
		again = false
		trial := make([]NodeSpec, len(nodes))
		for i, n := range nodes {
			trial[i].Element = n.Element
			if need[i] {
				trial[i].Name = n.Name
			}
		}
		autoName(trial)
		for i := range nodes {
			if !need[i] && trial[i].Name != nodes[i].Name {
				need[i], again = true, true
			}
		}
	}
	return need
}
