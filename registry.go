package eiengine

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Factory describes a kind of element and makes instances of it. The file of
// the element registers it:
//
//	func init() {
//		eiengine.Register(eiengine.Factory{
//			Name: "identity", LongName: "Identity", Class: "Generic",
//			Description: "Passes data on unchanged",
//			Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
//			New:  func() eiengine.Element { return new(identity) },
//		})
//	}
type Factory struct {
	Name        string
	LongName    string
	Class       string // GStreamer's classes, such as "Filter/Video/AI"
	Description string
	Pads        []PadTemplate
	New         func() Element
	// Rank orders elements of which one has to be chosen; 0 is never chosen.
	Rank int
	// Variant, if not nil, makes an instance for a name with a suffix: what comes
	// behind NAME_ is variant. Builds of the Edge Impulse plugin with a model inside
	// have such names, to be told from one another.
	Variant func(variant string) Element
}

// Presence says when a pad exists.
type Presence uint8

// The presences of pads.
const (
	Always    Presence = iota
	Sometimes          // appears with the data
	OnRequest          // made when something is linked to it
)

// String is GStreamer's word for it.
func (p Presence) String() string {
	return [...]string{"Always", "Sometimes", "On request"}[p]
}

// PadTemplate describes a pad that elements of a kind have or can have. The name
// of a requested pad holds %u.
type PadTemplate struct {
	Name      string
	Direction Direction
	Presence  Presence
	Caps      frames.Caps
}

// SinkPad is the template of the one pad called sink.
func SinkPad(caps frames.Caps) PadTemplate { return PadTemplate{"sink", Sink, Always, caps} }

// SrcPad is the template of the one pad called src.
func SrcPad(caps frames.Caps) PadTemplate { return PadTemplate{"src", Src, Always, caps} }

// Registry finds factories by name.
type Registry struct {
	mu        sync.RWMutex
	factories map[string]*Factory
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry { return &Registry{factories: map[string]*Factory{}} }

var defaultRegistry = NewRegistry()

// DefaultRegistry is where Register puts elements; import
// github.com/eiengine/eiengine/all for those that come with the engine.
func DefaultRegistry() *Registry { return defaultRegistry }

// Register adds a factory to the default registry. It panics on a mistake in the
// factory, since that is one of the program.
func Register(f Factory) {
	if err := defaultRegistry.Register(f); err != nil {
		panic(err)
	}
}

// Register adds a factory. The name must be new, and the element must implement
// what its pads and its kind ask for.
func (r *Registry) Register(f Factory) error {
	if f.Name == "" || f.New == nil {
		return fmt.Errorf("eiengine: a factory needs a name and a New function")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.factories[f.Name]; ok {
		return fmt.Errorf("eiengine: element %q is registered twice", f.Name)
	}
	r.factories[f.Name] = &f
	return nil
}

// Find looks an element up, also by the name of a variant; the error names those
// that come near.
func (r *Registry) Find(name string) (*Factory, error) {
	r.mu.RLock()
	f, ok := r.factories[name]
	if !ok {
		f, ok = r.variant(name)
	}
	r.mu.RUnlock()
	if ok {
		return f, nil
	}
	if _, known := foreignJob(name); known {
		return nil, &UnknownElementError{Element: name, Here: r.forJobOf(name)} // no typing mistake
	}
	var names []string
	for _, f := range r.All() {
		names = append(names, f.Name)
	}
	return nil, &UnknownElementError{Element: name, Near: nearest(name, names)}
}

// variant is the factory of a name with a suffix; r.mu is held.
func (r *Registry) variant(name string) (*Factory, bool) {
	base, suffix, ok := strings.Cut(name, "_")
	f := r.factories[base]
	if !ok || suffix == "" || f == nil || f.Variant == nil {
		return nil, false
	}
	out := *f
	out.Name, out.New = name, func() Element { return f.Variant(suffix) }
	return &out, true
}

// All lists the factories by name.
func (r *Registry) All() []*Factory {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]*Factory, 0, len(r.factories))
	for _, f := range r.factories {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *Factory) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Properties describes the properties, by name.
func (f *Factory) Properties() ([]Property, error) {
	c, ok := f.New().(configurable)
	if !ok {
		return nil, nil
	}
	table := c.propertyTable()
	return table.props, table.err
}

// PadTemplate finds a template by name or direction and presence.
func (f *Factory) padTemplates(d Direction) []PadTemplate {
	var out []PadTemplate
	for _, t := range f.Pads {
		if t.Direction == d {
			out = append(out, t)
		}
	}
	return out
}

// Kind says what an instance is to the runtime: "source", "filter", "sink",
// "async", "aggregator", "queue", "bundle" or "bin". The error names what is missing.
func (f *Factory) Kind() (string, error) {
	switch f.New().(type) {
	case Source:
		return "source", nil
	case Async:
		return "async", nil
	case Aggregator:
		return "aggregator", nil
	case Queuer:
		return "queue", nil
	case Expander:
		return "bin", nil
	case Bundle:
		return "bundle", nil
	case Filter:
		if len(f.padTemplates(Src)) == 0 {
			return "sink", nil
		}
		return "filter", nil
	}
	return "", fmt.Errorf("element %q is no Source, Filter, Async, Aggregator, Queuer, Bundle or Expander", f.Name)
}
