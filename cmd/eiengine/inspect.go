package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

type inspectFlags struct {
	json, markdown, all, exists, uris, family bool
	types                                     string
}

func inspectCommand() *cobra.Command {
	var flags inspectFlags
	c := &cobra.Command{
		Use:   "inspect [OPTIONS] [ELEMENT|FAMILY]",
		Short: "List the elements, or describe one",
		Long: `inspect lists the elements that pipelines are made of. With the name of one it
shows what it does, the formats that its pads take and give, its properties with
their types, ranges and defaults, and its signals and actions. With the name of a
family, such as flow, which is what GStreamer calls a plugin, it lists that.

Exit status: 0, or 1 if there is no such element or family.`,
		Example: `  eiengine inspect
  eiengine inspect videotestsrc
  eiengine inspect --json queue
  eiengine inspect --types Source/Video
  eiengine inspect --exists v4l2src && echo yes`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeInspect,
		RunE: func(c *cobra.Command, args []string) error {
			return inspect(c.OutOrStdout(), args, flags)
		},
	}
	o := c.Flags()
	o.BoolVar(&flags.json, "json", false, "print JSON")
	o.BoolVar(&flags.markdown, "md", false, "print Markdown: the element reference")
	o.BoolVarP(&flags.all, "print-all", "a", false, "describe every element of the list")
	o.BoolVar(&flags.exists, "exists", false, "print nothing: the exit status says whether there is such an element or family")
	o.BoolVarP(&flags.uris, "uri-handlers", "u", false, "list the schemes of URIs that may stand in launch lines")
	o.BoolVar(&flags.family, "plugin", false, "take the name for that of a family")
	o.StringVarP(&flags.types, "types", "t", "", "list the elements of these `TYPES`, in any order, such as Source/Video")
	c.MarkFlagsMutuallyExclusive("json", "md")
	return c
}

func inspect(w io.Writer, args []string, flags inspectFlags) error {
	out := &errWriter{w: w}
	if flags.uris {
		writeURIHandlers(out)
		return out.err
	}
	factories, one, err := chosen(args, flags)
	if flags.exists {
		if len(args) == 0 {
			return errors.New("--exists needs the name of an element or a family")
		}
		if err != nil {
			return exitStatus(1)
		}
		return nil
	}
	if err != nil {
		return err
	}
	all, err := describeAll(factories)
	if err != nil {
		return err
	}
	switch {
	case flags.markdown:
		writeReference(out, all)
	case flags.json:
		var v any = all
		if one {
			v = all[0]
		}
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return err
		}
	case one:
		writeDetails(out, all[0])
	case flags.all:
		for _, d := range all {
			fmt.Fprintf(out, "%s: %s\n", d.Name, d.LongName)
			writeDetails(out, d)
			fmt.Fprintln(out)
		}
	default:
		writeList(out, all)
	}
	return out.err
}

// chosen are the elements that the command line names: all, those of a family, or
// one.
func chosen(args []string, flags inspectFlags) (list []*eiengine.Factory, one bool, err error) {
	all := eiengine.DefaultRegistry().All()
	if flags.types != "" {
		all = ofTypes(all, flags.types)
	}
	if len(args) == 0 {
		return all, false, nil
	}
	f, err := eiengine.DefaultRegistry().Find(args[0])
	if err == nil && !flags.family {
		return []*eiengine.Factory{f}, true, nil
	}
	if family := ofFamily(all, args[0]); len(family) > 0 {
		return family, false, nil
	}
	if flags.family {
		return nil, false, fmt.Errorf("no family %q: `eiengine inspect` lists elements by family", args[0])
	}
	return nil, false, err
}

// errWriter keeps the first error, so that a page can be written without asking
// after each line.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) Write(b []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.w.Write(b)
	e.err = err
	return n, err
}

