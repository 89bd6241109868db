package eiengine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// ParseLaunch reads a pipeline from launch text, the language of gst-launch-1.0:
//
//	videotestsrc num-buffers=10 ! video/x-raw,format=RGB,width=320 ! tee name=t
//	t. ! queue ! fakesink  t.src_1 ! queue ! filesink location="my file.raw"
//
// Caps between two links become a capsfilter. Elements without name= get the
// names that [Spec.Add] would give. Element and property names are not looked
// up; Build does that. Links to all pads (":"), bins, addresses in place of
// elements and presets are refused. Errors are *SyntaxError.
func ParseLaunch(text string) (Spec, error) {
	p := launchParser{scanner: scanner{text: text}}
	if err := p.chains(); err != nil {
		return Spec{}, err
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

type launchParser struct {
	scanner
	nodes []NodeSpec
	// named holds the place of name= of each node; 0 for automatic names.
	named []int
	links []pendingLink
}

// pendingLink is a link whose ends are not resolved: a reference may precede its
// element, and automatic names are given at the end.
type pendingLink struct {
	from, to       linkEnd
	fromPad, toPad string
	column         int
}

// linkEnd is what stands beside a "!": an element, or a reference to one.
type linkEnd struct {
	node    int    // index into nodes; -1 for a reference
	ref     string // the name that a reference gives
	pos     int    // where it stands
	in, out []string
	outPos  int // where the pads of out stand
}

func (p *launchParser) chains() error {
	for {
		p.space()
		if p.atEnd() {
			break
		}
		if err := p.chain(); err != nil {
			return err
		}
	}
	if len(p.nodes) == 0 && len(p.links) == 0 {
		return p.failWord(0, "", "empty pipeline not allowed", "give at least one element, such as: videotestsrc ! fakesink")
	}
	return nil
}

// chain reads elements and references with links between them.
func (p *launchParser) chain() error {
	if p.peek() == '!' {
		return p.fail(p.pos, `syntax error: nothing stands before the link`, `put an element, or a reference such as "t.", before "!"`)
	}
	left, err := p.term()
	if err != nil {
		return err
	}
	for linked := false; ; linked = true {
		p.space()
		if p.peek() != '!' {
			return p.chainEnd(left, linked)
		}
		if left.node < 0 && linked {
			return p.fail(left.pos, "syntax error: a reference ends a chain",
				fmt.Sprintf("to link on from it, begin the next chain with it: ! %[1]s. %[1]s. !", left.ref))
		}
		if left, err = p.link(left); err != nil {
			return err
		}
	}
}

// chainEnd checks that what ends a chain may stand there.
func (p *launchParser) chainEnd(last linkEnd, linked bool) error {
	switch {
	case last.node < 0 && !linked:
		return p.fail(last.pos, fmt.Sprintf("unexpected reference %q, it is linked to nothing", last.ref), `put "!" and an element behind it`)
	case last.node >= 0 && len(last.out) > 0:
		return p.fail(last.outPos, fmt.Sprintf("unexpected pad reference %q", last.out[0]), `put "!" and an element behind it`)
	}
	return p.refuseHere()
}

// link reads "! right" or "! caps ! right" and gives right back.
func (p *launchParser) link(left linkEnd) (linkEnd, error) {
	bang := p.pos
	if err := p.afterLink(); err != nil {
		return left, err
	}
	if n := p.mediaType(); n > 0 {
		filter, err := p.inlineCaps(n)
		if err != nil {
			return left, err
		}
		if err := p.connect(left, filter, bang); err != nil {
			return left, err
		}
		left, bang = filter, p.pos
		if err := p.afterLink(); err != nil {
			return left, err
		}
		if n := p.mediaType(); n > 0 {
			return left, p.failWord(p.pos, p.text[p.pos:p.pos+n], "two caps filters in a row", "join their fields to one, or put an element between")
		}
	}
	right, err := p.term()
	if err != nil {
		return left, err
	}
	return right, p.connect(left, right, bang)
}

// afterLink goes from a "!" to what follows, and says so if nothing does.
func (p *launchParser) afterLink() error {
	bang := p.pos
	p.pos++
	p.space()
	switch {
	case p.atEnd():
		return p.failWord(bang, "!", "syntax error: nothing stands behind the link", `put an element behind "!", or leave "!" out`)
	case p.peek() == '!':
		return p.failWord(p.pos, "!", "syntax error: two links in a row", "put an element or caps between them, or leave one out")
	}
	return nil
}

// inlineCaps reads caps up to the next "!" and makes a capsfilter of them.
func (p *launchParser) inlineCaps(media int) (linkEnd, error) {
	start := p.pos
	raw, ok := p.capsText()
	if !ok {
		return linkEnd{}, p.capsOutOfPlace(media, "behind")
	}
	text, places := unescapePlaces(raw)
	caps, err := frames.ParseCaps(text)
	var bad *frames.CapsSyntaxError
	if errors.As(err, &bad) {
		at := start + len(strings.TrimRight(raw, " \t\r\n\v\f\\"))
		if i := bad.Column - 1; i < len(places) && bad.Word != "" {
			at = start + places[i]
		}
		return linkEnd{}, p.failWord(at, bad.Word, "could not parse caps: "+bad.Message, `mend the caps, or put "!" behind them if they end before`)
	}
	if err != nil {
		return linkEnd{}, err
	}
	end := p.addNode("capsfilter", start)
	node := &p.nodes[end.node]
	node.Props = []PropSpec{{Name: "caps", Value: caps.String(), Column: p.column(start)}}
	return end, nil
}

func (p *launchParser) capsOutOfPlace(media int, where string) error {
	word := p.text[p.pos : p.pos+media]
	return p.failWord(p.pos, word, fmt.Sprintf("no element %q", word),
		fmt.Sprintf(`caps filters stand between two links; add "!" and an element %s, or write capsfilter caps="%s"`, where, word))
}

func (p *launchParser) addNode(element string, pos int) linkEnd {
	p.nodes = append(p.nodes, NodeSpec{Element: element, Column: p.column(pos)})
	p.named = append(p.named, 0)
	return linkEnd{node: len(p.nodes) - 1, pos: pos}
}

// connect notes the links between two ends: one, or one per pair of pads.
func (p *launchParser) connect(from, to linkEnd, bang int) error {
	n := max(len(from.out), len(to.in), 1)
	if n > 1 && len(from.out) != len(to.in) {
		return p.failWord(bang, "!", fmt.Sprintf("%d pads on the left, %d on the right", len(from.out), len(to.in)),
			"name as many pads on both sides")
	}
	for i := range n {
		l := pendingLink{from: from, to: to, column: p.column(bang)}
		if i < len(from.out) {
			l.fromPad = from.out[i]
		}
		if i < len(to.in) {
			l.toPad = to.in[i]
		}
		p.links = append(p.links, l)
	}
	return nil
}

// term reads an element with its pads and properties, or a reference.
func (p *launchParser) term() (linkEnd, error) {
	start := p.pos
	if n := p.mediaType(); n > 0 {
		return linkEnd{}, p.capsOutOfPlace(n, "before")
	}
	if err := p.refuseHere(); err != nil {
		return linkEnd{}, err
	}
	var in []string
	if p.peek() == '.' {
		var err error
		if in, err = p.pads(); err != nil {
			return linkEnd{}, err
		}
		p.space()
	}
	pos := p.pos
	word := p.identifier()
	if word == "" {
		return linkEnd{}, p.fail(start, "syntax error: expected an element or a reference", `elements are words such as videotestsrc; quotes stand only around values`)
	}
	if p.peek() == '.' {
		return p.reference(word, pos, in)
	}
	if p.assigns() {
		return linkEnd{}, p.fail(pos, fmt.Sprintf("the property %q belongs to no element", word), "put properties behind the element that has them")
	}
	end := p.addNode(word, pos)
	end.in = in
	err := p.elementRest(&end)
	return end, err
}

// reference reads ".pad" or "." behind a name.
func (p *launchParser) reference(name string, pos int, in []string) (linkEnd, error) {
	if len(in) > 0 {
		return linkEnd{}, p.fail(pos, "syntax error: a pad reference stands before a reference", fmt.Sprintf("write the pad behind the name: %s.%s", name, in[0]))
	}
	pads, err := p.pads()
	if err == nil && len(pads) == 0 {
		err = p.refuseBin()
	}
	if err != nil {
		return linkEnd{}, err
	}
	return linkEnd{node: -1, ref: name, pos: pos, in: pads, out: pads}, nil
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

// assigns says whether "=" follows, perhaps behind blanks. It does not move.
func (p *launchParser) assigns() bool {
	s := p.scanner
	s.space()
	return s.peek() == '='
}

// elementRest reads the properties of an element and the pads behind it.
func (p *launchParser) elementRest(end *linkEnd) error {
	for {
		before := p.pos
		p.space()
		if p.peek() == '.' {
			end.outPos = p.pos
			pads, err := p.pads()
			if err == nil && len(pads) == 0 {
				if err = p.refuseBin(); err == nil {
					err = p.fail(end.outPos, "syntax error: a dot without a pad", `write ".src" for a pad, "name." without a blank for a reference`)
				}
			}
			end.out = pads
			return err
		}
		pos := p.pos
		name := p.identifier()
		if name == "" || !p.assigns() {
			p.pos = before
			return nil
		}
		if err := p.property(end.node, name, pos); err != nil {
			return err
		}
	}
}

// property reads "= value".
func (p *launchParser) property(node int, name string, pos int) error {
	p.space()
	p.pos++ // the equals sign
	p.space()
	if p.atEnd() || p.peek() == '!' && (p.pos+1 == len(p.text) || isBlank(p.at(p.pos+1))) {
		return p.failWord(pos, name, fmt.Sprintf("the property %q has no value", name), fmt.Sprintf(`write %s=value, or %s="" for an empty one`, name, name))
	}
	at := p.pos
	value, err := p.value()
	if err != nil {
		return err
	}
	if name != "name" {
		n := &p.nodes[node]
		n.Props = append(n.Props, PropSpec{Name: name, Value: value, Column: p.column(pos)})
		return nil
	}
	if !canRefer(value) {
		return p.failWord(at, value, fmt.Sprintf("%q is no name for an element", value), "use letters, digits, _ and -")
	}
	p.nodes[node].Name, p.named[node] = value, p.column(at)
	return nil
}

// refuseHere names the parts of the language that are not supported yet.
func (p *launchParser) refuseHere() error {
	if p.isURI() {
		return p.fail(p.pos, "an address in place of an element is not supported yet", "use an element such as filesrc location=…")
	}
	switch p.peek() {
	case ':':
		return p.fail(p.pos, `linking all pads with ":" is not supported yet`, `write one link with "!" per pad`)
	case '(', ')':
		return p.fail(p.pos, "bins in ( ) are not supported yet", "write the elements without the parentheses")
	case '{', '}':
		return p.fail(p.pos, "{ } is no syntax for threads any more", "put a queue where another thread should begin")
	case '@':
		return p.fail(p.pos, "presets are not supported yet", "set the properties one by one")
	}
	return nil
}

// refuseBin refuses "bin.(" once "bin." is read.
func (p *launchParser) refuseBin() error {
	s := p.scanner
	if s.space(); s.peek() != '(' {
		return nil
	}
	p.pos = s.pos
	return p.refuseHere()
}

// finish names the nodes and resolves the references.
func (p *launchParser) finish() (Spec, error) {
	if err := p.checkNames(); err != nil {
		return Spec{}, err
	}
	nameNodes(p.nodes)
	names := make(map[string]bool, len(p.nodes))
	for i := range p.nodes {
		names[p.nodes[i].Name] = true
	}
	resolve := func(end linkEnd, pad string) (PadRef, error) {
		if end.node >= 0 {
			return PadRef{p.nodes[end.node].Name, pad}, nil
		}
		if !names[end.ref] {
			return PadRef{}, p.failWord(end.pos, end.ref+".", fmt.Sprintf("No element named %q", end.ref),
				fmt.Sprintf("give the element that is meant name=%s", end.ref))
		}
		return PadRef{end.ref, pad}, nil
	}
	spec := Spec{Nodes: p.nodes}
	for _, l := range p.links {
		from, err := resolve(l.from, l.fromPad)
		if err != nil {
			return Spec{}, err
		}
		to, err := resolve(l.to, l.toPad)
		if err != nil {
			return Spec{}, err
		}
		spec.Links = append(spec.Links, LinkSpec{From: from, To: to, Column: l.column})
	}
	return spec, nil
}

// checkNames refuses a name that two elements have.
func (p *launchParser) checkNames() error {
	first := make(map[string]int, len(p.nodes))
	for i, n := range p.nodes {
		if n.Name == "" {
			continue
		}
		if at, taken := first[n.Name]; taken {
			return &SyntaxError{Column: p.named[i], Word: n.Name,
				Message: fmt.Sprintf("the name %q is taken by the %s at column %d", n.Name, p.nodes[at].Element, p.nodes[at].Column),
				Remedy:  "give each element a name of its own"}
		}
		first[n.Name] = i
	}
	return nil
}
