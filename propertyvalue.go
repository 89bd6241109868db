package eiengine

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// valueCodec reads the text of a property of one Go type, as gst-launch does.
type valueCodec struct {
	name         string
	zero, lo, hi string
	parse        func(p *Property, text string) (reflect.Value, error)
}

var (
	boolCodec     = valueCodec{name: "bool", zero: "false", parse: parseBool}
	intCodec      = valueCodec{name: "int", zero: "0", lo: "-2147483648", hi: "2147483647", parse: parseSigned}
	int64Codec    = valueCodec{name: "int64", zero: "0", lo: "-9223372036854775808", hi: "9223372036854775807", parse: parseSigned}
	uintCodec     = valueCodec{name: "uint", zero: "0", lo: "0", hi: "4294967295", parse: parseUnsigned}
	uint64Codec   = valueCodec{name: "uint64", zero: "0", lo: "0", hi: "18446744073709551615", parse: parseUnsigned}
	doubleCodec   = valueCodec{name: "double", zero: "0", lo: "-1.797693e+308", hi: "1.797693e+308", parse: parseDouble}
	stringCodec   = valueCodec{name: "string", parse: parseString}
	stringsCodec  = valueCodec{name: "strings"}
	fractionCodec = valueCodec{name: "fraction", zero: "0/1", parse: parseFraction}
	capsCodec     = valueCodec{name: "caps", zero: "ANY", parse: parseCaps}
	enumCodec     = valueCodec{name: "enum", parse: parseEnum}
	structCodec   = valueCodec{name: "structure", parse: parseStructure}
)

var enumType = reflect.TypeFor[Enum]()

func codecOf(t reflect.Type) (*valueCodec, error) {
	switch {
	case t == reflect.TypeFor[frames.Fraction]():
		return &fractionCodec, nil
	case t == reflect.TypeFor[frames.Caps]():
		return &capsCodec, nil
	case t == reflect.TypeFor[frames.Structure]():
		return &structCodec, nil
	case t == reflect.TypeFor[[]string]():
		return &stringsCodec, nil
	case t.Implements(enumType) && t.Kind() == reflect.Int:
		return &enumCodec, nil
	case t.Implements(flagsType) && t.Kind() == reflect.Uint:
		return &flagsCodec, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return &boolCodec, nil
	case reflect.Int:
		return &intCodec, nil
	case reflect.Int64:
		return &int64Codec, nil
	case reflect.Uint:
		return &uintCodec, nil
	case reflect.Uint64:
		return &uint64Codec, nil
	case reflect.Float64:
		return &doubleCodec, nil
	case reflect.String:
		return &stringCodec, nil
	}
	return nil, fmt.Errorf("properties cannot be of type %s", t)
}

func parseBool(_ *Property, text string) (reflect.Value, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "t", "1":
		return reflect.ValueOf(true), nil
	case "false", "no", "f", "0":
		return reflect.ValueOf(false), nil
	}
	return reflect.Value{}, fmt.Errorf("want true or false")
}

// parseInteger reads decimal, hexadecimal (0x) and octal (0) integers and the
// keywords that GStreamer knows: the ends of the range and the orders of bytes. A
// number that no variable of the type could hold is no value of it.
func parseInteger(p *Property, text string) (*big.Int, error) {
	switch strings.ToLower(text) {
	case "min":
		text = p.Min
	case "max":
		text = p.Max
	case "little_endian":
		text = "1234"
	case "big_endian":
		text = "4321"
	case "byte_order":
		text = "1234"
		if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
			text = "4321"
		}
	}
	n, ok := new(big.Int).SetString(text, 0)
	if !ok || strings.ContainsAny(text, "_oO") || isBinary(text) {
		return nil, fmt.Errorf("want an integer, such as %s", p.Default)
	}
	bits := p.bits()
	if n.BitLen() > bits || n.Sign() < 0 && new(big.Int).Not(n).BitLen() >= bits {
		return nil, fmt.Errorf("want an integer of %d bits, such as %s", bits, p.Default)
	}
	return n, nil
}

// isBinary says whether a number is written as 0b…, which GStreamer does not know.
func isBinary(text string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimLeft(text, "+-")), "0b")
}

// bits is the size of the variable behind an integer property.
func (p *Property) bits() int {
	if p.Type == "int64" || p.Type == "uint64" {
		return 64
	}
	return 32
}

