package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// launchFlags are the options of the verbs that play pipelines.
type launchFlags struct {
	quiet, verbose, messages, eosOnStop, json bool
	noPosition, forcePosition, stats          bool
	tags, toc                                 bool
	exclude                                   []string
	dot, debug, profile                       string
}

// add declares them. They may stand anywhere, as those of gst-launch-1.0; what
// follows "--" is none.
func (f *launchFlags) add(c *cobra.Command) {
	o := c.Flags()
	o.BoolVarP(&f.quiet, "quiet", "q", false, "print no progress")
	o.BoolVarP(&f.verbose, "verbose", "v", false, "print the formats that were chosen, and what elements tell")
	o.BoolVarP(&f.messages, "messages", "m", false, "print every message of the bus")
	o.BoolVarP(&f.eosOnStop, "eos-on-shutdown", "e", false, "end the stream on Ctrl-C instead of cutting it")
	o.StringArrayVarP(&f.exclude, "exclude", "X", nil, "with -v, print nothing of the property `PROP`, such as caps; may be given several times")
	o.BoolVar(&f.noPosition, "no-position", false, "do not print the position in the stream")
	o.BoolVar(&f.forcePosition, "force-position", false, "print the position also where standard output is no terminal")
	o.BoolVarP(&f.tags, "tags", "t", false, "print what streams say of themselves, such as their titles")
	o.BoolVarP(&f.toc, "toc", "c", false, "print the tables of contents of streams")
	o.BoolP("no-fault", "f", false, "accepted for gst-launch lines; there is no fault handler to leave out")
	o.StringVar(&f.dot, "dot", "", "write the paused pipeline to a `FILE` as text for Graphviz; - is standard output")
	o.BoolVar(&f.stats, "stats", false, "end with a table of what went through each element, and what it took")
	o.StringVar(&f.profile, "message-profile", bus.Seed.String(),
		"the `FORM` of messages of models: seed, as in the published examples, or plugin, as the Edge Impulse plugin of 2026 posts them")
	debugOptions(c, &f.debug)
	o.BoolVar(&f.json, "json", false, "print every message of the bus as one line of JSON, and nothing else")
}

// check finds options that exclude each other.
func (f *launchFlags) check() error {
	if f.dot != "-" {
		return nil
	}
	if f.json || f.stats {
		return errors.New("--dot - would write to standard output beside --json or --stats: give --dot a file")
	}
	f.quiet = true
	return nil
}

// engine makes the engine that the options ask for, and its logger, nil for none.
func (f *launchFlags) engine(stderr io.Writer) (*eiengine.Engine, *slog.Logger, error) {
	if err := f.check(); err != nil {
		return nil, nil, err
	}
	logger, err := debugLogger(f.debug, stderr)
	if err != nil {
		return nil, nil, err
	}
	profile, err := bus.ParseProfile(f.profile)
	if err != nil {
		return nil, nil, fmt.Errorf("--message-profile: %w", err)
	}
	return eiengine.New(eiengine.Options{Logger: logger, MessageProfile: profile}), logger, nil
}
