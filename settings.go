package eiengine

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Settings holds the properties of an element. P is a struct whose tagged fields
// are the only declaration of them: parsing, range checks, inspect, the reference
// docs and live changes all read the tags.
//
//	type overlayProps struct {
//		StrokeWidth int  `prop:"stroke-width,live" default:"2" min:"0" max:"100" doc:"Width of the box lines, in pixels"`
//		ShowLabels  bool `prop:"show-labels,live" default:"true" doc:"Draw the labels of detections"`
//	}
//
//	type overlay struct{ eiengine.Settings[overlayProps] }
//
//	func (o *overlay) Process(c *eiengine.Ctx, in *frames.Frame) error {
//		p := o.Load() // one consistent snapshot for this frame
//
// The prop tag is the name, then options: "live" (may be set while playing;
// otherwise only at null and ready), "readonly" (computed by a [PropertyReader]),
// "repeat" (the field is a slice; each assignment appends). Other tags: default,
// min, max (numbers), doc (a sentence), null (the documented default where it is
// no value). Fields may be bool, int, int64, uint, uint64, float64, string,
// [frames.Fraction], [frames.Caps], [frames.Structure], a named int that
// implements [Enum], a named uint that implements [Flags], or []string with
// repeat. Fields that are a [Signal] or an [Action] have the tag signal or action
// with its name. Embedded structs are flattened.
type Settings[P any] struct {
	current atomic.Pointer[P]
	mu      sync.Mutex // serialises writers
	changes *possibilities
	initial func(*P) // what differs from the declared defaults, for pads
}

// Load is one consistent snapshot of all properties. It takes no lock. The
// snapshot must not be changed.
func (s *Settings[P]) Load() *P {
	if p := s.current.Load(); p != nil {
		return p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loadLocked()
}

func (s *Settings[P]) loadLocked() *P {
	if p := s.current.Load(); p != nil {
		return p
	}
	p := new(P)
	table := tableOf[P]()
	for i := range table.props {
		if err := table.props[i].reset(p); err != nil {
			panic(fmt.Sprintf("%T: %v", *p, err)) // a wrong tag, found by the conformance test
		}
	}
	for i := range table.signals {
		table.signals[i].of(p).prepare()
	}
	if s.initial != nil {
		s.initial(p)
	}
	s.current.Store(p)
	return p
}

// Update changes properties from within the element or the program, all in one
// step, without the checks of text: what it sets is not range-checked.
func (s *Settings[P]) Update(change func(p *P)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.loadLocked()
	change(&next)
	s.store(&next)
}

func (s *Settings[P]) propertyTable() *propertyTable { return tableOf[P]() }

func (s *Settings[P]) findProperty(name string) (*Property, error) { return tableOf[P]().find(name) }

func (s *Settings[P]) setProperty(name, value string) error {
	prop, err := tableOf[P]().find(name)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.loadLocked()
	if err := prop.set(&next, value); err != nil {
		return err
	}
	s.store(&next)
	return nil
}

// checkProperty is setProperty without its effect.
func (s *Settings[P]) checkProperty(name, value string) error {
	prop, err := tableOf[P]().find(name)
	if err != nil {
		return err
	}
	trial := *s.Load()
	return prop.set(&trial, value)
}

// setProperties sets what was checked before, all in one step.
func (s *Settings[P]) setProperties(checked []Assignment) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.loadLocked()
	for _, a := range checked {
		prop, err := tableOf[P]().find(a.Property)
		if err == nil {
			err = prop.set(&next, a.Value)
		}
		if err != nil {
			return err
		}
	}
	s.store(&next)
	return nil
}

// store makes next the current properties; s.mu is held.
func (s *Settings[P]) store(next *P) {
	s.current.Store(next)
	s.changes.change()
}

// countChanges has what is set from now on counted by c.
func (s *Settings[P]) countChanges(c *possibilities) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = c
}

func (s *Settings[P]) getProperty(name string) (string, error) {
	prop, err := tableOf[P]().find(name)
	if err != nil {
		return "", err
	}
	return prop.get(s.Load()), nil
}

func (s *Settings[P]) openSignal(i *SignalInfo) anyConnected { return i.of(s.Load()).open() }

// configurable is what Settings gives an element.
type configurable interface {
	propertyTable() *propertyTable
	findProperty(name string) (*Property, error)
	setProperty(name, value string) error
	checkProperty(name, value string) error
	setProperties(checked []Assignment) error
	getProperty(name string) (string, error)
	countChanges(c *possibilities)
	openSignal(i *SignalInfo) anyConnected
}

// NoProps is for elements without properties: Settings[NoProps].
type NoProps struct{}
