package eiengine

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Flags is implemented by the named uint types of properties that are a set of
// flags, written as nicks with + between them, such as discont+gap.
type Flags interface {
	// FlagValues lists the flags, each value a bit.
	FlagValues() []EnumValue
}

const noFlags = "(none)"

var (
	flagsCodec = valueCodec{name: "flags", zero: noFlags, parse: parseFlags}
	flagsType  = reflect.TypeFor[Flags]()
)

// parseFlags reads nicks, long names and numbers, joined by +.
func parseFlags(p *Property, text string) (reflect.Value, error) {
	var set uint64
	if text == noFlags || text == "" {
		return reflect.ValueOf(set), nil
	}
	var all uint64
	for _, v := range p.Enum {
		all |= uint64(v.Value)
	}
	for word := range strings.SplitSeq(strings.TrimPrefix(text, "+"), "+") {
		bits, err := parseFlag(p, strings.TrimSpace(word))
		if err != nil {
			return reflect.Value{}, err
		}
		if extra := bits &^ all; extra != 0 {
			return reflect.Value{}, fmt.Errorf("%#x stands for no flag", extra)
		}
		set |= bits
	}
	return reflect.ValueOf(set), nil
}

func parseFlag(p *Property, word string) (uint64, error) {
	nicks := make([]string, 0, len(p.Enum))
	for _, v := range p.Enum {
		if word == v.Nick || v.Name != "" && strings.EqualFold(word, v.Name) {
			return uint64(v.Value), nil
		}
		nicks = append(nicks, v.Nick)
	}
	if n, err := strconv.ParseUint(word, 0, 32); err == nil {
		return n, nil
	}
	return 0, fmt.Errorf("%q is no flag; want some of %s with + between them", word, strings.Join(nicks, ", "))
}

func flagNicks(values []EnumValue, set uint64) string {
	var nicks []string
	for _, v := range values {
		if set&uint64(v.Value) != 0 {
			nicks = append(nicks, v.Nick)
		}
	}
	if nicks == nil {
		return noFlags
	}
	return strings.Join(nicks, "+")
}
