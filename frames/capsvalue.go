package frames

import (
	"math"
	"strconv"
	"strings"
)

// maxNesting bounds lists in lists, so that hostile text cannot exhaust the stack.
const maxNesting = 8

// valueTypes maps the type names of caps text to those that [typeOf] gives.
var valueTypes = map[string]string{
	"int": "int", "i": "int", "gint": "int",
	"uint": "int", "u": "int", "guint": "int",
	"int64": "int", "gint64": "int", "uint64": "int", "guint64": "int",
	"float": "double", "f": "double", "gfloat": "double",
	"double": "double", "d": "double", "gdouble": "double",
	"boolean": "boolean", "bool": "boolean", "b": "boolean", "gboolean": "boolean",
	"string": "string", "str": "string", "s": "string", "gchararray": "string",
	"fraction": "fraction", "GstFraction": "fraction",
	"bitmask": "bitmask", "GstBitmask": "bitmask",
}

// value reads a value; typ is the type that stands in front of the list or range
// around it, "" to guess.
func (p *capsParser) value(typ string, depth int) (Value, error) {
	p.space()
	if p.peek() == '(' {
		var err error
		if typ, err = p.typeName(); err != nil {
			return nil, err
		}
	}
	p.space()
	switch p.peek() {
	case '[':
		if depth > maxNesting {
			return nil, p.fail("a range cannot hold ranges")
		}
		return p.rangeValue(typ)
	case '{':
		if depth >= maxNesting {
			return nil, p.fail("a range cannot hold lists, and lists cannot be nested this deep")
		}
		return p.list(typ, depth+1)
	case '<':
		return nil, p.fail("arrays in < > are not supported in caps; lists of alternatives stand in { }")
	}
	return p.scalar(typ)
}

func (p *capsParser) typeName() (string, error) {
	p.pos++ // the parenthesis
	p.space()
	start := p.pos
	name := p.bare()
	p.space()
	if !p.accept(')') {
		return "", p.fail(`expected ")" behind the type %q`, name)
	}
	typ, ok := valueTypes[name]
	if !ok {
		return "", p.failAt(start, name, "unknown type %q; known are int, double, boolean, string, fraction and bitmask", name)
	}
	return typ, nil
}

func (p *capsParser) list(typ string, depth int) (Value, error) {
	start := p.pos
	p.pos++
	var l List
	for {
		v, err := p.value(typ, depth)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
		p.space()
		if p.accept('}') {
			break
		}
		if p.atEnd() {
			return nil, p.failAt(start, "{", `the list has no closing "}"`)
		}
		if !p.accept(',') {
			return nil, p.fail(`expected "," or "}" in the list`)
		}
	}
	return l, nil
}

func (p *capsParser) rangeValue(typ string) (Value, error) {
	start := p.pos
	p.pos++
	lo, err := p.end(typ)
	if err != nil {
		return nil, err
	}
	p.space()
	if !p.accept(',') {
		return nil, p.fail(`expected "," and the upper end of the range`)
	}
	hi, err := p.end(typ)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.peek() == ',' {
		return nil, p.fail("ranges with a step are not supported; list the values in { }")
	}
	if !p.accept(']') {
		return nil, p.fail(`expected "]" behind the range`)
	}
	text := p.text[start:p.pos]
	r, ok := makeRange(lo, hi)
	if !ok {
		return nil, p.failAt(start, text, "a range needs two numbers or two fractions of the same type")
	}
	if _, ok := normalize(r); !ok {
		return nil, p.failAt(start, text, "the lower end of the range is above the upper end")
	}
	return r, nil
}

// end reads one end of a range.
func (p *capsParser) end(typ string) (Value, error) { return p.value(typ, maxNesting+1) }

// makeRange joins two ends; a whole number beside a real number or a fraction
// counts as one of those.
func makeRange(lo, hi Value) (Value, bool) {
	lo, hi = promote(lo, hi), promote(hi, lo)
	switch lo := lo.(type) {
	case Int:
		if hi, ok := hi.(Int); ok {
			return IntRange{int(lo), int(hi)}, true
		}
	case Float:
		if hi, ok := hi.(Float); ok {
			return FloatRange{float64(lo), float64(hi)}, true
		}
	case Fraction:
		if hi, ok := hi.(Fraction); ok {
			return FractionRange{lo, hi}, true
		}
	}
	return nil, false
}

