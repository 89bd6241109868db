package frames

import (
	"math"
	"strconv"
	"strings"
)

// Value is what a caps field may hold: one of [Int], [Float], [Bool], [String],
// [Fraction], [Bitmask], the ranges [IntRange], [FloatRange], [FractionRange],
// or [List], a choice of several. Values of different kinds never intersect:
// as in GStreamer, framerate=30 (an Int) is not framerate=30/1.
type Value interface {
	// String is the value in caps syntax, without its type, in quotes if it has
	// characters that need them.
	String() string
	isValue()
}

// Int is a whole number.
type Int int

// Float is a real number; text may call its type float or double.
type Float float64

// Bool is true or false.
type Bool bool

// String is text such as the name of a pixel format.
type String string

// Bitmask is a set of bits, such as the channel-mask of audio.
type Bitmask uint64

// IntRange is every whole number from Min to Max, both included.
type IntRange struct{ Min, Max int }

// FloatRange is every real number from Min to Max, both included.
type FloatRange struct{ Min, Max float64 }

// FractionRange is every fraction from Min to Max, both included.
type FractionRange struct{ Min, Max Fraction }

// List is a choice of values, the preferred one first. It may hold ranges.
type List []Value

func (Int) isValue()           {}
func (Float) isValue()         {}
func (Bool) isValue()          {}
func (String) isValue()        {}
func (Bitmask) isValue()       {}
func (Fraction) isValue()      {}
func (IntRange) isValue()      {}
func (FloatRange) isValue()    {}
func (FractionRange) isValue() {}
func (List) isValue()          {}

// String is the number in decimal.
func (v Int) String() string { return strconv.Itoa(int(v)) }

// String is the shortest text that reads back as the same number.
func (v Float) String() string { return strconv.FormatFloat(float64(v), 'g', -1, 64) }

// String is "true" or "false".
func (v Bool) String() string { return strconv.FormatBool(bool(v)) }

// String is the text, in double quotes where that is needed. Without a type in
// front "30" would still read as a number.
func (v String) String() string {
	if v == "" || strings.IndexFunc(string(v), notBare) >= 0 {
		return quoteString(string(v))
	}
	return string(v)
}

// String is sixteen hexadecimal digits, as GStreamer prints it.
func (v Bitmask) String() string {
	s := strconv.FormatUint(uint64(v), 16)
	return "0x" + strings.Repeat("0", 16-len(s)) + s
}

// String is "[ min, max ]".
func (v IntRange) String() string { return rangeText(Int(v.Min), Int(v.Max)) }

// String is "[ min, max ]".
func (v FloatRange) String() string { return rangeText(Float(v.Min), Float(v.Max)) }

// String is "[ min, max ]".
func (v FractionRange) String() string { return rangeText(v.Min, v.Max) }

func rangeText(lo, hi Value) string { return "[ " + lo.String() + ", " + hi.String() + " ]" }

// String is "{ a, b }"; the members carry their types if those differ.
func (v List) String() string {
	write := Value.String
	if typeOf(v) == "" {
		write = typedText
	}
	texts := make([]string, len(v))
	for i, m := range v {
		texts[i] = write(m)
	}
	return "{ " + strings.Join(texts, ", ") + " }"
}

// typeOf names the type that caps text writes in parentheses; "" for a list of
// several types.
func typeOf(v Value) string {
	switch v := v.(type) {
	case Int, IntRange:
		return "int"
	case Float, FloatRange:
		return "double"
	case Bool:
		return "boolean"
	case String:
		return "string"
	case Bitmask:
		return "bitmask"
	case Fraction, FractionRange:
		return "fraction"
	case List:
		t := ""
		for i, m := range v {
			mt := typeOf(m)
			if i > 0 && mt != t {
				return ""
			}
			t = mt
		}
		return t
	}
	return ""
}

// typedText is the type in parentheses and the value.
func typedText(v Value) string {
	if t := typeOf(v); t != "" {
		return "(" + t + ")" + v.String()
	}
	return v.String()
}

// notBare says that a character cannot stand in a string without quotes.
func notBare(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return r >= 0x80 || strings.IndexByte("_-+/:.", byte(r)) < 0
}

func quoteString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
	return b.String()
}

// normalize gives the one form that caps keep: fractions reduced, ranges of one
// value and lists of one member collapsed, nested lists flat, no member that an
// earlier one includes. It reports false for what no stream can have: an empty
// list or range, a number that is none, a fraction over zero.
func normalize(v Value) (Value, bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case Float:
		return v, !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	case Fraction:
		return normalizeFraction(v)
	case IntRange:
		if v.Min == v.Max {
			return Int(v.Min), true
		}
		return v, v.Min < v.Max
	case FloatRange:
		v.Min, v.Max = max(v.Min, -math.MaxFloat64), min(v.Max, math.MaxFloat64)
		if v.Min == v.Max {
			return Float(v.Min), true
		}
		return v, v.Min < v.Max
	case FractionRange:
		return normalizeFractionRange(v)
	case List:
		var out List
		for _, m := range v {
			if m, ok := normalize(m); ok {
				out = appendMember(out, m)
			}
		}
		return collapse(out)
	}
	return v, true
}

func normalizeFraction(f Fraction) (Value, bool) {
	if f.Den < 0 {
		f.Num, f.Den = -f.Num, -f.Den
	}
	if f.Den <= 0 || !fitsFraction(f) {
		return nil, false
	}
	if f.Num == 0 {
		f.Den = 1
	}
	return f.Reduce(), true
}

// fitsFraction: both parts have 32 bits as in GStreamer, so that comparing two
// fractions cannot overflow.
func fitsFraction(f Fraction) bool {
	return f.Num >= -math.MaxInt32 && f.Num <= math.MaxInt32 && f.Den <= math.MaxInt32
}

func normalizeFractionRange(r FractionRange) (Value, bool) {
	lo, ok1 := normalizeFraction(r.Min)
	hi, ok2 := normalizeFraction(r.Max)
	if !ok1 || !ok2 {
		return nil, false
	}
	r = FractionRange{lo.(Fraction), hi.(Fraction)}
	switch c := r.Min.Cmp(r.Max); {
	case c == 0:
		return r.Min, true
	case c > 0:
		return nil, false
	}
	return r, true
}

// appendMember adds v to the list, or the members of v if it is a list itself,
// unless the list holds it already.
func appendMember(l List, v Value) List {
	if sub, ok := v.(List); ok {
		for _, m := range sub {
			l = appendMember(l, m)
		}
		return l
	}
	if valueSubset(v, l) {
		return l
	}
	return append(l, v)
}

func collapse(l List) (Value, bool) {
	switch len(l) {
	case 0:
		return nil, false
	case 1:
		return l[0], true
	}
	return l, true
}
