package main

import (
	"fmt"
	"io"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/eiengine/eiengine"
)

// familyOf is the package of an element, what a plugin is in GStreamer.
func familyOf(f *eiengine.Factory) string {
	t := reflect.TypeOf(f.New())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return path.Base(t.PkgPath())
}

// ofFamily keeps the elements of a family.
func ofFamily(all []*eiengine.Factory, family string) []*eiengine.Factory {
	return slices.DeleteFunc(slices.Clone(all), func(f *eiengine.Factory) bool { return familyOf(f) != family })
}

// ofTypes keeps the elements whose class has all of the types, which stand between
// slashes in any order, as "Video/Filter".
func ofTypes(all []*eiengine.Factory, types string) []*eiengine.Factory {
	return slices.DeleteFunc(slices.Clone(all), func(f *eiengine.Factory) bool {
		class := strings.Split(strings.ToLower(f.Class), "/")
		for t := range strings.SplitSeq(strings.ToLower(types), "/") {
			if t != "" && !slices.Contains(class, t) {
				return true
			}
		}
		return false
	})
}

// writeList lists elements by family, as gst-inspect-1.0 does by plugin.
func writeList(w io.Writer, all []description) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b description) int { return strings.Compare(a.Family, b.Family) })
	families := map[string]bool{}
	for _, d := range all {
		families[d.Family] = true
		fmt.Fprintf(w, "%s:  %s: %s\n", d.Family, d.Name, d.LongName)
	}
	fmt.Fprintf(w, "\nTotal count: %d families, %d elements; `eiengine inspect ELEMENT` describes one.\n", len(families), len(all))
}

// writeURIHandlers lists the schemes of URIs that may stand in launch lines.
func writeURIHandlers(w io.Writer) {
	for _, h := range eiengine.URIHandlers() {
		if h.Sink != "" {
			fmt.Fprintf(w, "%s (write): %s\n", h.Sink, h.Scheme)
		}
		if h.Source != "" {
			fmt.Fprintf(w, "%s (read): %s\n", h.Source, h.Scheme)
		}
	}
}

// uriOf says what an element does with URIs.
func uriOf(element string) *uriDescription {
	var d uriDescription
	for _, h := range eiengine.URIHandlers() {
		switch element {
		case h.Source:
			d.Type = "source"
		case h.Sink:
			d.Type = "sink"
		default:
			continue
		}
		d.Schemes = append(d.Schemes, h.Scheme)
	}
	if d.Type == "" {
		return nil
	}
	return &d
}

// uriDescription is what an element does with URIs; Type is "source" or "sink".
type uriDescription struct {
	Type    string   `json:"type"`
	Schemes []string `json:"schemes"`
}
