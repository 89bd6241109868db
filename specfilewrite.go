package eiengine

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// YAML writes the file; [ParseFile] reads it back as equal pipelines. Pipelines
// that were launch text are written as elements and links, but for those with
// bins or links of all pads.
func (f *File) YAML() ([]byte, error) {
	root, err := f.tree()
	if err != nil {
		return nil, err
	}
	return root.writeBlock(nil, 0), nil
}

// JSON writes the file as JSON of the same structure.
func (f *File) JSON() ([]byte, error) {
	root, err := f.tree()
	if err != nil {
		return nil, err
	}
	return append(root.appendJSON(nil, 0), '\n'), nil
}

// tree is the file as nodes, ready to be written.
func (f *File) tree() (*fileNode, error) {
	pipelines := blockNode(fileMap)
	for i := range f.pipelines {
		s := f.pipelines[i].spec
		if !utf8.ValidString(s.Name) {
			return nil, fmt.Errorf("the name of pipeline %q is not UTF-8 text", s.Name)
		}
		n, err := graphTree(s)
		if err != nil {
			return nil, fmt.Errorf("pipeline %q cannot be written: %w", s.Name, err)
		}
		pipelines.add(s.Name, n)
	}
	root := blockNode(fileMap)
	root.add("pipelines", pipelines)
	return root, nil
}

func (n *fileNode) add(key string, value *fileNode) {
	n.keys = append(n.keys, fileKey{name: key, value: value})
}

// blockNode is one whose entries get a line each.
func blockNode(k fileKind, items ...*fileNode) *fileNode {
	return &fileNode{kind: k, block: true, list: items}
}

func scalarNode(text string) *fileNode { return &fileNode{kind: fileScalar, text: text} }

// graphTree cuts a pipeline into chains as long as the orders of its elements and
// links allow. The first one is "elements", the others are "links".
func graphTree(s Spec) (*fileNode, error) {
	if len(s.Bins) > 0 || slices.ContainsFunc(s.Links, func(l LinkSpec) bool { return l.All || l.Caps != "" }) {
		return launchTree(s)
	}
	g := graphWriter{spec: s, named: needNames(s.Nodes), index: make(map[string]int, len(s.Nodes)), links: blockNode(fileList)}
	if len(s.Nodes) == 0 {
		return nil, errors.New("it has no elements")
	}
	for i, n := range s.Nodes {
		if _, taken := g.index[n.Name]; taken {
			return nil, fmt.Errorf("two elements are named %q: give each a name of its own", n.Name)
		}
		g.index[n.Name] = i
	}
	for _, l := range s.Links {
		if !utf8.ValidString(l.From.Pad) || !utf8.ValidString(l.To.Pad) {
			return nil, fmt.Errorf("a pad between %s and %s is not UTF-8 text", l.From.Node, l.To.Node)
		}
	}
	out := blockNode(fileMap)
	for first := true; g.defined < len(s.Nodes) || g.link < len(s.Links); first = false {
		from, elements, to, err := g.chain()
		if err != nil {
			return nil, err
		}
		if first && from == nil {
			out.add("elements", elements)
			if to == nil {
				continue
			}
			from, elements = scalarNode(padRefText(PadRef{Node: s.Nodes[g.defined-1].Name})), nil
		}
		item := blockNode(fileMap)
		for _, part := range []fileKey{{name: "from", value: from}, {name: "elements", value: elements}, {name: "to", value: to}} {
			if part.value != nil {
				item.keys = append(item.keys, part)
			}
		}
		g.links.list = append(g.links.list, item)
	}
	if len(g.links.list) > 0 {
		out.add("links", g.links)
	}
	return out, nil
}

// launchTree keeps as text what elements and links cannot say: bins, and links
// of all pads.
func launchTree(s Spec) (*fileNode, error) {
	text := s.String()
	unnamed := s
	unnamed.Name = ""
	if again, err := ParseLaunch(text); err != nil || !again.Equal(unnamed) {
		return nil, errors.New("it has bins, or links of all pads, and names that launch text cannot hold")
	}
	if !utf8.ValidString(text) {
		return nil, errors.New("a property is not UTF-8 text")
	}
	out := blockNode(fileMap)
	out.add("launch", scalarNode(text))
	return out, nil
}

type graphWriter struct {
	spec          Spec
	named         []bool
	index         map[string]int
	links         *fileNode
	defined, link int // how many elements and links are written
}

// chain writes what can stand in one item, at least an element or a link.
func (g *graphWriter) chain() (from, elements, to *fileNode, err error) {
	list := blockNode(fileList)
	tail := ""
	if g.link < len(g.spec.Links) {
		l := g.spec.Links[g.link]
		if i, ok := g.index[l.From.Node]; !ok || i != g.defined {
			from = scalarNode(padRefText(l.From))
		}
	}
	if from == nil {
		if tail, err = g.define(list); err != nil {
			return nil, nil, nil, err
		}
	}
	for g.link < len(g.spec.Links) {
		l := g.spec.Links[g.link]
		atStart := from != nil && len(list.list) == 0
		if !atStart && l.From != (PadRef{Node: tail}) {
			break
		}
		g.link++
		if i, ok := g.index[l.To.Node]; !ok || i != g.defined || l.To.Pad != "" {
			to = scalarNode(padRefText(l.To))
			break
		}
		if tail, err = g.define(list); err != nil {
			return nil, nil, nil, err
		}
	}
	if len(list.list) > 0 {
		elements = list
	}
	return from, elements, to, nil
}

