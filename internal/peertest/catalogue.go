package peertest

import (
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"

	"github.com/eiengine/eiengine"
)

// Catalogue is what the engine and the installed GStreamer both know.
type Catalogue struct {
	Elements []Element
	// OnlyOurs are the elements that GStreamer does not know.
	OnlyOurs []string
}

// Element is a kind of element with the properties that both know and that may
// be written.
type Element struct {
	*eiengine.Factory
	Kind  string
	Props []Prop
}

// Prop is a property with the values that both take.
type Prop struct {
	Name     string
	Type     string // as eiengine.Property.Type
	Min, Max float64
	Default  string
	Nicks    []string // of an "enum"
}

// Read compares a registry with what gst-inspect-1.0 says.
func Read(r *eiengine.Registry) (*Catalogue, error) {
	c := &Catalogue{}
	for _, f := range r.All() {
		text, err := exec.Command("gst-inspect-1.0", f.Name).Output()
		if err != nil {
			c.OnlyOurs = append(c.OnlyOurs, f.Name)
			continue
		}
		theirs, err := parseInspect(string(text))
		if err != nil {
			return nil, fmt.Errorf("gst-inspect-1.0 %s: %w", f.Name, err)
		}
		e := Element{Factory: f}
		if e.Kind, err = f.Kind(); err != nil {
			return nil, err
		}
		ours, err := f.Properties()
		if err != nil {
			return nil, err
		}
		for i := range ours {
			if p, ok := both(&ours[i], theirs); ok {
				e.Props = append(e.Props, p)
			}
		}
		c.Elements = append(c.Elements, e)
	}
	return c, nil
}

// Find gives an element by name.
func (c *Catalogue) Find(name string) (*Element, bool) {
	i := slices.IndexFunc(c.Elements, func(e Element) bool { return e.Name == name })
	if i < 0 {
		return nil, false
	}
	return &c.Elements[i], true
}

// both intersects the values of a property.
func both(p *eiengine.Property, theirs map[string]Prop) (Prop, bool) {
	q, ok := theirs[p.Name]
	if !ok || p.ReadOnly {
		return q, false
	}
	q.Type, q.Default = p.Type, p.Default
	if p.Min != "" {
		low, err1 := strconv.ParseFloat(p.Min, 64)
		high, err2 := strconv.ParseFloat(p.Max, 64)
		if err1 != nil || err2 != nil {
			return q, false
		}
		q.Min, q.Max = max(low, q.Min), min(high, q.Max)
	}
	if p.Type == "enum" {
		q.Nicks = slices.DeleteFunc(q.Nicks, func(nick string) bool {
			return !slices.ContainsFunc(p.Enum, func(v eiengine.EnumValue) bool { return v.Nick == nick })
		})
	}
	return q, true
}

// parseInspect reads the properties that may be written out of the text of
// gst-inspect-1.0.
func parseInspect(text string) (map[string]Prop, error) {
	e, err := parsePeer(text)
	if err != nil {
		return nil, err
	}
	props := map[string]Prop{}
	for name, theirs := range e.Props {
		if !theirs.Writable || theirs.Deprecated {
			continue
		}
		p := Prop{Name: name, Min: math.Inf(-1), Max: math.Inf(1), Nicks: theirs.Nicks}
		if theirs.Min != "" && theirs.Type != "Fraction" {
			var err1, err2 error
			p.Min, err1 = strconv.ParseFloat(theirs.Min, 64)
			p.Max, err2 = strconv.ParseFloat(theirs.Max, 64)
			if err1 != nil || err2 != nil {
				return nil, fmt.Errorf("range of %s is %q to %q", name, theirs.Min, theirs.Max)
			}
		}
		props[name] = p
	}
	return props, nil
}