func promote(v, like Value) Value {
	n, ok := v.(Int)
	if !ok {
		return v
	}
	switch like.(type) {
	case Float:
		return Float(n)
	case Fraction:
		if f := (Fraction{int(n), 1}); fitsFraction(f) {
			return f
		}
	}
	return v
}

func (p *capsParser) scalar(typ string) (Value, error) {
	start := p.pos
	var word string
	if p.peek() == '"' {
		var err error
		if word, err = p.quoted(); err != nil {
			return nil, err
		}
	} else if word = p.bare(); word == "" {
		return nil, p.fail(`expected a value; put text with blanks or special characters in double quotes`)
	}
	if typ == "" {
		return guessValue(word), nil
	}
	return p.convert(start, word, typ)
}

func (p *capsParser) convert(start int, word, typ string) (Value, error) {
	v, ok := parseAs(word, typ)
	if !ok {
		return nil, p.failAt(start, word, "this is no %s", typ)
	}
	return v, nil
}

// quoted reads a string in double quotes. A backslash makes the next character
// ordinary; three octal digits behind it are one byte.
func (p *capsParser) quoted() (string, error) {
	start := p.pos
	p.pos++
	var b strings.Builder
	for !p.atEnd() {
		c := p.text[p.pos]
		p.pos++
		switch c {
		case '"':
			return b.String(), nil
		case '\\':
			if p.atEnd() {
				continue
			}
			if n, ok := octal(p.text[p.pos:]); ok {
				b.WriteByte(n)
				p.pos += 3
				continue
			}
			c = p.text[p.pos]
			p.pos++
		}
		b.WriteByte(c)
	}
	return "", p.failAt(start, `"`, "the string has no closing quote")
}

func octal(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:3], 8, 8)
	return byte(n), err == nil
}

// guessValue finds the kind of a word without a type, in GStreamer's order.
// Everything is at least a string. Quotes make no difference there, so
// width="320" is a number.
func guessValue(word string) Value {
	for _, typ := range [...]string{"int", "double", "fraction", "boolean"} {
		if typ == "fraction" && !strings.Contains(word, "/") {
			continue // "max" is a fraction only when asked
		}
		if v, ok := parseAs(word, typ); ok {
			return v
		}
	}
	return String(word)
}

func parseAs(word, typ string) (Value, bool) {
	switch typ {
	case "int":
		return parseInt(word)
	case "double":
		if strings.IndexFunc(word, notDecimal) >= 0 {
			return nil, false // no hexadecimal floats, no infinity
		}
		f, err := strconv.ParseFloat(word, 64)
		return Float(f), err == nil
	case "boolean":
		switch strings.ToLower(word) {
		case "true", "yes", "t", "1":
			return Bool(true), true
		case "false", "no", "f", "0":
			return Bool(false), true
		}
		return nil, false
	case "fraction":
		return parseFraction(word)
	case "bitmask":
		n, err := strconv.ParseUint(word, 0, 64)
		return Bitmask(n), err == nil
	}
	return String(word), true
}

func notDecimal(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune("+-.eE", r) }

func parseInt(word string) (Value, bool) {
	switch strings.ToLower(word) {
	case "min":
		return Int(math.MinInt32), true
	case "max":
		return Int(math.MaxInt32), true
	case "little_endian":
		return Int(1234), true
	case "big_endian":
		return Int(4321), true
	}
	n, err := strconv.ParseInt(word, 10, strconv.IntSize)
	if digits := strings.TrimLeft(word, "+-"); len(digits) > 1 && digits[0] == '0' {
		// As in C: 0x10 is sixteen, 010 is eight.
		n, err = strconv.ParseInt(word, 0, strconv.IntSize)
		if strings.ContainsAny(digits, "_oO") || digits[1]|0x20 == 'b' {
			return nil, false
		}
	}
	return Int(n), err == nil
}

func parseFraction(word string) (Value, bool) {
	switch strings.ToLower(word) {
	case "min":
		return Fraction{0, 1}, true
	case "max":
		return Fraction{math.MaxInt32, 1}, true
	}
	num, den, both := strings.Cut(word, "/")
	if !both {
		den = "1"
	}
	n, err1 := strconv.Atoi(num)
	d, err2 := strconv.Atoi(den)
	if err1 != nil || err2 != nil {
		return nil, false
	}
	return normalizeFraction(Fraction{n, d})
}
