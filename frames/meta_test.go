package frames

import (
	"slices"
	"testing"
)

func bare() *Frame { return NewFrame(Untyped, WrapMemory(nil, nil)) }

func TestSiblingsDoNotSeeWhatIsAttached(t *testing.T) {
	f := bare()
	f.Attach(&Region{Label: "before"})
	g := f.Share()
	f.Attach(&Region{Label: "f"})
	g.Attach(&Region{Label: "g"})
	labels := func(f *Frame) (all []string) {
		for _, r := range f.Regions() {
			all = append(all, r.Label)
		}
		return all
	}
	if got := labels(f); !slices.Equal(got, []string{"before", "f"}) {
		t.Error(got)
	}
	if got := labels(g); !slices.Equal(got, []string{"before", "g"}) {
		t.Error(got)
	}
	f.Release()
	g.Release()
}

func TestMetadataFollowsThePicture(t *testing.T) {
	f := bare()
	defer f.Release()
	f.Attach(&Region{Label: "left", Rect: Rect{0, 0, 100, 100}})
	f.Attach(&Region{Label: "cut", Rect: Rect{300, 200, 200, 100}})
	f.Attach(&Region{Label: "all", FullFrame: true, Rect: Rect{0, 0, 640, 480}})
	f.Attach(&Classification{Label: "cat"})
	f.Attach(&Anomaly{Score: 1, Grid: []AnomalyCell{{Rect: Rect{320, 240, 8, 8}, Score: 2}, {Rect: Rect{0, 0, 8, 8}, Score: 3}}})
	// The lower right quarter, doubled.
	f.MapMetas(RectMapping(Rect{320, 240, 320, 240}, Rect{0, 0, 640, 480}), 640, 480)
	want := map[string]Rect{"cut": {0, 0, 360, 120}, "all": {0, 0, 640, 480}}
	got := map[string]Rect{}
	for _, r := range f.Regions() {
		got[r.Label] = r.Rect
	}
	if len(got) != len(want) || got["cut"] != want["cut"] || got["all"] != want["all"] {
		t.Errorf("got %v, want %v", got, want)
	}
	if c, ok := MetaOf[*Classification](f); !ok || c.Label != "cat" {
		t.Error("what has no place was lost")
	}
	if a, ok := MetaOf[*Anomaly](f); !ok || len(a.Grid) != 1 || a.Grid[0].Rect != (Rect{0, 0, 16, 16}) {
		t.Errorf("%+v", a)
	}
}
