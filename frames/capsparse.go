package frames

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// CapsSyntaxError says what is wrong in caps text, and where.
type CapsSyntaxError struct {
	Column  int    // 1-based, in bytes
	Word    string // what stands there; "" at the end of the text
	Message string // what is wrong, with what would be right
}

// Error is one line with the column, the word and the remedy.
func (e *CapsSyntaxError) Error() string {
	if e.Word == "" {
		return fmt.Sprintf("caps, column %d (end of text): %s", e.Column, e.Message)
	}
	return fmt.Sprintf("caps, column %d at %q: %s", e.Column, e.Word, e.Message)
}

// ParseCaps reads caps text as GStreamer writes it:
//
//	video/x-raw, format=(string){ RGB, BGR }, width=[ 1, 4096 ], framerate=30/1
//	audio/x-raw, rate=16000; audio/x-raw, rate=44100
//	video/x-raw(memory:NVMM), format=NV12
//	ANY, EMPTY, NONE
//
// A value without a type becomes an Int, Float, Fraction, Bool or String,
// whichever fits first, with or without quotes; (string) in front settles it.
// Errors are *CapsSyntaxError.
func ParseCaps(text string) (Caps, error) {
	switch strings.TrimSpace(text) {
	case "ANY":
		return AnyCaps(), nil
	case "EMPTY", "NONE":
		return Caps{}, nil
	}
	p := capsParser{text: text}
	var list []Structure
	for {
		s, err := p.structure()
		if err != nil {
			return Caps{}, err
		}
		list = append(list, s)
		p.space()
		if p.accept(';') {
			p.space()
			if p.atEnd() {
				break
			}
			continue
		}
		if p.atEnd() {
			break
		}
		return Caps{}, p.fail(`expected "," and another field, ";" and another format, or the end`)
	}
	return NewCaps(list...), nil
}

type capsParser struct {
	text string
	pos  int
}

func (p *capsParser) atEnd() bool { return p.pos == len(p.text) }

// peek is the next byte, 0 at the end.
func (p *capsParser) peek() byte {
	if p.atEnd() {
		return 0
	}
	return p.text[p.pos]
}

func (p *capsParser) accept(c byte) bool {
	if p.atEnd() || p.text[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

func (p *capsParser) space() {
	for !p.atEnd() && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// bare takes a run of characters that need no quotes.
func (p *capsParser) bare() string {
	rest := p.text[p.pos:]
	n := strings.IndexFunc(rest, notBare)
	if n < 0 {
		n = len(rest)
	}
	p.pos += n
	return rest[:n]
}

// fail is an error about the word at the current place.
func (p *capsParser) fail(format string, args ...any) error {
	rest := p.text[p.pos:]
	n := strings.IndexFunc(rest, notBare)
	if n < 0 {
		n = len(rest)
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(rest) // one character, whatever it is
	}
	return p.failAt(p.pos, rest[:n], format, args...)
}

func (p *capsParser) failAt(pos int, word, format string, args ...any) error {
	return &CapsSyntaxError{Column: pos + 1, Word: word, Message: fmt.Sprintf(format, args...)}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func (p *capsParser) structure() (Structure, error) {
	p.space()
	if !isLetter(p.peek()) {
		return Structure{}, p.fail(`expected a media type such as video/x-raw, or ANY`)
	}
	s := Structure{Media: p.bare()}
	if p.peek() == '(' {
		features, err := p.features()
		if err != nil {
			return s, err
		}
		s.Features = features
	}
	for {
		p.space()
		if !p.accept(',') {
			return s, nil
		}
		p.space()
		if p.atEnd() {
			return s, nil // a comma too many, which GStreamer takes
		}
		f, err := p.field()
		if err != nil {
			return s, err
		}
		s.Fields = append(s.Fields, f)
	}
}

func (p *capsParser) features() (string, error) {
	p.pos++ // the parenthesis
	var list []string
	for {
		p.space()
		start := p.pos
		f := p.bare()
		if f == "" {
			return "", p.fail("expected a caps feature such as memory:NVMM, memory:DMABuf or ANY")
		}
		if f != anyFeatures && !strings.Contains(f, ":") {
			return "", p.failAt(start, f, "a caps feature has the form memory:NVMM or meta:Name")
		}
		list = append(list, f)
		p.space()
		if p.accept(')') {
			break
		}
		if !p.accept(',') {
			return "", p.fail(`expected ")" behind the caps features`)
		}
	}
	for _, f := range list {
		if f == anyFeatures && len(list) > 1 {
			return "", p.fail("the feature ANY stands alone")
		}
	}
	return strings.Join(list, ","), nil
}

func (p *capsParser) field() (Field, error) {
	p.space()
	start := p.pos
	name := p.bare()
	if name == "" {
		return Field{}, p.fail(`expected a field such as format=RGB behind ","`)
	}
	p.space()
	if !p.accept('=') {
		return Field{}, p.failAt(start, name, `expected "=" and a value behind the field name`)
	}
	v, err := p.value("", 0)
	return Field{name, v}, err
}
