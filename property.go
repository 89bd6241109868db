package eiengine

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Enum is implemented by the named int types of enumerated properties.
type Enum interface {
	// EnumValues lists the values; the nick is what users write.
	EnumValues() []EnumValue
}

// EnumValue is one value of an enumerated property.
type EnumValue struct {
	Value int
	Nick  string
	// Name is GStreamer's long name, also accepted; it may be empty.
	Name string
}

// Property describes one property of an element, read from its struct tags.
type Property struct {
	Name string
	// Type is "bool", "int", "int64", "uint", "uint64", "double", "string",
	// "fraction", "caps", "structure", "enum", "flags" or "strings".
	Type    string
	Default string
	// Min and Max are empty for types without a range.
	Min, Max string
	Doc      string
	Enum     []EnumValue // of "enum" and "flags"
	// Live properties may be set while playing; ReadOnly ones never.
	Live, ReadOnly, Repeat bool

	index []int
}

type propertyTable struct {
	props  []Property
	byName map[string]*Property
	// signals are the actions too, by name.
	signals []SignalInfo
	err     error
}

var tables sync.Map // reflect.Type → *propertyTable

func tableOf[P any]() *propertyTable {
	t := reflect.TypeFor[P]()
	if table, ok := tables.Load(t); ok {
		return table.(*propertyTable)
	}
	table := newTable(t)
	tables.Store(t, table)
	return table
}

func newTable(t reflect.Type) *propertyTable {
	table := &propertyTable{byName: map[string]*Property{}}
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("prop")
		if !ok {
			table.addSignal(t, f)
			continue
		}
		p, err := newProperty(f, tag)
		if err != nil && table.err == nil {
			table.err = fmt.Errorf("field %s.%s: %w", t, f.Name, err)
		}
		table.props = append(table.props, p)
	}
	slices.SortFunc(table.props, func(a, b Property) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(table.signals, func(a, b SignalInfo) int { return strings.Compare(a.Name, b.Name) })
	for i := range table.props {
		table.byName[table.props[i].Name] = &table.props[i]
	}
	return table
}

// addSignal adds a field that is no property; parts of embedded structs come one
// by one.
func (t *propertyTable) addSignal(in reflect.Type, f reflect.StructField) {
	s, ok, err := newSignal(f)
	switch {
	case !ok && !f.Anonymous:
		err = errors.New("has no prop, signal or action tag")
	case ok && err == nil:
		t.signals = append(t.signals, s)
	}
	if err != nil && t.err == nil {
		t.err = fmt.Errorf("field %s.%s: %w", in, f.Name, err)
	}
}

func newProperty(f reflect.StructField, tag string) (Property, error) {
	name, options, _ := strings.Cut(tag, ",")
	p := Property{
		Name: name, Default: f.Tag.Get("default"), Doc: f.Tag.Get("doc"),
		Min: f.Tag.Get("min"), Max: f.Tag.Get("max"), index: f.Index,
	}
	for o := range strings.SplitSeq(options, ",") {
		switch o {
		case "":
		case "live":
			p.Live = true
		case "readonly":
			p.ReadOnly = true
		case "repeat":
			p.Repeat = true
		default:
			return p, fmt.Errorf("unknown option %q", o)
		}
	}
	codec, err := codecOf(f.Type)
	if err != nil {
		return p, err
	}
	p.Type = codec.name
	if p.Type == "flags" {
		p.Enum = reflect.Zero(f.Type).Interface().(Flags).FlagValues()
	}
	if p.Type == "enum" {
		p.Enum = reflect.Zero(f.Type).Interface().(Enum).EnumValues()
		if p.Default == "" && len(p.Enum) > 0 {
			p.Default = p.Enum[0].Nick
		}
	}
	if codec.lo != "" {
		if p.Min == "" {
			p.Min = codec.lo
		}
		if p.Max == "" {
			p.Max = codec.hi
		}
	}
	if p.Default == "" {
		p.Default = codec.zero
	}
	if !f.IsExported() {
		return p, fmt.Errorf("is not exported")
	}
	return p, nil
}

// unknownProperty says which names come near.
func unknownProperty(name string, known []Property) error {
	names := make([]string, 0, len(known))
	for _, p := range known {
		names = append(names, p.Name)
	}
	return &UnknownPropertyError{Property: name, Near: nearest(name, names)}
}

func (t *propertyTable) find(name string) (*Property, error) {
	if p, ok := t.byName[name]; ok {
		return p, nil
	}
	return nil, unknownProperty(name, t.props)
}

func (p *Property) field(props any) reflect.Value {
	return reflect.ValueOf(props).Elem().FieldByIndex(p.index)
}

func (p *Property) reset(props any) error {
	if p.Repeat || p.Default == "" && (p.Type == "string" || p.Type == "structure") {
		return nil
	}
	codec, err := codecOf(p.field(props).Type())
	if err != nil {
		return err
	}
	v, err := codec.parse(p, p.Default)
	if err != nil {
		return fmt.Errorf("default of %s: %w", p.Name, err)
	}
	p.field(props).Set(v.Convert(p.field(props).Type()))
	return nil
}

func (p *Property) set(props any, text string) error {
	if p.ReadOnly {
		return fmt.Errorf("property %q is read-only", p.Name)
	}
	f := p.field(props)
	if p.Repeat {
		// Snapshots share the slice: append to a copy.
		f.Set(reflect.Append(reflect.AppendSlice(reflect.Zero(f.Type()), f), reflect.ValueOf(text)))
		return nil
	}
	codec, err := codecOf(f.Type())
	if err != nil {
		return err
	}
	v, err := codec.parse(p, text)
	if err != nil {
		return &ValueError{Property: p.Name, Value: text, Err: err}
	}
	f.Set(v.Convert(f.Type()))
	return nil
}

func (p *Property) get(props any) string {
	f := p.field(props)
	switch v := f.Interface().(type) {
	case []string:
		return strings.Join(v, ",")
	case frames.Fraction:
		return v.String()
	case frames.Caps:
		return v.String()
	case frames.Structure:
		if v.Media == "" {
			return ""
		}
		return v.String()
	case Enum:
		return enumNick(v.EnumValues(), int(f.Int()))
	case Flags:
		return flagNicks(v.FlagValues(), f.Uint())
	}
	return fmt.Sprint(f.Interface())
}

func enumNick(values []EnumValue, n int) string {
	for _, v := range values {
		if v.Value == n {
			return v.Nick
		}
	}
	return fmt.Sprint(n)
}
