package capture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// decodersOf lists the elements that decode such a stream, by rank and name.
func decodersOf(r *eiengine.Registry, caps frames.Caps, hardware bool) []*eiengine.Factory {
	list := slices.DeleteFunc(r.All(), func(f *eiengine.Factory) bool {
		return !isDecoder(f) || !hardware && strings.Contains(f.Class, "Hardware") || !takes(f, caps)
	})
	slices.SortStableFunc(list, func(a, b *eiengine.Factory) int { return cmp.Compare(b.Rank, a.Rank) })
	return list
}

func isDecoder(f *eiengine.Factory) bool {
	return f.Rank > 0 && (strings.Contains(f.Class, "Decoder") || strings.Contains(f.Class, "Demuxer"))
}

func takes(f *eiengine.Factory, caps frames.Caps) bool {
	return slices.ContainsFunc(f.Pads, func(t eiengine.PadTemplate) bool {
		return t.Direction == eiengine.Sink && !t.Caps.IsAny() && t.Caps.CanIntersect(caps)
	})
}

func gives(f *eiengine.Factory, caps frames.Caps) bool {
	return slices.ContainsFunc(f.Pads, func(t eiengine.PadTemplate) bool {
		return t.Direction == eiengine.Src && t.Caps.CanIntersect(caps)
	})
}

// mediaOf is the media type of caps, empty if there are none.
func mediaOf(caps frames.Caps) string {
	if list := caps.Structures(); len(list) > 0 {
		return list[0].Media
	}
	return ""
}

// decodable lists what the registered elements decode.
func decodable(r *eiengine.Registry) []string {
	var media []string
	for _, f := range r.All() {
		if !isDecoder(f) {
			continue
		}
		for _, t := range f.Pads {
			if t.Direction == eiengine.Src || t.Caps.IsAny() {
				continue
			}
			for _, s := range t.Caps.Structures() {
				media = append(media, s.Media)
			}
		}
	}
	slices.Sort(media)
	return slices.Compact(media)
}

// remedy says what can be decoded.
func remedy(c *eiengine.Ctx) string {
	return "give it one of " + strings.Join(decodable(c.Engine().Registry()), ", ")
}

// noDecoder says what nothing decodes, and what it holds if that can be seen.
func noDecoder(c *eiengine.Ctx, media string, head []byte) error {
	switch inside := holds(media, head); {
	case media == "application/x-id3":
		return fmt.Errorf("no decoder for %s, which an ID3 tag stands before: %s", behindID3(head), remedy(c))
	case len(inside) > 0:
		return fmt.Errorf("no decoder for %s, which holds %s: %s", media, strings.Join(inside, " and "), remedy(c))
	}
	return fmt.Errorf("no decoder for %s: %s", media, remedy(c))
}