// define appends the next element.
func (g *graphWriter) define(list *fileNode) (name string, err error) {
	n := g.spec.Nodes[g.defined]
	props := &fileNode{kind: fileMap}
	if g.named[g.defined] {
		props.add("name", scalarNode(n.Name))
	}
	if err := checkWritable(n); err != nil {
		return "", err
	}
	g.defined++
	for i, p := range n.Props {
		last := len(props.keys) - 1
		switch {
		case i > 0 && n.Props[i-1].Name == p.Name:
			if props.keys[last].value.kind != fileList {
				props.keys[last].value = &fileNode{kind: fileList, list: []*fileNode{props.keys[last].value}}
			}
			props.keys[last].value.list = append(props.keys[last].value.list, scalarNode(p.Value))
		default:
			props.add(p.Name, scalarNode(p.Value))
		}
	}
	node := scalarNode(n.Element)
	if len(props.keys) > 0 {
		node = &fileNode{kind: fileMap}
		node.add(n.Element, splitRepeats(props))
	}
	list.list = append(list.list, node)
	return n.Name, nil
}

// splitRepeats makes a list of mappings if a key comes back later.
func splitRepeats(props *fileNode) *fileNode {
	seen := map[string]bool{}
	for _, k := range props.keys {
		if seen[k.name] {
			out := &fileNode{kind: fileList}
			for _, k := range props.keys {
				out.list = append(out.list, &fileNode{kind: fileMap, keys: []fileKey{k}})
			}
			return out
		}
		seen[k.name] = true
	}
	return props
}

// checkWritable refuses what the reader would not take.
func checkWritable(n NodeSpec) error {
	switch {
	case escapeIdentifier(n.Element) != n.Element || n.Element == "" || !utf8.ValidString(n.Element):
		return fmt.Errorf("%q is no name of an element", n.Element)
	case !canRefer(n.Name) || strings.Contains(n.Name, "${") || !utf8.ValidString(n.Name):
		return fmt.Errorf("%q is no name for an element: use letters, digits, _ and -", n.Name)
	}
	for _, p := range n.Props {
		switch {
		case p.Name == "name" || p.Name == "":
			return fmt.Errorf("%q is no property: give the name of an element as its Name", p.Name)
		case !utf8.ValidString(p.Name + p.Value):
			return fmt.Errorf("the property %q of %s is not UTF-8 text", p.Name, n.Name)
		}
	}
	return nil
}

// writeBlock writes a mapping or a list, one line per entry.
func (n *fileNode) writeBlock(b []byte, indent int) []byte {
	pad := strings.Repeat(" ", indent)
	for _, k := range n.keys {
		b = append(b, pad+yamlText(k.name)+":"...)
		if k.value.block {
			b = k.value.writeBlock(append(b, '\n'), indent+2)
			continue
		}
		b = append(k.value.appendFlow(append(b, ' ')), '\n')
	}
	for _, item := range n.list {
		b = append(b, pad+"- "...)
		switch {
		case item.block:
			b = append(b, item.writeBlock(nil, indent+2)[indent+2:]...)
			continue
		case item.kind == fileMap: // an element; its own braces are not needed
			b = append(b, yamlText(item.keys[0].name)+": "...)
			b = item.keys[0].value.appendFlow(b)
		default:
			b = item.appendFlow(b)
		}
		b = append(b, '\n')
	}
	return b
}

func (n *fileNode) appendFlow(b []byte) []byte {
	switch n.kind {
	case fileMap:
		b = append(b, '{')
		for i, k := range n.keys {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(b, yamlText(k.name)+": "...)
			b = k.value.appendFlow(b)
		}
		return append(b, '}')
	case fileList:
		b = append(b, '[')
		for i, item := range n.list {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = item.appendFlow(b)
		}
		return append(b, ']')
	}
	return append(b, yamlText(n.text)...)
}

var (
	plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,14})?$`)
	plainWord   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./+-]*$`)
	yamlWord    = regexp.MustCompile(`(?i)^(yes|no|on|off|true|false|null|nan|inf)$`)
)

func isPlain(text string) bool {
	return plainNumber.MatchString(text) || text == "true" || text == "false"
}

// yamlText writes a text so that it reads back as itself, in quotes if need be.
func yamlText(text string) string {
	if isPlain(text) || plainWord.MatchString(text) && !yamlWord.MatchString(text) {
		return text
	}
	return string(appendQuoted(nil, text))
}

// appendQuoted quotes a text as JSON does, which YAML reads too.
func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case unicode.IsPrint(r) || r > 0xffff:
			b = utf8.AppendRune(b, r)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return append(b, '"')
}
