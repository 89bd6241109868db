package eiengine

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError says what is wrong in launch text, where, and what would be right.
type SyntaxError struct {
	Column  int    // 1-based, in characters
	Word    string // what stands there; "" at the end of the text
	Message string
	Remedy  string
}

// Error is one line.
func (e *SyntaxError) Error() string {
	at := "at the end"
	if e.Word != "" {
		at = fmt.Sprintf("at %q", e.Word)
	}
	return fmt.Sprintf("column %d, %s: %s; %s", e.Column, at, e.Message, e.Remedy)
}

// scanner cuts launch text into its pieces. Which piece may come next is up to
// the parser: the same characters mean different things in different places.
type scanner struct {
	text string
	pos  int
	// counted is the place up to which characters are counted, chars how many.
	counted, chars int
}

func isBlank(c byte) bool { return strings.IndexByte(" \t\r\n\v\f", c) >= 0 }

// isWord says whether an identifier may begin with this byte. Names may hold
// letters beyond ASCII.
func isWord(c byte) bool { return isAlnum(c) || c == '_' || c >= utf8.RuneSelf }

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func (s *scanner) atEnd() bool { return s.pos >= len(s.text) }

// peek is the next byte, 0 at the end.
func (s *scanner) peek() byte { return s.at(s.pos) }

func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// space skips blanks between words, and backslashes in front of blanks: lines
// that were copied out of shell scripts carry them.
func (s *scanner) space() {
	for !s.atEnd() {
		c := s.text[s.pos]
		if c == '\\' && (s.pos+1 == len(s.text) || isBlank(s.text[s.pos+1])) {
			s.pos++
			continue
		}
		if !isBlank(c) {
			return
		}
		s.pos++
	}
}

// column is the place of a byte in characters from 1.
func (s *scanner) column(pos int) int {
	if pos < s.counted {
		s.chars -= utf8.RuneCountInString(s.text[pos:s.counted])
	} else {
		s.chars += utf8.RuneCountInString(s.text[s.counted:pos])
	}
	s.counted = pos
	return s.chars + 1
}

// fail is an error about the word at a place.
func (s *scanner) fail(pos int, message, remedy string) error {
	word := s.text[pos:]
	if end := strings.IndexAny(word, " \t\r\n\v\f"); end >= 0 {
		word = word[:end]
	}
	return s.failWord(pos, word, message, remedy)
}

func (s *scanner) failWord(pos int, word, message, remedy string) error {
	return &SyntaxError{Column: s.column(pos), Word: word, Message: message, Remedy: remedy}
}

// identifier takes the name of an element, property, node or pad; "" if there is
// none. A backslash makes the next character a part of it.
func (s *scanner) identifier() string {
	var b strings.Builder
	for i := s.pos; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case isWord(c):
		case (c == '-' || c == '%' || c == ':') && i > s.pos:
		case c == '\\' && s.escapes(i):
			i++
			c = s.text[i]
		default:
			s.pos = i
			return b.String()
		}
		b.WriteByte(c)
	}
	s.pos = len(s.text)
	return b.String()
}

// escapes says whether the backslash at i belongs to an identifier: the one
// behind "my" in "my\ cam. ! queue" does, one at the end of a line does not.
func (s *scanner) escapes(i int) bool {
	next := s.at(i + 1)
	if next == 0 || next == '\n' || next == '\r' {
		return false
	}
	if !isBlank(next) {
		return true
	}
	after := s.at(i + 2)
	return i > s.pos && after != 0 && after != '!' && after != '\\' && !isBlank(after)
}

