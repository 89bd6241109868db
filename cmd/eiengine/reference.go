package main

import (
	"fmt"
	"io"
	"strings"
)

// writeReference writes the page of all elements.
func writeReference(w io.Writer, all []description) {
	fmt.Fprint(w, `# Elements

This page is made by `+"`make docs`"+` from the elements themselves; do not edit it.
Every element also has the property `+"`name`"+`. Properties marked *live* may be
set while the pipeline plays.

| Element | What it does |
|---|---|
`)
	for _, d := range all {
		fmt.Fprintf(w, "| [%s](#%s) | %s |\n", d.Name, d.Name, cell(d.Description))
	}
	for _, d := range all {
		writeElement(w, d)
	}
}

func writeElement(w io.Writer, d description) {
	fmt.Fprintf(w, "\n## %s\n\n%s. %s.\n\nClass `%s`, kind %s", d.Name, d.LongName, strings.TrimSuffix(d.Description, "."), d.Class, d.Kind)
	if d.Rank > 0 {
		fmt.Fprintf(w, ", rank %d", d.Rank)
	}
	fmt.Fprint(w, ".\n")
	if len(d.Pads) > 0 {
		fmt.Fprint(w, "\n| Pad | Direction | Exists | Formats |\n|---|---|---|---|\n")
	}
	for _, p := range d.Pads {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", p.Name, p.Direction, strings.ToLower(p.Presence), code(p.Caps))
	}
	writePropertyTable(w, "Property", d.Properties)
	writePropertyTable(w, "Property of a pad", d.PadProps)
	writeSignalTable(w, d.Signals)
}

func writePropertyTable(w io.Writer, title string, props []propertyDescription) {
	if len(props) > 0 {
		fmt.Fprintf(w, "\n| %s | Type | Default | What it does |\n|---|---|---|---|\n", title)
	}
	for _, p := range props {
		fmt.Fprintf(w, "| %s%s | %s | %s | %s |\n", p.Name, marks(p), typeCell(p), code(p.Default), cell(p.Doc))
	}
}

// writeSignalTable lists signals and actions; those of an action are said to be so.
func writeSignalTable(w io.Writer, signals []signalDescription) {
	if len(signals) > 0 {
		fmt.Fprint(w, "\n| Signal | Function | What it tells, or does |\n|---|---|---|\n")
	}
	for _, s := range signals {
		name := s.Name
		if s.Action {
			name += " *action*"
		}
		fmt.Fprintf(w, "| %s | %s | %s |\n", name, code(s.Func), cell(s.Doc))
	}
}

// marks are what is special about a property.
func marks(p propertyDescription) string {
	s := ""
	for _, f := range p.Flags {
		switch {
		case strings.HasPrefix(f, "changeable in"):
			s += " *live*"
		case strings.HasPrefix(f, "may be given"):
			s += " *repeatable*"
		}
	}
	if len(p.Flags) > 0 && p.Flags[len(p.Flags)-1] == "readable" {
		s += " *read-only*"
	}
	return s
}

func typeCell(p propertyDescription) string {
	if len(p.Values) > 0 {
		nicks := make([]string, 0, len(p.Values))
		for _, v := range p.Values {
			nicks = append(nicks, v.Nick)
		}
		return cell(strings.Join(nicks, ", "))
	}
	if p.Min != "" {
		return cell(fmt.Sprintf("%s, %s to %s", p.Type, p.Min, p.Max))
	}
	return p.Type
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

// cell keeps a text inside of its table cell.
func cell(s string) string { return strings.ReplaceAll(oneLine(s), "|", `\|`) }