func (p *Property) checkRange(n *big.Int) error {
	lo, _ := new(big.Int).SetString(p.Min, 10)
	hi, _ := new(big.Int).SetString(p.Max, 10)
	if lo == nil || hi == nil {
		return fmt.Errorf("bad range %q to %q", p.Min, p.Max)
	}
	if n.Cmp(lo) < 0 || n.Cmp(hi) > 0 {
		return &RangeError{Min: p.Min, Max: p.Max}
	}
	return nil
}

func parseSigned(p *Property, text string) (reflect.Value, error) {
	n, err := parseInteger(p, text)
	if err != nil {
		return reflect.Value{}, err
	}
	if err := p.checkRange(n); err != nil {
		return reflect.Value{}, err
	}
	return reflect.ValueOf(n.Int64()), nil
}

// parseUnsigned takes -1 for the largest value, as GStreamer does.
func parseUnsigned(p *Property, text string) (reflect.Value, error) {
	n, err := parseInteger(p, text)
	if err != nil {
		return reflect.Value{}, err
	}
	if n.IsInt64() && n.Int64() == -1 {
		n.SetString(p.Max, 10)
	}
	if err := p.checkRange(n); err != nil {
		return reflect.Value{}, err
	}
	return reflect.ValueOf(n.Uint64()), nil
}

func parseDouble(p *Property, text string) (reflect.Value, error) {
	switch strings.ToLower(text) {
	case "min":
		text = p.Min
	case "max":
		text = p.Max
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) {
		return reflect.Value{}, fmt.Errorf("want a number, such as %s", p.Default)
	}
	lo, errLo := strconv.ParseFloat(p.Min, 64)
	hi, errHi := strconv.ParseFloat(p.Max, 64)
	if errLo != nil || errHi != nil {
		return reflect.Value{}, fmt.Errorf("bad range %q to %q", p.Min, p.Max)
	}
	if v < lo || v > hi {
		return reflect.Value{}, &RangeError{Min: p.Min, Max: p.Max}
	}
	return reflect.ValueOf(v), nil
}

func parseString(_ *Property, text string) (reflect.Value, error) {
	return reflect.ValueOf(text), nil
}

func parseFraction(p *Property, text string) (reflect.Value, error) {
	num, den, slash := strings.Cut(text, "/")
	if !slash {
		den = "1"
	}
	n, err1 := strconv.Atoi(strings.TrimSpace(num))
	d, err2 := strconv.Atoi(strings.TrimSpace(den))
	if err1 != nil || err2 != nil || d <= 0 {
		return reflect.Value{}, fmt.Errorf("want a fraction, such as 30/1")
	}
	return reflect.ValueOf(frames.Fraction{Num: n, Den: d}), nil
}

func parseCaps(_ *Property, text string) (reflect.Value, error) {
	caps, err := frames.ParseCaps(text)
	if err != nil {
		return reflect.Value{}, err
	}
	return reflect.ValueOf(caps), nil
}

// parseStructure reads one structure, such as "controls,brightness=3".
func parseStructure(_ *Property, text string) (reflect.Value, error) {
	if text == "" {
		return reflect.ValueOf(frames.Structure{}), nil // none
	}
	caps, err := frames.ParseCaps(text)
	if err != nil {
		return reflect.Value{}, err
	}
	if len(caps.Structures()) != 1 {
		return reflect.Value{}, fmt.Errorf("want one structure, such as name,field=1")
	}
	return reflect.ValueOf(caps.Structures()[0]), nil
}

func parseEnum(p *Property, text string) (reflect.Value, error) {
	for _, v := range p.Enum {
		if text == v.Nick || v.Name != "" && strings.EqualFold(text, v.Name) {
			return reflect.ValueOf(v.Value), nil
		}
	}
	if n, err := strconv.ParseInt(text, 0, 32); err == nil {
		for _, v := range p.Enum {
			if v.Value == int(n) {
				return reflect.ValueOf(v.Value), nil
			}
		}
	}
	nicks := make([]string, 0, len(p.Enum))
	for _, v := range p.Enum {
		nicks = append(nicks, v.Nick)
	}
	if near := nearest(text, nicks); len(near) > 0 {
		return reflect.Value{}, fmt.Errorf("no such value; did you mean %s?", strings.Join(near, " or "))
	}
	return reflect.Value{}, fmt.Errorf("want one of %s", strings.Join(nicks, ", "))
}
