package eiengine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// pendingLink is a link whose ends have no names yet.
type pendingLink struct {
	from, to       linkEnd
	fromPad, toPad string
	all            bool
	caps           string
	column         int
}

// isLink says whether a link stands here: "!", or ":" for all pads.
func (p *launchParser) isLink() bool { return p.peek() == '!' || p.peek() == ':' }

// link reads "! right" or "! caps ! right" and gives the end of right back. Each
// of the links may be ":"; the first decides.
func (p *launchParser) link(left linkEnd) (linkEnd, error) {
	op := pendingLink{from: left, all: p.peek() == ':', column: p.column(p.pos)}
	if err := p.afterLink(); err != nil {
		return left, err
	}
	filters := []linkEnd(nil)
	if n := p.mediaType(); n > 0 {
		start := p.pos
		caps, err := p.inlineCaps(n)
		if err != nil {
			return left, err
		}
		if op.all {
			op.caps = caps
		} else {
			filters = p.addFilters(caps, start, max(1, len(left.pads)))
		}
		second := p.pos
		if err := p.afterLink(); err != nil {
			return left, err
		}
		if n := p.mediaType(); n > 0 {
			word := p.text[p.pos : p.pos+n]
			return left, p.failWord(p.pos, word, fmt.Sprintf("no element %q: two caps filters in a row", word), "join their fields to one, or put an element between")
		}
		return p.linkRight(op, filters, second)
	}
	return p.linkRight(op, nil, 0)
}

// linkRight reads what a link goes to. The links of a bin there come behind the
// one into it.
func (p *launchParser) linkRight(op pendingLink, filters []linkEnd, second int) (linkEnd, error) {
	before, bang := len(p.links), p.pos
	var last linkEnd
	var err error
	if p.isURI() {
		op.to, err = p.uri(Sink)
		last = linkEnd{node: -1, pos: op.to.pos, uri: true}
	} else {
		op.to, last, err = p.term()
	}
	if err != nil {
		return last, err
	}
	if op.from.isNothing() {
		return last, p.fail(op.from.pos, "link has no source: the bin ends with a reference or a URI", "end its last chain with the element to link from")
	}
	if op.to.isNothing() {
		return last, p.fail(bang, "link has no sink: the bin begins with a reference or a URI", "begin its first chain with the element to link to")
	}
	links, err := p.pairs(op)
	if err != nil {
		return last, err
	}
	if filters != nil {
		links = through(filters, links, p.column(second))
	}
	p.links = slices.Insert(p.links, before, links...)
	return last, nil
}

// pairs makes a link of each pair of pads, or one if none are named.
func (p *launchParser) pairs(op pendingLink) ([]pendingLink, error) {
	out, in := op.from.pads, op.to.pads
	n := max(len(out), len(in), 1)
	if n > 1 && len(out) != len(in) {
		word := "!"
		if op.all {
			word = ":"
		}
		return nil, &SyntaxError{Column: op.column, Word: word, Message: fmt.Sprintf("%d pads on the left, %d on the right", len(out), len(in)),
			Remedy: "name as many pads on both sides"}
	}
	links := make([]pendingLink, 0, n)
	for i := range n {
		l := op
		if i < len(out) {
			l.fromPad = out[i]
		}
		if i < len(in) {
			l.toPad = in[i]
		}
		links = append(links, l)
	}
	return links, nil
}

// through leads each link through a filter of its own.
func through(filters []linkEnd, links []pendingLink, second int) []pendingLink {
	out := make([]pendingLink, 0, 2*len(links))
	for i, l := range links {
		into, from := l, l
		into.to, into.toPad = filters[i], ""
		from.from, from.fromPad, from.column = filters[i], "", second
		out = append(out, into, from)
	}
	return out
}

// afterLink goes from a link to what follows, and says so if nothing does.
func (p *launchParser) afterLink() error {
	op := p.pos
	word := p.text[op : op+1]
	p.pos++
	p.space()
	switch {
	case p.atEnd():
		return p.failWord(op, word, "syntax error: nothing stands behind the link", fmt.Sprintf("put an element behind %q, or leave %[1]q out", word))
	case p.isLink():
		return p.failWord(p.pos, p.text[p.pos:p.pos+1], "syntax error: two links in a row", "put an element or caps between them, or leave one out")
	}
	return nil
}

// inlineCaps reads caps up to the next link and gives their canonical text.
func (p *launchParser) inlineCaps(media int) (string, error) {
	start := p.pos
	raw, ok := p.capsText()
	if !ok {
		return "", p.capsOutOfPlace(media, "behind")
	}
	text, places := unescapePlaces(raw)
	caps, err := frames.ParseCaps(text)
	var bad *frames.CapsSyntaxError
	if errors.As(err, &bad) {
		at := start + len(strings.TrimRight(raw, " \t\r\n\v\f\\"))
		if i := bad.Column - 1; i < len(places) && bad.Word != "" {
			at = start + places[i]
		}
		return "", p.failWord(at, bad.Word, "could not parse caps: "+bad.Message, `mend the caps, or put "!" behind them if they end before`)
	}
	if err != nil {
		return "", err
	}
	return caps.String(), nil
}

// addFilters adds n capsfilters.
func (p *launchParser) addFilters(caps string, pos, n int) []linkEnd {
	ends := make([]linkEnd, 0, n)
	for range n {
		end := p.addNode("capsfilter", pos)
		p.nodes[end.node].Props = []PropSpec{{Name: "caps", Value: caps, Column: p.column(pos)}}
		ends = append(ends, end)
	}
	return ends
}

func (p *launchParser) capsOutOfPlace(media int, where string) error {
	word := p.text[p.pos : p.pos+media]
	return p.failWord(p.pos, word, fmt.Sprintf("no element %q", word),
		fmt.Sprintf(`caps filters stand between two links; add "!" and an element %s, or write capsfilter caps="%s"`, where, word))
}
