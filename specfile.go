package eiengine

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// File is a set of named pipelines, as YAML and JSON hold them. Values of
// properties may name environment variables, ${NAME} and ${NAME:-default}; they
// are filled in by [File.Spec] and [File.Build], not before.
type File struct {
	// Path is what errors call the file.
	Path      string
	pipelines []filePipeline
}

// filePipeline is a pipeline with its variables as written. The columns of its
// spec are numbers of spots, from 1; 0 for none.
type filePipeline struct {
	spec  Spec
	spots []fileSpot
}

// fileSpot is the place of an element, a property or a link in the file.
type fileSpot struct {
	key, value filePlace
	raw        string // the value of a property, before variables
}

// filePlace counts lines and characters from 1.
type filePlace struct{ line, column int }

// FileError says where in a file of pipelines something is wrong.
type FileError struct {
	Path         string
	Line, Column int // from 1, the column in characters
	Err          error
}

// columnPrefix is how errors about launch text begin. In a file the column of
// the file counts.
var columnPrefix = regexp.MustCompile(`^column \d+[:,] `)

// Error begins with path:line:column, as compilers write it.
func (e *FileError) Error() string {
	text := columnPrefix.ReplaceAllString(e.Err.Error(), "")
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, text)
}

// Unwrap is the mistake without its place.
func (e *FileError) Unwrap() error { return e.Err }

// NewFile makes a file of descriptions, to be written. A description without a
// name gets an automatic one: pipeline0, pipeline1 and so on.
func NewFile(specs ...Spec) (*File, error) {
	f := &File{Path: "pipelines"}
	taken := map[string]bool{}
	for _, s := range specs {
		if s.Name != "" && taken[s.Name] {
			return nil, fmt.Errorf("two pipelines are named %q: give each a name of its own", s.Name)
		}
		taken[s.Name] = true
	}
	for _, s := range specs {
		if s.Name == "" {
			s.Name, _ = automaticName("pipeline", 0, taken)
			taken[s.Name] = true
		}
		s = cloneSpec(s)
		for _, props := range allProps(&s) {
			for j := range props {
				props[j].Value = escapeVariables(props[j].Value)
			}
		}
		f.pipelines = append(f.pipelines, filePipeline{spec: s})
	}
	return f, nil
}

// Names lists the pipelines in their order in the file.
func (f *File) Names() []string {
	names := make([]string, 0, len(f.pipelines))
	for i := range f.pipelines {
		names = append(names, f.pipelines[i].spec.Name)
	}
	return names
}

// Spec describes the pipeline of that name, its variables filled in by env, which
// works as os.LookupEnv does. The errors are *FileError, in a *BuildError.
func (f *File) Spec(name string, env func(string) (string, bool)) (Spec, error) {
	p, err := f.find(name)
	if err != nil {
		return Spec{}, err
	}
	s, problems := f.fill(p, env)
	if len(problems) > 0 {
		return Spec{}, &BuildError{problems}
	}
	for _, props := range allProps(&s) {
		for j := range props {
			props[j].Column = 0
		}
	}
	for i := range s.Bins {
		s.Bins[i].Column = 0
	}
	for i := range s.Nodes {
		s.Nodes[i].Column = 0
	}
	for i := range s.Links {
		s.Links[i].Column = 0
	}
	return s, nil
}

// Build makes the pipeline of that name; env works as os.LookupEnv does. All
// mistakes are reported at once, in a *BuildError of *FileError, and so are
// [Pipeline.Warnings]. Values that come from variables are not in their text.
func (f *File) Build(e *Engine, name string, env func(string) (string, bool)) (*Pipeline, error) {
	p, err := f.find(name)
	if err != nil {
		return nil, err
	}
	s, problems := f.fill(p, env)
	if len(problems) > 0 {
		return nil, &BuildError{problems}
	}
	built, err := e.Build(s)
	var bad *BuildError
	if errors.As(err, &bad) {
		for i := range bad.Problems {
			bad.Problems[i] = f.explain(p, bad.Problems[i])
		}
	}
	if err != nil {
		return nil, err
	}
	for i := range built.Warnings {
		built.Warnings[i] = f.explain(p, built.Warnings[i])
	}
	return built, nil
}

func (f *File) find(name string) (*filePipeline, error) {
	for i := range f.pipelines {
		if f.pipelines[i].spec.Name == name {
			return &f.pipelines[i], nil
		}
	}
	return nil, fmt.Errorf("%s has no pipeline %q%s", f.Path, name,
		hint(nearest(name, f.Names()), "it has "+strings.Join(f.Names(), ", ")))
}

// fill is the description with its variables replaced.
func (f *File) fill(p *filePipeline, env func(string) (string, bool)) (Spec, []error) {
	s := cloneSpec(p.spec)
	var problems []error
	for _, props := range allProps(&s) {
		for j := range props {
			v, err := expandVariables(props[j].Value, env)
			if err != nil {
				problems = append(problems, f.at(p.spot(props[j].Column).value, err))
			}
			props[j].Value = v
		}
	}
	return s, problems
}

func cloneSpec(s Spec) Spec {
	s.Bins, s.Nodes, s.Links = slices.Clone(s.Bins), slices.Clone(s.Nodes), slices.Clone(s.Links)
	for i := range s.Bins {
		s.Bins[i].Props = slices.Clone(s.Bins[i].Props)
	}
	for i := range s.Nodes {
		s.Nodes[i].Props = slices.Clone(s.Nodes[i].Props)
	}
	return s
}

// allProps are the properties of the elements and bins, to be changed in place.
func allProps(s *Spec) [][]PropSpec {
	var all [][]PropSpec
	for i := range s.Nodes {
		all = append(all, s.Nodes[i].Props)
	}
	for i := range s.Bins {
		all = append(all, s.Bins[i].Props)
	}
	return all
}

// spot is the place that a column stands for.
func (p *filePipeline) spot(column int) fileSpot {
	if column < 1 || column > len(p.spots) {
		return fileSpot{}
	}
	return p.spots[column-1]
}

// mark notes a place and gives the column that stands for it.
func (p *filePipeline) mark(s fileSpot) int {
	p.spots = append(p.spots, s)
	return len(p.spots)
}

func (f *File) at(where filePlace, err error) error {
	return &FileError{Path: f.Path, Line: where.line, Column: where.column, Err: err}
}

// explain puts an error of Build to its place in the file.
func (f *File) explain(p *filePipeline, err error) error {
	var value *ValueError
	var link *LinkError
	switch {
	case errors.As(err, &value):
		s := p.spot(value.Column)
		if s.key == (filePlace{}) {
			return err
		}
		return f.at(s.value, withoutVariables(err, value, s.raw))
	case errors.As(err, &link) && link.Column == 0:
		for _, l := range p.spec.Links {
			if l.From.Node == link.From && l.To.Node == link.To && l.Column > 0 {
				return f.at(p.spot(l.Column).key, err)
			}
		}
		return err
	}
	var column int
	if _, scan := fmt.Sscanf(err.Error(), "column %d", &column); scan != nil {
		return err // about the pipeline as a whole
	}
	if s := p.spot(column); s.key != (filePlace{}) {
		return f.at(s.key, err)
	}
	return err
}
