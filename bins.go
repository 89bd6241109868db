package eiengine

import (
	"errors"
	"fmt"
	"strings"
)

// binProps and pipelineProps are the properties of bins. A bin is gone once the
// pipeline is built, so they change nothing; their values are still checked.
type binProps struct {
	AsyncHandling  bool `prop:"async-handling" doc:"No effect: state changes are the pipeline's"`
	MessageForward bool `prop:"message-forward" doc:"No effect: every message is on the bus"`
}

type pipelineProps struct {
	binProps
	AutoFlushBus bool   `prop:"auto-flush-bus" default:"true" doc:"No effect: the bus keeps nothing"`
	Delay        uint64 `prop:"delay" doc:"No effect"`
	Latency      uint64 `prop:"latency" default:"18446744073709551615" doc:"No effect: latency is computed"`
}

// binProperty checks one property of a bin.
func binProperty(kind string, prop PropSpec) error {
	set := func(table *propertyTable, props any) error {
		p, err := table.find(prop.Name)
		if err != nil {
			return err
		}
		return p.set(props, prop.Value)
	}
	if kind == "pipeline" {
		return set(tableOf[pipelineProps](), new(pipelineProps))
	}
	return set(tableOf[binProps](), new(binProps))
}

// checkBins reports what is wrong with the bins of a description, and gives the
// properties that they have for their elements, by the names of those.
func (b *builder) checkBins(spec Spec) map[string][]PropSpec {
	if len(spec.Bins) == 0 {
		b.checkHolders(spec, nil)
		return nil
	}
	bins := make(map[string]*BinSpec, len(spec.Bins))
	for i := range spec.Bins {
		bin := &spec.Bins[i]
		switch {
		case bin.Element != "bin" && bin.Element != "pipeline":
			b.problem(fmt.Errorf("%sno bin %q; bins are written ( … ), bin.( … ) or pipeline.( … )", at(bin.Column), bin.Element))
		case bin.Bin != "" && bins[bin.Bin] == nil:
			b.problem(fmt.Errorf("%sthe bin %q stands in the bin %q, which is not described before it", at(bin.Column), bin.Name, bin.Bin))
		case bins[bin.Name] != nil:
			b.problem(fmt.Errorf("%stwo bins are named %q: give one another name", at(bin.Column), bin.Name))
		}
		bins[bin.Name] = bin
	}
	holds := b.checkHolders(spec, bins)
	given := map[string][]PropSpec{}
	for i := range spec.Bins {
		bin := &spec.Bins[i]
		if !holds[bin.Name] {
			b.problem(fmt.Errorf("%sspecified empty bin %q, not allowed; put an element into it, or leave it out", at(bin.Column), bin.Name))
		}
		for _, prop := range bin.Props {
			b.setBinProperty(spec, bin, prop, given)
		}
	}
	return given
}

// checkHolders reports elements of bins that there are not, and gives the bins
// that hold something.
func (b *builder) checkHolders(spec Spec, bins map[string]*BinSpec) map[string]bool {
	holds := map[string]bool{}
	for _, n := range spec.Nodes {
		if n.Bin == "" {
			continue
		}
		if bins[n.Bin] == nil {
			b.problem(fmt.Errorf("%s%s stands in the bin %q, which is not described", at(n.Column), n.Name, n.Bin))
		}
		for bin := bins[n.Bin]; bin != nil && !holds[bin.Name]; bin = bins[bin.Bin] {
			holds[bin.Name] = true
		}
	}
	return holds
}

// setBinProperty checks a property of a bin, or hands it on to the element in
// the bin that it is for.
func (b *builder) setBinProperty(spec Spec, bin *BinSpec, prop PropSpec, given map[string][]PropSpec) {
	if prop.Name != PresetProp && strings.Contains(prop.Name, "::") {
		child, rest, _ := strings.Cut(prop.Name, "::")
		handed := PropSpec{Name: rest, Value: prop.Value, Column: prop.Column}
		for i := range spec.Bins {
			if inner := &spec.Bins[i]; inner.Name == child && inner.Bin == bin.Name {
				b.setBinProperty(spec, inner, handed, given)
				return
			}
		}
		for _, n := range spec.Nodes {
			if n.Name == child && n.Bin == bin.Name {
				given[child] = append(given[child], handed)
				return
			}
		}
		b.warnings = append(b.warnings, fmt.Errorf("%sno element named %q in the bin %q: %s=%s has no effect", at(prop.Column), child, bin.Name, prop.Name, prop.Value))
		return
	}
	err := binProperty(bin.Element, prop)
	var unknown *UnknownPropertyError
	if errors.As(err, &unknown) {
		unknown.remedy = "of an element in the bin it is written element::" + prop.Name
	}
	var outside *RangeError
	switch {
	case err == nil:
	case errors.As(err, &outside):
		b.warnings = append(b.warnings, fmt.Errorf("%w; the default is used", named(err, bin.Name, prop.Column)))
	default:
		b.problem(named(err, bin.Name, prop.Column))
	}
}
