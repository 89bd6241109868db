package eiengine

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// uriScheme says which elements stand for a URI, and which of their properties
// takes the path in it.
type uriScheme struct{ source, sink, property string }

var uriSchemes = map[string]uriScheme{
	"file": {source: "filesrc", sink: "filesink", property: "location"},
}

// URIHandler says which elements stand for URIs of a scheme in launch text, each
// empty if none does.
type URIHandler struct{ Scheme, Source, Sink string }

// URIHandlers lists the schemes, by name.
func URIHandlers() []URIHandler {
	var all []URIHandler
	for _, scheme := range slices.Sorted(maps.Keys(uriSchemes)) {
		all = append(all, URIHandler{scheme, uriSchemes[scheme].source, uriSchemes[scheme].sink})
	}
	return all
}

// uri reads a URI and makes the element that stands for it: a source at the
// beginning of a chain (d is Src), a sink at its end.
func (p *launchParser) uri(d Direction) (linkEnd, error) {
	pos := p.pos
	p.skipTo(isBlank)
	text := unescape(p.text[pos:p.pos])
	scheme, rest, found := strings.Cut(text, "://")
	s := uriSchemes[strings.ToLower(scheme)]
	element, kind := s.source, "source"
	if d == Sink {
		element, kind = s.sink, "sink"
	}
	if !found || element == "" {
		remedy := "use an element, such as filesrc location=…"
		if !found {
			remedy = "paths are written as file:///directory/name, or with filesrc location=…"
		}
		return linkEnd{}, p.failWord(pos, text, fmt.Sprintf("no %s element for URI %q", kind, text), remedy)
	}
	path, err := url.PathUnescape(rest)
	if err != nil {
		return linkEnd{}, p.failWord(pos, text, fmt.Sprintf("could not read the URI %q: %v", text, err), "write % as %25")
	}
	if !strings.HasPrefix(path, "/") {
		return linkEnd{}, p.failWord(pos, text, fmt.Sprintf("no %s element for URI %q: it names another machine", kind, text),
			fmt.Sprintf("paths begin with a third slash: %s:///%s", scheme, rest))
	}
	end := p.addNode(element, pos)
	end.uri = true
	p.nodes[end.node].Props = []PropSpec{{Name: s.property, Value: path, Column: p.column(pos)}}
	return end, nil
}