// escapeIdentifier writes a name so that identifier reads it back.
func escapeIdentifier(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		plain := isWord(c) || i > 0 && (c == '-' || c == '%' || c == ':')
		if !plain {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// canRefer says whether launch text can refer to this name.
func canRefer(name string) bool {
	s := scanner{text: escapeIdentifier(name) + "."}
	return s.identifier() == name && name != "" && s.pos == len(s.text)-1
}

// mediaType is the length of a media type such as video/x-raw at the current
// place, 0 if there is none.
func (s *scanner) mediaType() int {
	slash := -1
	i := s.pos
	for ; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case isAlnum(c) || c == '-':
		case c == '/' && slash < 0 && i > s.pos:
			slash = i
		case (c == '+' || c == '.' || c == '_') && slash >= 0:
		case c == '/':
			return 0
		default:
			return s.mediaTypeFrom(slash, i)
		}
	}
	return s.mediaTypeFrom(slash, i)
}

func (s *scanner) mediaTypeFrom(slash, end int) int {
	if slash < 0 || end == slash+1 {
		return 0
	}
	return end - s.pos
}

// isURI says whether scheme://… or a path stands here.
func (s *scanner) isURI() bool {
	rest := s.text[s.pos:]
	if strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "./") || strings.HasPrefix(rest, "../") {
		return true
	}
	n := 0
	for n < len(rest) && (isAlnum(rest[n]) || strings.IndexByte("+-.", rest[n]) >= 0) {
		n++
	}
	return n > 0 && strings.HasPrefix(rest[n:], "://")
}

// value takes the value of a property: "…", '…', or everything up to a blank. A
// backslash makes the next character ordinary.
func (s *scanner) value() (string, error) {
	start := s.pos
	quote := s.peek()
	if quote != '"' && quote != '\'' {
		s.skipTo(isBlank)
		return unescape(s.text[start:s.pos]), nil
	}
	s.pos++
	s.skipTo(func(c byte) bool { return c == quote })
	if s.atEnd() {
		return "", s.fail(start, "the quote is not closed", fmt.Sprintf("put a %c at the end of the value; inside of it, write \\%c", quote, quote))
	}
	v := unescape(s.text[start+1 : s.pos])
	s.pos++
	if c := s.peek(); c != 0 && c != '\\' && c != '!' && !isBlank(c) {
		return "", s.fail(s.pos, "text directly behind a closing quote", `put the whole value in quotes, or a blank between`)
	}
	return v, nil
}

// skipTo goes to the next byte that ends something, or to the end. A byte behind
// a backslash never does; a backslash at the end of a line escapes nothing.
func (s *scanner) skipTo(ends func(byte) bool) {
	for ; !s.atEnd(); s.pos++ {
		c := s.text[s.pos]
		if c == '\\' && s.pos+1 < len(s.text) {
			if next := s.text[s.pos+1]; next != '\n' && next != '\r' {
				s.pos++
				continue
			}
		}
		if ends(c) {
			return
		}
	}
	s.pos = len(s.text)
}

// capsText takes what stands before the next "!", or ":" between blanks, outside
// of quotes. It reports false, and does not move, if there is none.
func (s *scanner) capsText() (string, bool) {
	start, quoted := s.pos, false
	s.skipTo(func(c byte) bool {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ':':
			next := s.at(s.pos + 1)
			return isBlank(s.at(s.pos-1)) && (next == 0 || isBlank(next))
		}
		return c == '!' && !quoted
	})
	if s.atEnd() {
		s.pos = start
		return "", false
	}
	return s.text[start:s.pos], true
}

// unescape removes the backslashes of a value or of inline caps. As in GStreamer
// a part in double quotes stays as it is: it is for the reader of the value.
func unescape(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	out, _ := unescapePlaces(text)
	return out
}

// unescapePlaces also says where in text each byte of the result stood.
func unescapePlaces(text string) (string, []int) {
	out, places := make([]byte, 0, len(text)), make([]int, 0, len(text))
	keep := func(i int) {
		if i < len(text) {
			out, places = append(out, text[i]), append(places, i)
		}
	}
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			keep(i)
			i++
		case text[i] == '\\':
			i++
		}
		keep(i)
	}
	return string(out), places
}
