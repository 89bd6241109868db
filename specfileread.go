package eiengine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ParseFile reads a file of pipelines, YAML or JSON:
//
//	pipelines:
//	  camera:
//	    launch: videotestsrc num-buffers=10 ! videoconvert ! fakesink
//	  detect:
//	    elements:
//	      - videotestsrc: {pattern: shapes, num-buffers: 30}
//	      - edgeimpulsevideoinfer: {model-path: "${MODEL:-builtin:shapes}"}
//	      - tee: {name: t}
//	      - fakesink
//	    links:
//	      - from: t
//	        elements: [queue, pngenc, {multifilesink: {location: "%03d.png"}}]
//
// The elements of a list are linked one behind the other. An item of links is a
// chain more: from a pad or an element, through elements, to a pad or an element,
// each of the three if it is needed. Pads are written as element.pad. Whether
// elements and properties exist is found by [File.Build]. The error is a
// *BuildError, which holds every mistake as a *FileError.
func ParseFile(path string, text []byte) (*File, error) {
	r := fileReader{File: &File{Path: path}}
	parse := parseYAML
	if strings.HasSuffix(path, ".json") || json.Valid(bytes.TrimSpace(text)) && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		parse = parseJSON
	}
	var root *fileNode
	err := guard(func() (err error) {
		root, err = parse(text)
		return err
	})
	var at *placeError
	switch {
	case errors.As(err, &at):
		r.fail(at.at, "%w", at.err)
	case err != nil:
		r.fail(filePlace{1, 1}, "%w", err)
	default:
		r.file(root)
	}
	if len(r.problems) > 0 {
		return nil, &BuildError{r.problems}
	}
	return r.File, nil
}

// fileNode is a piece of YAML or JSON with its place.
type fileNode struct {
	kind fileKind
	text string // of a scalar, as it is meant for launch text
	list []*fileNode
	keys []fileKey
	at   filePlace
	// block says that it is written on several lines.
	block bool
	// inside is the place of a character of text, counted from 0.
	inside func(char int) filePlace
}

type fileKey struct {
	name  string
	at    filePlace
	value *fileNode
}

type fileKind uint8

const (
	fileNothing fileKind = iota
	fileScalar
	fileList
	fileMap
)

// String is what users call it.
func (k fileKind) String() string { return [...]string{"nothing", "a value", "a list", "a mapping"}[k] }

// placeError is a mistake found while the syntax was read.
type placeError struct {
	at  filePlace
	err error
}

func (e *placeError) Error() string { return e.err.Error() }

// fileReader turns nodes into pipelines and collects mistakes.
type fileReader struct {
	*File
	problems []error
}

func (r *fileReader) fail(where filePlace, format string, args ...any) {
	r.problems = append(r.problems, r.at(where, fmt.Errorf(format, args...)))
}

// want says whether a node is of the kind that is needed.
func (r *fileReader) want(n *fileNode, k fileKind, what, remedy string) bool {
	if n.kind != k {
		r.fail(n.at, "%s is %s, want %s: %s", what, n.kind, k, remedy)
	}
	return n.kind == k
}

// known gives the values of the keys and refuses others.
func (r *fileReader) known(n *fileNode, what string, names ...string) map[string]*fileNode {
	values := map[string]*fileNode{}
	for _, k := range n.keys {
		switch {
		case !slices.Contains(names, k.name):
			r.fail(k.at, "unknown key %q in %s%s", k.name, what, hint(nearest(k.name, names), "it may hold "+strings.Join(names, ", ")))
		case values[k.name] != nil:
			r.fail(k.at, "the key %q is there twice in %s: keep one", k.name, what)
		default:
			values[k.name] = k.value
		}
	}
	return values
}

func (r *fileReader) file(root *fileNode) {
	const example = "begin with\npipelines:\n  main:\n    launch: videotestsrc ! fakesink"
	if !r.want(root, fileMap, "the file", example) {
		return
	}
	list := r.known(root, "the file", "pipelines")["pipelines"]
	if list == nil {
		if len(r.problems) == 0 {
			r.fail(root.at, "the file has no pipelines: %s", example)
		}
		return
	}
	if !r.want(list, fileMap, `"pipelines"`, "write name: and below it what the pipeline is") {
		return
	}
	if len(list.keys) == 0 {
		r.fail(list.at, "the file has no pipelines: %s", example)
	}
	names := map[string]bool{}
	for _, k := range list.keys {
		switch {
		case strings.TrimSpace(k.name) == "" || strings.ContainsAny(k.name, "\r\n\x00"):
			r.fail(k.at, "%q is no name for a pipeline: use letters, digits, _ and -", k.name)
		case names[k.name]:
			r.fail(k.at, "two pipelines are named %q: give each a name of its own", k.name)
		}
		names[k.name] = true
		r.pipeline(k.name, k.value)
	}
}

func (r *fileReader) pipeline(name string, n *fileNode) {
	what := fmt.Sprintf("pipeline %q", name)
	if !r.want(n, fileMap, what, "write launch: and a line, or elements: and a list") {
		return
	}
	keys := r.known(n, what, "launch", "elements", "links")
	launch, elements, links := keys["launch"], keys["elements"], keys["links"]
	p := filePipeline{spec: Spec{Name: name}}
	switch {
	case launch != nil && (elements != nil || links != nil):
		r.fail(launch.at, "%s has launch and elements: keep one of them", what)
	case launch != nil:
		r.launch(&p, launch)
	case elements == nil && links == nil && len(keys) < len(n.keys): // told
	case elements == nil && links == nil:
		r.fail(n.at, "%s has no elements: write launch: and a line, or elements: and a list", what)
	default:
		g := graphReader{fileReader: r, p: &p}
		g.read(elements, links)
	}
	r.pipelines = append(r.pipelines, p)
}

// launch reads a pipeline that is text.
func (r *fileReader) launch(p *filePipeline, n *fileNode) {
	if !r.want(n, fileScalar, `"launch"`, "write the line as for gst-launch") {
		return
	}
	spec, err := ParseLaunch(n.text)
	var bad *SyntaxError
	if errors.As(err, &bad) {
		note := ""
		if strings.HasPrefix(bad.Word, "$") {
			note = `; variables stand in values of properties, such as capsfilter caps="video/x-raw,width=${WIDTH}"`
		}
		r.fail(n.place(bad.Column), "%w%s", bad, note)
		return
	}
	if err != nil {
		r.fail(n.at, "%w", err)
		return
	}
	mark := func(column int, raw string) int {
		at := n.place(column)
		return p.mark(fileSpot{at, at, raw})
	}
	for i := range spec.Bins {
		spec.Bins[i].Column = mark(spec.Bins[i].Column, "")
	}
	for i := range spec.Nodes {
		spec.Nodes[i].Column = mark(spec.Nodes[i].Column, "")
	}
	for _, props := range allProps(&spec) {
		for j := range props {
			prop := &props[j]
			prop.Column = mark(prop.Column, prop.Value)
			if err := checkVariables(prop.Value); err != nil {
				r.fail(p.spot(prop.Column).value, "%w", err)
			}
		}
	}
	for i := range spec.Links {
		spec.Links[i].Column = mark(spec.Links[i].Column, "")
	}
	spec.Name = p.spec.Name
	p.spec = spec
}

// place is where the character of a text stands, counted from 1.
func (n *fileNode) place(column int) filePlace {
	if n.inside == nil || column < 1 {
		return n.at
	}
	return n.inside(column - 1)
}