// description is what is known of an element; its JSON is what --json prints.
type description struct {
	Name        string                `json:"name"`
	LongName    string                `json:"long-name"`
	Class       string                `json:"class"`
	Description string                `json:"description"`
	Kind        string                `json:"kind"`
	Family      string                `json:"family"`
	Rank        int                   `json:"rank"`
	Live        bool                  `json:"live"` // it captures, with its defaults
	URI         *uriDescription       `json:"uri,omitempty"`
	Pads        []padDescription      `json:"pads"`
	Properties  []propertyDescription `json:"properties"`
	PadProps    []propertyDescription `json:"pad-properties,omitempty"`
	Signals     []signalDescription   `json:"signals"`
}

type padDescription struct {
	Name      string `json:"name"`
	Direction string `json:"direction"`
	Presence  string `json:"presence"`
	Caps      string `json:"caps"`

	structures []string
}

type propertyDescription struct {
	Name    string            `json:"name"`
	Type    string            `json:"type"`
	Default string            `json:"default"`
	Min     string            `json:"min,omitempty"`
	Max     string            `json:"max,omitempty"`
	Doc     string            `json:"doc"`
	Flags   []string          `json:"flags"`
	Values  []enumDescription `json:"values,omitempty"`
}

// signalDescription is a signal, which calls the functions of programs, or an
// action, which they call.
type signalDescription struct {
	Name   string `json:"name"`
	Func   string `json:"func"`
	Doc    string `json:"doc"`
	Action bool   `json:"action"`
}

type enumDescription struct {
	Value int    `json:"value"`
	Nick  string `json:"nick"`
	Name  string `json:"name,omitempty"`
}

func describeAll(factories []*eiengine.Factory) ([]description, error) {
	all := make([]description, 0, len(factories))
	for _, f := range factories {
		d, err := describe(f)
		if err != nil {
			return nil, fmt.Errorf("element %s: %w", f.Name, err)
		}
		all = append(all, d)
	}
	return all, nil
}

func describe(f *eiengine.Factory) (description, error) {
	kind, err := f.Kind()
	if err != nil {
		return description{}, err
	}
	props, err := f.Properties()
	if err != nil {
		return description{}, err
	}
	signals, err := f.Signals()
	if err != nil {
		return description{}, err
	}
	d := description{
		Name: f.Name, LongName: f.LongName, Class: f.Class, Description: f.Description, Kind: kind, Family: familyOf(f), Rank: f.Rank, URI: uriOf(f.Name),
		Pads: []padDescription{}, Properties: []propertyDescription{}, Signals: []signalDescription{},
	}
	if l, ok := f.New().(eiengine.Live); ok {
		d.Live = l.IsLive()
	}
	for _, t := range f.Pads {
		d.Pads = append(d.Pads, describePad(t))
	}
	for _, p := range props {
		d.Properties = append(d.Properties, describeProperty(p))
	}
	ofPads, err := f.PadProperties()
	if err != nil {
		return description{}, err
	}
	for _, p := range ofPads {
		d.PadProps = append(d.PadProps, describeProperty(p))
	}
	for _, s := range signals {
		d.Signals = append(d.Signals, signalDescription{s.Name, s.Func.String(), s.Doc, s.Action})
	}
	return d, nil
}

func describePad(t eiengine.PadTemplate) padDescription {
	p := padDescription{Name: t.Name, Direction: "src", Presence: t.Presence.String(), Caps: t.Caps.String()}
	if t.Direction == eiengine.Sink {
		p.Direction = "sink"
	}
	p.structures = capsLines(t.Caps)
	return p
}

func describeProperty(p eiengine.Property) propertyDescription {
	d := propertyDescription{Name: p.Name, Type: p.Type, Default: p.Default, Min: p.Min, Max: p.Max, Doc: p.Doc, Flags: []string{"readable"}}
	if !p.ReadOnly {
		d.Flags = append(d.Flags, "writable")
	}
	switch {
	case p.ReadOnly:
	case p.Live:
		d.Flags = append(d.Flags, "changeable in NULL, READY, PAUSED or PLAYING state")
	default:
		d.Flags = append(d.Flags, "changeable only in NULL or READY state")
	}
	if p.Repeat {
		d.Flags = append(d.Flags, "may be given several times")
	}
	for _, v := range p.Enum {
		d.Values = append(d.Values, enumDescription{v.Value, v.Nick, v.Name})
	}
	return d
}
