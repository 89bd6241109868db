package frames

import "iter"

// Meta is a piece of information attached to a frame. Values are immutable once
// attached: they are shared by every branch that the frame reaches.
type Meta interface {
	// MetaName is a short name for listings, such as "region".
	MetaName() string
}

// Mappable is a Meta that lies somewhere in the picture. Mapped returns it as
// seen after the picture went through m and became width x height pixels, or nil
// if nothing of it is left.
type Mappable interface {
	Meta
	Mapped(m Mapping, width, height int) Meta
}

// metaNode is a persistent list: prepending shares the tail.
type metaNode struct {
	value Meta
	next  *metaNode
}

// Attach adds a value for this header and for those shared from it later, not
// for its siblings.
func (f *Frame) Attach(m Meta) {
	f.alive()
	f.meta = &metaNode{m, f.meta}
}

// Metas yields what is attached, latest first.
func (f *Frame) Metas() iter.Seq[Meta] {
	return func(yield func(Meta) bool) {
		for n := f.meta; n != nil; n = n.next {
			if !yield(n.value) {
				return
			}
		}
	}
}

// MetaOf is the latest attached value of type T.
func MetaOf[T Meta](f *Frame) (value T, ok bool) {
	for n := f.meta; n != nil; n = n.next {
		if v, ok := n.value.(T); ok {
			return v, true
		}
	}
	return value, false
}

// MetasOf yields the attached values of type T in the order in which they were
// attached.
func MetasOf[T Meta](f *Frame) iter.Seq[T] {
	return func(yield func(T) bool) { eachOf(f.meta, yield) }
}

func eachOf[T Meta](n *metaNode, yield func(T) bool) bool {
	if n == nil {
		return true
	}
	if !eachOf(n.next, yield) {
		return false
	}
	v, ok := n.value.(T)
	return !ok || yield(v)
}

// HasMeta reports whether anything is attached.
func (f *Frame) HasMeta() bool { return f.meta != nil }

// MapMetas carries everything that lies in the picture through m; what falls out
// of the new picture is dropped, everything else is kept as it is.
func (f *Frame) MapMetas(m Mapping, width, height int) {
	if f.meta == nil || m.IsIdentity() {
		return
	}
	f.meta = mapList(f.meta, m, width, height)
}

func mapList(n *metaNode, m Mapping, width, height int) *metaNode {
	if n == nil {
		return nil
	}
	next := mapList(n.next, m, width, height)
	value := n.value
	if v, ok := value.(Mappable); ok {
		if value = v.Mapped(m, width, height); value == nil {
			return next
		}
	}
	return &metaNode{value, next}
}
