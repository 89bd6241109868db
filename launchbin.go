package eiengine

import "fmt"

// maxBins is how deep bins may lie in one another: the parser calls itself.
const maxBins = 100

// opensBin says whether "(" stands here, or ".(" behind the kind of a bin. It
// does not move.
func (p *launchParser) opensBin(kind string) bool {
	s := p.scanner
	if kind == "" {
		return s.peek() == '('
	}
	if s.space(); s.peek() != '.' {
		return false
	}
	s.pos++
	s.space()
	return s.peek() == '('
}

// readBin reads "( name=x a ! b )", or ".( a ! b )" behind a kind, and gives the
// ends to link to: those of its first and of its last chain.
func (p *launchParser) readBin(kind string, pos int) (first, last linkEnd, err error) {
	if kind == "" {
		kind = "bin"
	}
	for p.peek() != '(' {
		p.pos++
	}
	opened := p.pos
	p.pos++
	if p.depth++; p.depth > maxBins {
		return first, last, p.failWord(opened, "(", fmt.Sprintf("more than %d bins in one another", maxBins), "leave parentheses out")
	}
	outer := p.bin
	p.bins = append(p.bins, parsedBin{BinSpec: BinSpec{Element: kind, Column: p.column(pos)}, bin: outer})
	p.bin = len(p.bins) - 1
	defer func() { p.bin, p.depth = outer, p.depth-1 }()
	if err := p.binProperties(); err != nil {
		return first, last, err
	}
	nodes, links := len(p.nodes), len(p.links)
	first, last, err = p.chains()
	switch {
	case err != nil:
		return first, last, err
	case p.peek() != ')':
		return first, last, p.failWord(opened, "(", "syntax error: the bin is not closed", `put ")" behind its last element, with a blank before it`)
	case len(p.nodes) == nodes && len(p.links) == links:
		return first, last, p.failWord(opened, "(", fmt.Sprintf("specified empty bin %q, not allowed", kind), "put an element into it, or leave it out")
	case len(p.nodes) == nodes:
		return first, last, p.failWord(opened, "(", fmt.Sprintf("the bin %q holds links but no element", kind), "leave the parentheses out")
	}
	p.pos++
	// From outside, a chain that begins or ends with a reference has no end there.
	if first.node < 0 || first.uri {
		first = linkEnd{node: -1, pos: first.pos}
	}
	if last.node < 0 {
		last = linkEnd{node: -1, pos: last.pos}
	}
	last.uri = false
	return first, last, nil
}

// binProperties reads the properties at the beginning of a bin.
func (p *launchParser) binProperties() error {
	b := &p.bins[p.bin]
	for {
		name, pos, err := p.assignment()
		if err != nil || name == "" {
			return err
		}
		if name == PresetProp {
			return p.fail(pos, "syntax error: a preset belongs to no element", "bins have no presets; put it behind the element that it is for")
		}
		if err := p.property(name, pos, &b.Name, &b.named, &b.Props); err != nil {
			return err
		}
	}
}

// finish gives names to what has none and resolves the references.
func (p *launchParser) finish() (Spec, error) {
	if err := p.checkNames(); err != nil {
		return Spec{}, err
	}
	var spec Spec
	for _, n := range p.nodes {
		spec.Nodes = append(spec.Nodes, n.NodeSpec)
	}
	for _, b := range p.bins {
		spec.Bins = append(spec.Bins, b.BinSpec)
	}
	given := spec.namings()
	giveNames(given)
	for i := range spec.Nodes {
		spec.Nodes[i].Name = given[i].name
	}
	for i := range spec.Bins {
		spec.Bins[i].Name = given[len(spec.Nodes)+i].name
	}
	for i, n := range p.nodes {
		if n.bin >= 0 {
			spec.Nodes[i].Bin = spec.Bins[n.bin].Name
		}
	}
	for i, b := range p.bins {
		if b.bin >= 0 {
			spec.Bins[i].Bin = spec.Bins[b.bin].Name
		}
	}
	return spec, p.resolveLinks(&spec)
}

// resolveLinks turns references into names.
func (p *launchParser) resolveLinks(spec *Spec) error {
	isNode := make(map[string]bool, len(spec.Nodes))
	for i := range spec.Nodes {
		isNode[spec.Nodes[i].Name] = true
	}
	for _, l := range p.links {
		for _, end := range []linkEnd{l.from, l.to} {
			if end.node < 0 && !isNode[end.ref] {
				return p.unknownReference(spec, end)
			}
		}
		name := func(end linkEnd) string {
			if end.node >= 0 {
				return spec.Nodes[end.node].Name
			}
			return end.ref
		}
		spec.Links = append(spec.Links, LinkSpec{From: PadRef{name(l.from), l.fromPad}, To: PadRef{name(l.to), l.toPad}, All: l.all, Caps: l.caps, Column: l.column})
	}
	return nil
}

func (p *launchParser) unknownReference(spec *Spec, end linkEnd) error {
	word := end.ref + "."
	names := make([]string, 0, len(spec.Nodes))
	for i := range spec.Nodes {
		names = append(names, spec.Nodes[i].Name)
	}
	for i := range spec.Bins {
		if spec.Bins[i].Name == end.ref {
			return p.failWord(end.pos, word, fmt.Sprintf("could not link %s: a bin has no pads of its own", end.ref), "refer to the element in it that is meant")
		}
	}
	remedy := fmt.Sprintf("give the element that is meant name=%s", end.ref)
	if near := nearest(end.ref, names); len(near) > 0 {
		remedy = fmt.Sprintf("did you mean %s? Or %s", near[0], remedy)
	}
	return p.failWord(end.pos, word, fmt.Sprintf("No element named %q", end.ref), remedy)
}

// checkNames refuses a name that two elements or bins have.
func (p *launchParser) checkNames() error {
	type user struct {
		element string
		column  int
	}
	first := make(map[string]user, len(p.nodes))
	check := func(name, element string, column, named int) error {
		if name == "" {
			return nil
		}
		if u, taken := first[name]; taken {
			return &SyntaxError{Column: named, Word: name,
				Message: fmt.Sprintf("the name %q is taken by the %s at column %d", name, u.element, u.column),
				Remedy:  "give each element a name of its own"}
		}
		first[name] = user{element, column}
		return nil
	}
	for _, n := range p.nodes {
		if err := check(n.Name, n.Element, n.Column, n.named); err != nil {
			return err
		}
	}
	for _, b := range p.bins {
		if err := check(b.Name, b.Element, b.Column, b.named); err != nil {
			return err
		}
	}
	return nil
}
