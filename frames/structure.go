package frames

import (
	"math"
	"slices"
	"strings"
)

// Field is one named value of a [Structure].
type Field struct {
	Name  string
	Value Value
}

// Structure is one alternative of [Caps]: a media type and what is known of its
// fields. A field that is missing may have any value. Structures are values;
// the methods return changed copies and leave the receiver alone.
type Structure struct {
	// Media is the media type, such as "video/x-raw".
	Media string
	// Features says where the data lies: "" is system memory, otherwise a sorted
	// list joined by commas, such as "memory:NVMM", or "ANY" for all of them.
	Features string
	Fields   []Field
}

const (
	anyFeatures    = "ANY"
	systemFeatures = "memory:SystemMemory"
)

// Get is the value of a field, and whether there is one.
func (s Structure) Get(name string) (Value, bool) {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return s.Fields[i].Value, true
		}
	}
	return nil, false
}

// With is a copy in which the field has this value. A new field comes last.
func (s Structure) With(name string, v Value) Structure {
	s.Fields = slices.Clone(s.Fields)
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			s.Fields[i].Value = v
			return s
		}
	}
	s.Fields = append(s.Fields, Field{name, v})
	return s
}

// Without is a copy that says nothing about the field.
func (s Structure) Without(name string) Structure {
	s.Fields = slices.DeleteFunc(slices.Clone(s.Fields), func(f Field) bool { return f.Name == name })
	return s
}

// String is the structure as caps text, with types.
func (s Structure) String() string {
	var b strings.Builder
	b.WriteString(s.Media)
	if s.Features != "" {
		b.WriteString("(" + strings.ReplaceAll(s.Features, ",", ", ") + ")")
	}
	for _, f := range s.Fields {
		b.WriteString(", " + f.Name + "=" + typedText(f.Value))
	}
	return b.String()
}

// FixateInt is a copy in which the field has the whole number nearest to the
// wished one of those that it allows; unchanged if there is no such field or it
// holds no numbers.
func (s Structure) FixateInt(name string, nearest int) Structure {
	best, found := 0, false
	s.eachChoice(name, func(v Value) {
		n := 0
		switch v := v.(type) {
		case Int:
			n = int(v)
		case IntRange:
			n = min(max(nearest, v.Min), v.Max)
		default:
			return
		}
		// Differences as floats: those of integers may overflow.
		if !found || math.Abs(float64(n)-float64(nearest)) < math.Abs(float64(best)-float64(nearest)) {
			best, found = n, true
		}
	})
	if !found {
		return s
	}
	return s.With(name, Int(best))
}

// FixateFraction is like [Structure.FixateInt] for a field of fractions.
func (s Structure) FixateFraction(name string, nearest Fraction) Structure {
	var best Fraction
	found := false
	s.eachChoice(name, func(v Value) {
		f := nearest
		switch v := v.(type) {
		case Fraction:
			f = v
		case FractionRange:
			switch {
			case nearest.Cmp(v.Min) < 0:
				f = v.Min
			case nearest.Cmp(v.Max) > 0:
				f = v.Max
			}
		default:
			return
		}
		if !found || math.Abs(f.Float()-nearest.Float()) < math.Abs(best.Float()-nearest.Float()) {
			best, found = f, true
		}
	})
	if !found {
		return s
	}
	return s.With(name, best)
}

// FixateString is a copy in which the field has the first of the preferred
// strings that it allows, or its own first string if it allows none of them;
// unchanged if there is no such field or it holds no strings.
func (s Structure) FixateString(name string, prefer ...string) Structure {
	best, rank, found := String(""), len(prefer), false
	s.eachChoice(name, func(v Value) {
		str, ok := v.(String)
		if !ok {
			return
		}
		r := slices.Index(prefer, string(str))
		if r < 0 {
			r = len(prefer)
		}
		if !found || r < rank {
			best, rank, found = str, r, true
		}
	})
	if !found {
		return s
	}
	return s.With(name, best)
}

// eachChoice visits what a field allows, most preferred first.
func (s Structure) eachChoice(name string, visit func(Value)) {
	v, _ := s.Get(name)
	l, ok := v.(List)
	if !ok {
		visit(v)
		return
	}
	for _, m := range l {
		visit(m)
	}
}

// normalize brings features and values into the form that the set algebra
// expects; false if no stream can be like this.
func (s Structure) normalize() (Structure, bool) {
	fields := make([]Field, 0, len(s.Fields))
	for _, f := range s.Fields {
		if f.Value == nil {
			continue // says nothing, like a missing field
		}
		v, ok := normalize(f.Value)
		if !ok {
			return s, false
		}
		f.Value = v
		i := slices.IndexFunc(fields, func(g Field) bool { return g.Name == f.Name })
		if i >= 0 {
			fields[i] = f // as in GStreamer the last one counts
			continue
		}
		fields = append(fields, f)
	}
	s.Fields = fields
	s.Features = normalizeFeatures(s.Features)
	return s, true
}

func normalizeFeatures(text string) string {
	if text == "" || text == anyFeatures || text == systemFeatures {
		return strings.TrimSuffix(text, systemFeatures)
	}
	var list []string
	for f := range strings.SplitSeq(text, ",") {
		if f = strings.TrimSpace(f); f != "" && f != systemFeatures {
			list = append(list, f)
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",")
}

func intersectFeatures(a, b string) (string, bool) {
	switch {
	case a == anyFeatures:
		return b, true
	case b == anyFeatures:
		return a, true
	}
	return a, a == b
}

func (s Structure) intersect(t Structure) (Structure, bool) {
	features, ok := intersectFeatures(s.Features, t.Features)
	if !ok || s.Media != t.Media || !s.canIntersect(t) {
		return Structure{}, false
	}
	out := Structure{Media: s.Media, Features: features, Fields: make([]Field, 0, len(s.Fields)+len(t.Fields))}
	for _, f := range s.Fields {
		if v, both := t.Get(f.Name); both {
			if f.Value, ok = intersectValue(f.Value, v); !ok {
				return Structure{}, false
			}
		}
		out.Fields = append(out.Fields, f)
	}
	for _, f := range t.Fields {
		if _, both := s.Get(f.Name); !both {
			out.Fields = append(out.Fields, f)
		}
	}
	return out, true
}

func (s Structure) canIntersect(t Structure) bool {
	if _, ok := intersectFeatures(s.Features, t.Features); !ok || s.Media != t.Media {
		return false
	}
	for i := range s.Fields {
		if v, both := t.Get(s.Fields[i].Name); both && !canIntersectValue(s.Fields[i].Value, v) {
			return false
		}
	}
	return true
}

func (s Structure) isSubsetOf(t Structure) bool {
	if s.Media != t.Media || (t.Features != anyFeatures && s.Features != t.Features) {
		return false
	}
	for i := range t.Fields {
		if v, ok := s.Get(t.Fields[i].Name); !ok || !valueSubset(v, t.Fields[i].Value) {
			return false
		}
	}
	return true
}

func (s Structure) isFixed() bool {
	if s.Features == anyFeatures {
		return false
	}
	for i := range s.Fields {
		if !isFixedValue(s.Fields[i].Value) {
			return false
		}
	}
	return true
}

func (s Structure) fixate() Structure {
	if s.Features == anyFeatures {
		s.Features = ""
	}
	s.Fields = slices.Clone(s.Fields)
	for i := range s.Fields {
		s.Fields[i].Value = fixateValue(s.Fields[i].Value)
	}
	return s
}
