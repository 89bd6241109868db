package frames

import "slices"

// The set algebra of normalized values. A value stands for the set of what a
// stream may have in that field.

// intersectValue keeps the order of preference of a; false if nothing is left.
func intersectValue(a, b Value) (Value, bool) {
	if l, ok := a.(List); ok {
		if m, ok := b.(List); ok && slices.Equal(l, m) {
			return a, true // converters in a row name the same formats
		}
		var out List
		for _, m := range l {
			if v, ok := intersectValue(m, b); ok {
				out = appendMember(out, v)
			}
		}
		return collapse(out)
	}
	if l, ok := b.(List); ok {
		var out List
		for _, m := range l {
			if v, ok := intersectSimple(a, m); ok {
				out = appendMember(out, v)
			}
		}
		return collapse(out)
	}
	return intersectSimple(a, b)
}

// intersectSimple intersects two values of which neither is a list.
func intersectSimple(a, b Value) (Value, bool) {
	switch {
	case simpleSubset(a, b):
		return a, true
	case simpleSubset(b, a):
		return b, true
	}
	// What is left are ranges that overlap in part.
	switch a := a.(type) {
	case IntRange:
		if b, ok := b.(IntRange); ok {
			return normalize(IntRange{max(a.Min, b.Min), min(a.Max, b.Max)})
		}
	case FloatRange:
		if b, ok := b.(FloatRange); ok {
			return normalize(FloatRange{max(a.Min, b.Min), min(a.Max, b.Max)})
		}
	case FractionRange:
		if b, ok := b.(FractionRange); ok {
			if a.Min.Cmp(b.Min) < 0 {
				a.Min = b.Min
			}
			if a.Max.Cmp(b.Max) > 0 {
				a.Max = b.Max
			}
			return normalizeFractionRange(a)
		}
	}
	return nil, false
}

// canIntersectValue is intersectValue without making the result.
func canIntersectValue(a, b Value) bool {
	if l, ok := a.(List); ok {
		for _, m := range l {
			if canIntersectValue(m, b) {
				return true
			}
		}
		return false
	}
	if l, ok := b.(List); ok {
		for _, m := range l {
			if canIntersectSimple(a, m) {
				return true
			}
		}
		return false
	}
	return canIntersectSimple(a, b)
}

func canIntersectSimple(a, b Value) bool {
	switch a := a.(type) {
	case IntRange:
		if b, ok := b.(IntRange); ok {
			return a.Min <= b.Max && b.Min <= a.Max
		}
	case FloatRange:
		if b, ok := b.(FloatRange); ok {
			return a.Min <= b.Max && b.Min <= a.Max
		}
	case FractionRange:
		if b, ok := b.(FractionRange); ok {
			return a.Min.Cmp(b.Max) <= 0 && b.Min.Cmp(a.Max) <= 0
		}
	}
	return simpleSubset(a, b) || simpleSubset(b, a)
}

// valueSubset says whether every value of a is one of b. A range that only the
// union of several members of b covers does not count.
func valueSubset(a, b Value) bool {
	if l, ok := a.(List); ok {
		if m, ok := b.(List); ok && slices.Equal(l, m) {
			return true
		}
		for _, m := range l {
			if !valueSubset(m, b) {
				return false
			}
		}
		return true
	}
	if l, ok := b.(List); ok {
		for _, m := range l {
			if simpleSubset(a, m) {
				return true
			}
		}
		return false
	}
	return simpleSubset(a, b)
}

func simpleSubset(a, b Value) bool {
	switch b := b.(type) {
	case Int:
		v, ok := a.(Int)
		return ok && v == b
	case Float:
		v, ok := a.(Float)
		return ok && v == b
	case Bool:
		v, ok := a.(Bool)
		return ok && v == b
	case String:
		v, ok := a.(String)
		return ok && v == b
	case Bitmask:
		v, ok := a.(Bitmask)
		return ok && v == b
	case Fraction:
		v, ok := a.(Fraction)
		return ok && v.Cmp(b) == 0
	case IntRange:
		switch v := a.(type) {
		case Int:
			return int(v) >= b.Min && int(v) <= b.Max
		case IntRange:
			return v.Min >= b.Min && v.Max <= b.Max
		}
	case FloatRange:
		switch v := a.(type) {
		case Float:
			return float64(v) >= b.Min && float64(v) <= b.Max
		case FloatRange:
			return v.Min >= b.Min && v.Max <= b.Max
		}
	case FractionRange:
		switch v := a.(type) {
		case Fraction:
			return v.Cmp(b.Min) >= 0 && v.Cmp(b.Max) <= 0
		case FractionRange:
			return v.Min.Cmp(b.Min) >= 0 && v.Max.Cmp(b.Max) <= 0
		}
	}
	return false
}

func isFixedValue(v Value) bool {
	switch v.(type) {
	case IntRange, FloatRange, FractionRange, List:
		return false
	}
	return true
}

// fixateValue picks by GStreamer's default rules: the lowest of a range, the
// first of a list.
func fixateValue(v Value) Value {
	switch v := v.(type) {
	case IntRange:
		return Int(v.Min)
	case FloatRange:
		return Float(v.Min)
	case FractionRange:
		return v.Min
	case List:
		if len(v) > 0 {
			return fixateValue(v[0])
		}
	}
	return v
}
