package eim

import (
	"encoding/json"
	"math"
	"strconv"
)

// reader walks over JSON that json.Valid has accepted. It exists so that a
// request allocates nothing but its result; encoding/json would allocate for
// every key. Since the text is valid, it checks kinds, not syntax; it never
// reads past the end even if it is not.
type reader struct {
	b []byte
	i int
}

func (r *reader) peek() byte {
	for r.i < len(r.b) {
		switch c := r.b[r.i]; c {
		case ' ', '\t', '\r', '\n':
			r.i++
		default:
			return c
		}
	}
	return 0
}

// accept takes c if it is next.
func (r *reader) accept(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.i++
	return true
}

// object calls f with each key, the reader at the value, which f must take.
// It reports false if the value is not an object.
func (r *reader) object(f func(key []byte) bool) bool {
	if !r.accept('{') {
		return false
	}
	for !r.accept('}') {
		key, ok := r.text()
		if !ok || !r.accept(':') || !f(key) {
			return false
		}
		r.accept(',')
	}
	return true
}

// array calls f with the reader at each element.
func (r *reader) array(f func() bool) bool {
	if !r.accept('[') {
		return false
	}
	for !r.accept(']') {
		if r.peek() == 0 || !f() {
			return false
		}
		r.accept(',')
	}
	return true
}

// text reads a string. The bytes are of the text itself where nothing is
// escaped, so they are valid only as long as that.
func (r *reader) text() ([]byte, bool) {
	raw, escaped := r.rawText()
	if raw == nil {
		return nil, false
	}
	if !escaped {
		return raw[1 : len(raw)-1], true
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil, false
	}
	return []byte(s), true
}

// rawText takes a string with its quotes.
func (r *reader) rawText() (raw []byte, escaped bool) {
	if r.peek() != '"' {
		return nil, false
	}
	for j := r.i + 1; j < len(r.b); j++ {
		switch r.b[j] {
		case '\\':
			escaped = true
			j++
		case '"':
			raw = r.b[r.i : j+1]
			r.i = j + 1
			return raw, escaped
		}
	}
	return nil, false
}

// number reads a number; null, which is how a model prints one that is none,
// is NaN, and booleans are 0 and 1.
func (r *reader) number() (float64, bool) {
	switch r.peek() {
	case 'n':
		return math.NaN(), r.skip()
	case 't':
		return 1, r.skip()
	case 'f':
		return 0, r.skip()
	}
	start := r.i
	for r.i < len(r.b) && isNumberByte(r.b[r.i]) {
		r.i++
	}
	if r.i == start {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(r.b[start:r.i]), 64)
	return v, err == nil
}

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// skip takes any value. It counts brackets instead of recursing, so depth
// costs nothing.
func (r *reader) skip() bool {
	depth := 0
	for {
		switch c := r.peek(); c {
		case 0:
			return false
		case '"':
			if raw, _ := r.rawText(); raw == nil {
				return false
			}
		case '{', '[':
			depth++
			r.i++
		case '}', ']':
			depth--
			r.i++
		case ',', ':':
			r.i++
			continue
		default:
			r.scalar()
		}
		if depth <= 0 {
			return true
		}
	}
}

// scalar takes a number or a word.
func (r *reader) scalar() {
	for r.i < len(r.b) {
		switch r.b[r.i] {
		case ',', ':', '}', ']', '{', '[', '"', ' ', '\t', '\r', '\n':
			return
		}
		r.i++
	}
}
