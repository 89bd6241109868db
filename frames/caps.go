package frames

import (
	"fmt"
	"strings"
)

// Caps is a set of formats: what a pad could take or give, or, when it is fixed,
// the one format of a stream. It is a list of alternatives, the preferred first,
// and follows GStreamer's rules: a field that is missing may be anything, media
// types must be equal, features must be equal unless one side says ANY.
//
// Caps are immutable; every method returns new ones, which may share structures
// with the old. The zero value is empty: no format at all.
type Caps struct {
	any  bool
	list []Structure
}

// AnyCaps is every format of every medium.
func AnyCaps() Caps { return Caps{any: true} }

// NewCaps makes caps of alternatives, the preferred first. Values come into
// their simplest form (a range of one number is that number), features are
// sorted, and a structure that no stream can match (an empty list, a range whose
// ends are swapped) or that an earlier one includes is left out.
func NewCaps(s ...Structure) Caps {
	list := make([]Structure, 0, len(s))
	for _, st := range s {
		if st, ok := st.normalize(); ok {
			list = appendStructure(list, st)
		}
	}
	return Caps{list: list}
}

// MustCaps is [ParseCaps] for text in programs; it panics on a mistake.
func MustCaps(text string) Caps {
	c, err := ParseCaps(text)
	if err != nil {
		panic(fmt.Sprintf("frames.MustCaps(%q): %v", text, err))
	}
	return c
}

// appendStructure adds s unless an earlier structure includes it.
func appendStructure(list []Structure, s Structure) []Structure {
	for i := range list {
		if s.isSubsetOf(list[i]) {
			return list
		}
	}
	return append(list, s)
}

// IsAny says whether these are all formats there are.
func (c Caps) IsAny() bool { return c.any }

// IsEmpty says whether there is no format at all.
func (c Caps) IsEmpty() bool { return !c.any && len(c.list) == 0 }

// IsFixed says whether this is exactly one format: one structure, without
// ranges, lists or ANY features.
func (c Caps) IsFixed() bool { return !c.any && len(c.list) == 1 && c.list[0].isFixed() }

// Structures are the alternatives, the preferred first; none for ANY and for
// empty caps. They belong to the caps: read only.
func (c Caps) Structures() []Structure { return c.list[:len(c.list):len(c.list)] }

// Intersect is what both allow, in c's order of preference, without duplicates.
func (c Caps) Intersect(d Caps) Caps {
	switch {
	case c.any:
		return d
	case d.any:
		return c
	}
	var list []Structure
	for i := range c.list {
		for j := range d.list {
			if s, ok := c.list[i].intersect(d.list[j]); ok {
				list = appendStructure(list, s)
			}
		}
	}
	return Caps{list: list}
}

// CanIntersect says whether there is a format that both allow, and makes nothing.
func (c Caps) CanIntersect(d Caps) bool {
	if c.any || d.any {
		return !c.IsEmpty() && !d.IsEmpty()
	}
	for i := range c.list {
		for j := range d.list {
			if c.list[i].canIntersect(d.list[j]) {
				return true
			}
		}
	}
	return false
}

// IsSubsetOf says whether d allows every format of c. Each structure of c must
// lie inside one structure of d, and each range inside one member of a list;
// that several of them cover it together does not count, as in GStreamer.
func (c Caps) IsSubsetOf(d Caps) bool {
	switch {
	case d.any:
		return true
	case c.any:
		return false
	}
	for i := range c.list {
		inside := false
		for j := range d.list {
			if c.list[i].isSubsetOf(d.list[j]) {
				inside = true
				break
			}
		}
		if !inside {
			return false
		}
	}
	return true
}

// Equal says whether both allow the same formats, in whatever order.
func (c Caps) Equal(d Caps) bool { return c.IsSubsetOf(d) && d.IsSubsetOf(c) }

// Union is what either allows: c, then those structures of d that no earlier one
// includes.
func (c Caps) Union(d Caps) Caps {
	if c.any || d.any {
		return AnyCaps()
	}
	list := c.list[:len(c.list):len(c.list)]
	for _, s := range d.list {
		list = appendStructure(list, s)
	}
	return Caps{list: list}
}

// Fixate is the one format that these caps stand for by GStreamer's default
// rules: of the first structure the lowest value of each range, the first of
// each list, and system memory for ANY features. To wish for something else, use
// the Fixate methods of [Structure] before. Empty caps and ANY stay what they are.
func (c Caps) Fixate() Caps {
	if len(c.list) == 0 {
		return c
	}
	return Caps{list: []Structure{c.list[0].fixate()}}
}

// WithoutFeatures is c in system memory: what caps mean where the memory that
// they name, such as memory:NVMM, does not exist.
func (c Caps) WithoutFeatures() Caps {
	if c.any {
		return c
	}
	plain := make([]Structure, 0, len(c.list))
	for _, s := range c.list {
		s.Features = ""
		plain = append(plain, s)
	}
	return NewCaps(plain...)
}

// HasFeatures reports whether some structure asks for a kind of memory other than
// the system's.
func (c Caps) HasFeatures() bool {
	for _, s := range c.list {
		if s.Features != "" {
			return true
		}
	}
	return false
}

// String is "ANY", "EMPTY" or caps text with types, such as
// "video/x-raw, format=(string)RGB, width=(int)320". [ParseCaps] reads it back.
func (c Caps) String() string {
	switch {
	case c.any:
		return "ANY"
	case len(c.list) == 0:
		return "EMPTY"
	}
	texts := make([]string, len(c.list))
	for i, s := range c.list {
		texts[i] = s.String()
	}
	return strings.Join(texts, "; ")
}

// MarshalText is [Caps.String], for JSON and YAML.
func (c Caps) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is [ParseCaps].
func (c *Caps) UnmarshalText(text []byte) error {
	parsed, err := ParseCaps(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}
