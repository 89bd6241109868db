package eiengine

import (
	"fmt"
	"strings"
)

// ParseLaunch reads a pipeline from launch text, the language of gst-launch-1.0:
//
//	videotestsrc num-buffers=10 ! video/x-raw,format=RGB,width=320 ! tee name=t
//	t. ! queue ! fakesink  t.src_1 ! queue ! filesink location="my file.raw"
//
// Caps between two links become a capsfilter. Elements without name= get the
// names that [Spec.Add] would give. Element and property names are not looked
// up; Build does that. Errors are *SyntaxError.
func ParseLaunch(text string) (Spec, error) {
	p := launchParser{scanner: scanner{text: text}, bin: -1}
	if _, _, err := p.chains(); err != nil {
		return Spec{}, err
	}
	if len(p.nodes) == 0 && len(p.links) == 0 {
		return Spec{}, p.failWord(0, "", "empty pipeline not allowed", "give at least one element, such as: videotestsrc ! fakesink")
	}
	return p.finish()
}

// QuoteArgs joins the words of a command line to launch text. A blank inside of
// a word came from quotes that the shell has removed, so it is escaped, except
// between double quotes. A single word is a whole pipeline and stays as it is.
func QuoteArgs(argv []string) string {
	if len(argv) == 1 {
		return argv[0]
	}
	var b strings.Builder
	for i, word := range argv {
		if i > 0 {
			b.WriteByte(' ')
		}
		quoted := false
		for j := range len(word) {
			switch c := word[j]; {
			case c == '"' && (!quoted || word[j-1] != '\\'):
				quoted = !quoted
			case c == ' ' && !quoted:
				b.WriteByte('\\')
			}
			b.WriteByte(word[j])
		}
	}
	return b.String()
}

// launchParser reads text from left to right. Names are resolved at the end: a
// reference may precede its element, and automatic names go around given ones.
type launchParser struct {
	scanner
	nodes []parsedNode
	bins  []parsedBin
	bin   int // the bin that is open, an index into bins; -1 for none
	depth int // of open bins
	links []pendingLink
}

type parsedNode struct {
	NodeSpec
	named int // the place of name=; 0 for automatic names
	bin   int // an index into bins; -1 for none
}

type parsedBin struct {
	BinSpec
	named, bin int
}

// linkEnd is what stands beside a link: an element, or a reference to one.
type linkEnd struct {
	node   int    // index into nodes; -1 for a reference, and for nothing
	ref    string // the name that a reference gives; "" for nothing
	pos    int    // where it stands
	uri    bool
	pads   []string
	padPos int // where the pads stand
}

// isNothing says that there is no element to link: a chain that begins or ends
// with a reference has none at that end.
func (e linkEnd) isNothing() bool { return e.node < 0 && e.ref == "" }

// chains reads chains up to the end of the bin or of the text, and gives the
// beginning of the first and the end of the last.
func (p *launchParser) chains() (first, last linkEnd, err error) {
	for n := 0; ; n++ {
		p.space()
		if p.atEnd() || p.bin >= 0 && p.peek() == ')' {
			return first, last, nil
		}
		from, to, err := p.chain()
		if err != nil {
			return first, last, err
		}
		if n == 0 {
			first = from
		}
		last = to
	}
}

// chain reads elements, bins and references with links between them.
func (p *launchParser) chain() (first, last linkEnd, err error) {
	if p.isLink() {
		return first, last, p.fail(p.pos, "syntax error: nothing stands before the link", `put an element, or a reference such as "t.", before it`)
	}
	switch {
	case p.isURI():
		first, err = p.uri(Src)
		last = first
	case p.peek() == '.':
		return first, last, p.fail(p.pos, "syntax error: a pad without an element", `write the pad behind the name of its element, as in "t.src_0", or between a link and an element`)
	default:
		first, last, err = p.term()
	}
	for linked := false; err == nil; linked = true {
		p.space()
		if !p.isLink() {
			return first, last, p.chainEnd(last, linked)
		}
		switch {
		case linked && last.uri:
			err = p.fail(last.pos, "syntax error: a URI ends a chain", "it stands first, for a source, or last, for a sink")
		case linked && last.node < 0 && last.ref != "":
			err = p.fail(last.pos, "syntax error: a reference ends a chain",
				fmt.Sprintf("to link on from it, begin the next chain with it: ! %[1]s. %[1]s. !", last.ref))
		default:
			last, err = p.link(last)
		}
	}
	return first, last, err
}

// chainEnd checks that what ends a chain may stand there.
func (p *launchParser) chainEnd(last linkEnd, linked bool) error {
	switch {
	case last.ref != "" && !linked:
		return p.fail(last.pos, fmt.Sprintf("unexpected reference %q, it is linked to nothing", last.ref), `put "!" and an element behind it`)
	case last.ref == "" && len(last.pads) > 0:
		return p.fail(last.padPos, fmt.Sprintf("unexpected pad reference %q", last.pads[0]), `put "!" and an element behind it`)
	case p.peek() == ')' && p.bin < 0:
		return p.failWord(p.pos, ")", `syntax error: ")" closes no bin`, `put "(" before the first element of the bin, or leave ")" out`)
	}
	return nil
}

func (p *launchParser) addNode(element string, pos int) linkEnd {
	p.nodes = append(p.nodes, parsedNode{NodeSpec: NodeSpec{Element: element, Column: p.column(pos)}, bin: p.bin})
	return linkEnd{node: len(p.nodes) - 1, pos: pos}
}

