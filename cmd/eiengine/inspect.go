package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

func inspectCommand() *cobra.Command {
	var asJSON, asMarkdown bool
	c := &cobra.Command{
		Use:   "inspect [ELEMENT] [--json | --md]",
		Short: "List the elements, or describe one",
		Long: `inspect lists the elements that pipelines are made of. With the name of one it
shows what it does, the formats that its pads take and give, and its properties
with their types, ranges and defaults.`,
		Example: `  eiengine inspect
  eiengine inspect videotestsrc
  eiengine inspect --json queue`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeInspect,
		RunE: func(c *cobra.Command, args []string) error {
			all := eiengine.DefaultRegistry().All()
			if len(args) == 1 {
				f, err := eiengine.DefaultRegistry().Find(args[0])
				if err != nil {
					return err
				}
				all = []*eiengine.Factory{f}
			}
			described, err := describeAll(all)
			if err != nil {
				return err
			}
			return inspect(c.OutOrStdout(), described, len(args) == 1, asJSON, asMarkdown)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&asMarkdown, "md", false, "print Markdown: the element reference")
	c.MarkFlagsMutuallyExclusive("json", "md")
	return c
}

func inspect(w io.Writer, all []description, one, asJSON, asMarkdown bool) error {
	out := &errWriter{w: w}
	switch {
	case asMarkdown:
		writeReference(out, all)
	case asJSON:
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
	default:
		for _, d := range all {
			fmt.Fprintf(out, "%s: %s\n", d.Name, d.LongName)
		}
		fmt.Fprintf(out, "\n%d elements; `eiengine inspect ELEMENT` describes one.\n", len(all))
	}
	return out.err
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
	Rank        int                   `json:"rank"`
	Pads        []padDescription      `json:"pads"`
	Properties  []propertyDescription `json:"properties"`
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
		Name: f.Name, LongName: f.LongName, Class: f.Class, Description: f.Description, Kind: kind, Rank: f.Rank,
		Pads: []padDescription{}, Properties: []propertyDescription{}, Signals: []signalDescription{},
	}
	for _, t := range f.Pads {
		d.Pads = append(d.Pads, describePad(t))
	}
	for _, p := range props {
		d.Properties = append(d.Properties, describeProperty(p))
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
	if p.Live {
		d.Flags = append(d.Flags, "changeable in NULL, READY, PAUSED or PLAYING state")
	}
	if p.Repeat {
		d.Flags = append(d.Flags, "may be given several times")
	}
	for _, v := range p.Enum {
		d.Values = append(d.Values, enumDescription{v.Value, v.Nick, v.Name})
	}
	return d
}
