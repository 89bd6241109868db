package eiengine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Flow control. What Push returns is one of these, or nil; elements return it.
var (
	// ErrFlushing says that the data has nowhere to go any more: the pipeline,
	// or this branch of it, is stopping. Nothing is wrong.
	ErrFlushing = errors.New("flushing")
	// ErrNotLinked says that a source pad has no peer.
	ErrNotLinked = errors.New("not linked")
	// ErrEOS says that downstream wants no more data.
	ErrEOS = errors.New("end of stream")
	// ErrNotNegotiated says that no format suits both sides. The pipeline has
	// failed with an error that names them.
	ErrNotNegotiated = errors.New("not negotiated")
)

func isFlow(err error) bool {
	return errors.Is(err, ErrFlushing) || errors.Is(err, ErrNotLinked) ||
		errors.Is(err, ErrEOS) || errors.Is(err, ErrNotNegotiated)
}

// Fatal marks an error after which an element cannot go on: its pipeline fails.
func Fatal(err error) error {
	if err == nil {
		return nil
	}
	return &fatalError{err}
}

type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }
func (e *fatalError) Unwrap() error { return e.err }

func isFatal(err error) bool {
	var f *fatalError
	return errors.As(err, &f)
}

// ElementError says which element something happened to.
type ElementError struct {
	Element string
	Err     error
	// Detail is for developers, such as the stack of a panic.
	Detail string
}

func (e *ElementError) Error() string { return e.Element + ": " + e.Err.Error() }
func (e *ElementError) Unwrap() error { return e.Err }

// BuildError is every mistake found in the description of a pipeline.
type BuildError struct{ Problems []error }

func (e *BuildError) Error() string {
	lines := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the problems to errors.Is and errors.As.
func (e *BuildError) Unwrap() []error { return e.Problems }

// UnknownElementError says that no element has that name. Near are names that are
// spelt much like it, Here those that do the job of GStreamer's element of that name.
type UnknownElementError struct {
	Element string
	Near    []string
	Here    []string
	Column  int
}

func (e *UnknownElementError) Error() string {
	return fmt.Sprintf("%sno element %q%s", at(e.Column), e.Element, hint(e.Near, e.otherwise()))
}

// otherwise is the remedy if no name comes near.
func (e *UnknownElementError) otherwise() string {
	const list = "`eiengine inspect` lists the elements"
	job, known := foreignJob(e.Element)
	switch {
	case !known:
		return list
	case len(e.Here) == 0:
		return fmt.Sprintf("nothing here is for %s; %s", job, list)
	}
	return fmt.Sprintf("here for %s: %s; %s", job, strings.Join(e.Here, ", "), list)
}

// UnknownPropertyError says that the element has no such property.
type UnknownPropertyError struct {
	Element, Property string
	Near              []string
	Column            int
	remedy            string // if there is another than to inspect the element
}

func (e *UnknownPropertyError) Error() string {
	list := "`eiengine inspect` lists its properties"
	switch {
	case e.remedy != "":
		list = e.remedy
	case e.Element != "":
		list = fmt.Sprintf("`eiengine inspect %s` lists its properties", e.Element)
	}
	return fmt.Sprintf("%sno property %q in element %q%s", at(e.Column), e.Property, e.Element, hint(e.Near, list))
}

// ValueError says that a property does not take a value.
type ValueError struct {
	Element, Property, Value string
	Err                      error
	Column                   int
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%scould not set property %q in element %q to %q: %v", at(e.Column), e.Property, e.Element, e.Value, e.Err)
}

func (e *ValueError) Unwrap() error { return e.Err }

// RangeError says that a number is outside of its property's range.
type RangeError struct{ Min, Max string }

func (e *RangeError) Error() string { return fmt.Sprintf("want %s to %s", e.Min, e.Max) }

// LinkError says why two elements could not be linked.
type LinkError struct {
	From, To string
	Reason   string
	Remedy   string
	Column   int
}

func (e *LinkError) Error() string {
	s := fmt.Sprintf("%scould not link %s to %s: %s", at(e.Column), e.From, e.To, e.Reason)
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

func at(column int) string {
	if column <= 0 {
		return ""
	}
	return fmt.Sprintf("column %d: ", column)
}

func hint(near []string, otherwise string) string {
	if len(near) == 0 {
		return "; " + otherwise
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
}

// nearest picks the names that a typing mistake may have meant, at most three.
func nearest(name string, names []string) []string {
	type scored struct {
		name string
		d    int
	}
	var best []scored
	for _, n := range names {
		d := editDistance(strings.ToLower(name), strings.ToLower(n))
		if d <= max(1, len(name)/3) || len(name) > 3 && strings.Contains(n, name) {
			best = append(best, scored{n, d})
		}
	}
	slices.SortStableFunc(best, func(a, b scored) int { return a.d - b.d })
	out := make([]string, 0, 3)
	for _, b := range best[:min(3, len(best))] {
		out = append(out, b.name)
	}
	return out
}

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal = row[j+1]
			row[j+1] = cost
		}
	}
	return row[len(b)]
}