// term reads an element with its pads and properties, a bin, or a reference.
// first is the end to link to, last the one to link from.
func (p *launchParser) term() (first, last linkEnd, err error) {
	start := p.pos
	if n := p.mediaType(); n > 0 {
		return first, last, p.capsOutOfPlace(n, "before")
	}
	var in []string
	if p.peek() == '.' {
		if in, err = p.pads(); err != nil {
			return first, last, err
		}
		p.space()
	}
	pos := p.pos
	word := p.identifier()
	switch {
	case p.opensBin(word):
		first, last, err = p.readBin(word, pos)
	case word == "":
		err = p.notAnElement(start)
	case p.peek() == '.':
		last, err = p.reference(word, pos, in)
		return last, last, err
	case p.assigns():
		err = p.fail(pos, fmt.Sprintf("the property %q belongs to no element", word), "put properties behind the element that has them")
	default:
		first = p.addNode(word, pos)
		last = first
		err = p.properties(first.node)
	}
	if err != nil {
		return first, last, err
	}
	if len(in) > 0 {
		first.pads = in
	}
	return first, last, p.padsBehind(&last)
}

// notAnElement says what stands where an element was expected.
func (p *launchParser) notAnElement(start int) error {
	switch c := p.peek(); {
	case c == '{' || c == '}':
		return p.fail(p.pos, "{ } is no syntax for threads any more", "put a queue where another thread should begin, and ( ) around a bin")
	case c == '@':
		return p.fail(p.pos, "syntax error: a preset belongs to no element", "put it behind the element that it is for")
	case p.isURI():
		return p.fail(p.pos, "syntax error: a URI in place of an element", "it stands first in a chain, for a source, or last, for a sink")
	}
	return p.fail(start, "syntax error: expected an element or a reference", "elements are words such as videotestsrc; quotes stand only around values")
}

// reference reads ".pad" or "." behind a name.
func (p *launchParser) reference(name string, pos int, in []string) (linkEnd, error) {
	if len(in) > 0 {
		return linkEnd{}, p.fail(pos, "syntax error: a pad reference stands before a reference", fmt.Sprintf("write the pad behind the name: %s.%s", name, in[0]))
	}
	pads, err := p.pads()
	return linkEnd{node: -1, ref: name, pos: pos, pads: pads}, err
}

// pads reads ".", ".pad" or ".pad,pad".
func (p *launchParser) pads() ([]string, error) {
	p.pos++
	pad := p.identifier()
	if pad == "" {
		return nil, nil
	}
	list := []string{pad}
	for {
		before := p.pos
		p.space()
		if p.peek() != ',' {
			p.pos = before
			return list, nil
		}
		p.pos++
		p.space()
		if pad = p.identifier(); pad == "" {
			return nil, p.fail(p.pos, "syntax error: expected a pad", `put a pad name behind ","`)
		}
		list = append(list, pad)
	}
}

// padsBehind reads the pads behind an element or a bin, if there are any.
func (p *launchParser) padsBehind(end *linkEnd) error {
	before := p.pos
	if p.space(); p.peek() != '.' {
		p.pos = before
		return nil
	}
	end.padPos = p.pos
	pads, err := p.pads()
	if err == nil && len(pads) == 0 {
		err = p.fail(end.padPos, "syntax error: a dot without a pad", `write ".src" for a pad, "name." without a blank for a reference`)
	}
	end.pads = pads
	return err
}

// assigns says whether "=" follows, perhaps behind blanks. It does not move.
func (p *launchParser) assigns() bool {
	s := p.scanner
	s.space()
	return s.peek() == '='
}

// properties reads the properties and presets behind an element.
func (p *launchParser) properties(node int) error {
	n := &p.nodes[node]
	for {
		name, pos, err := p.assignment()
		if name == "" || err != nil {
			return err
		}
		if err := p.property(name, pos, &n.Name, &n.named, &n.Props); err != nil {
			return err
		}
	}
}

// assignment reads the name of a property if a property follows, "" otherwise.
func (p *launchParser) assignment() (name string, pos int, err error) {
	before := p.pos
	p.space()
	pos = p.pos
	if p.peek() == '@' {
		p.pos++
		if name = "@" + p.identifier(); name != PresetProp || !p.assigns() {
			return "", pos, p.fail(pos, "syntax error: not a preset", fmt.Sprintf("write %s=name", PresetProp))
		}
		return name, pos, nil
	}
	if name = p.identifier(); name == "" || !p.assigns() {
		p.pos = before
		return "", pos, nil
	}
	return name, pos, nil
}

// property reads "= value" and adds it to what an element or a bin has.
func (p *launchParser) property(prop string, pos int, name *string, named *int, props *[]PropSpec) error {
	p.space()
	p.pos++ // the equals sign
	p.space()
	if p.atEnd() || p.peek() == '!' && (p.pos+1 == len(p.text) || isBlank(p.at(p.pos+1))) {
		return p.failWord(pos, prop, fmt.Sprintf("the property %q has no value", prop), fmt.Sprintf(`write %s=value, or %s="" for an empty one`, prop, prop))
	}
	at := p.pos
	value, err := p.value()
	if err != nil {
		return err
	}
	if prop != "name" {
		*props = append(*props, PropSpec{Name: prop, Value: value, Column: p.column(pos)})
		return nil
	}
	if !canRefer(value) {
		return p.failWord(at, value, fmt.Sprintf("%q is no name for an element", value), "use letters, digits, _ and -")
	}
	*name, *named = value, p.column(at)
	return nil
}
