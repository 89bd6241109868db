package frames

// Region is an area of interest in the picture: a detection, a tracked object or
// anything else that somebody found. It plays the part of GStreamer's
// GstVideoRegionOfInterestMeta.
type Region struct {
	// Label is the class, Confidence its score (usually 0 to 1).
	Label      string
	Confidence float64
	// Rect is the area in pixels of the frame that carries the region.
	Rect Rect
	// Area is what Rect was rounded from, so that the region stays exact however
	// often the picture is scaled; the zero value means that Rect is exact.
	Area Area
	// Model is the area in pixels of the model's input, as the model said it.
	Model Rect
	// ObjectID stays with an object over time; valid if Tracked.
	ObjectID uint64
	Tracked  bool
	// FullFrame says that the region stands for the whole picture, because a
	// classification has no place: overlays draw no box for it, crops pass it over.
	FullFrame bool
	// Element is the name of the element that found it.
	Element string
}

// MetaName implements Meta.
func (*Region) MetaName() string { return "region" }

// Mapped implements Mappable. A region that is cut by the new picture's edge is
// clipped, one that is outside is dropped.
func (r *Region) Mapped(m Mapping, width, height int) Meta {
	out := *r
	if r.FullFrame {
		out.Rect, out.Area = Rect{0, 0, width, height}, Area{}
		return &out
	}
	area, ok := m.Area(r.Rect.exact(r.Area)).Clip(width, height)
	if !ok {
		return nil
	}
	out.Area, out.Rect = area, area.Rect()
	return &out
}

// Regions collects the regions of a frame in the order in which they were found.
func (f *Frame) Regions() []*Region {
	var all []*Region
	for n := f.meta; n != nil; n = n.next {
		if r, ok := n.value.(*Region); ok {
			all = append(all, r)
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}
