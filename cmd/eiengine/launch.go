package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

type launchFlags struct {
	quiet, verbose, messages, eosOnStop, json bool
	noPosition, forcePosition, stats          bool
	exclude                                   []string
	dot, debug, profile                       string
}

// profileOption adds the option that says how results of models are told.
func (f *launchFlags) profileOption(c *cobra.Command) {
	c.Flags().StringVar(&f.profile, "message-profile", bus.Seed.String(),
		"the `FORM` of messages of models: seed, as in the published examples, or plugin, as the Edge Impulse plugin of 2026 posts them")
}

func launchCommand() *cobra.Command {
	var flags launchFlags
	c := &cobra.Command{
		Use:                   "launch [OPTIONS] LINE...",
		DisableFlagsInUseLine: true,
		Short:                 "Run a pipeline written as for gst-launch-1.0",
		Long: `launch builds a pipeline from its description and runs it to the end of the
stream, to an error, or until it is interrupted.

Options stand before the line. Words of the line are joined with blanks; what
the shell would take for itself ( ! in old shells, ( ) ; * ) needs quotes.

Ctrl-C stops the pipeline, a second one leaves at once. With -e the first lets
what is under way arrive, so that files are complete.

On a terminal the position in the stream is told ten times a second, as
"0:00:03.4 / 0:00:10.0 (34.0 %)"; 99:99:99 stands for a length that no element
knows. --force-position tells it elsewhere too, and with -q.

--dot writes a picture of the pipeline once it is paused, as text for Graphviz:
elements with the properties that were set, and the formats between them. With
- it goes to standard output, and nothing else does. Links of a live pipeline
have no formats at that time.

` + statsHelp + `

` + debugHelp + `

Exit status: 0 after the end of the stream or Ctrl-C, 1 after a mistake in the
line or an error while running, 255 if the pipeline could not be started, such
as for a missing file, 143 after SIGTERM.`,
		Example: `  eiengine launch videotestsrc num-buffers=10 ! pngenc ! multifilesink location=%03d.png
  eiengine launch -v videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=64,height=48 ! fakesink
  eiengine launch -m filesrc location=photo.jpg ! decodebin ! edgeimpulsevideoinfer model-path=model.eim ! fakesink
  eiengine launch --dot - videotestsrc num-buffers=1 ! pngenc ! fakesink | dot -Tsvg > pipeline.svg
  eiengine launch --json filesrc location=hello.wav ! decodebin ! edgeimpulseaudioinfer model-path=kws.eim ! fakesink
  eiengine launch -e videotestsrc is-live=true ! tee name=t  t. ! queue ! fakesink  t. ! queue ! jpegenc ! filesink location=all.mjpeg`,
		ValidArgsFunction: completeLaunch,
		RunE: func(c *cobra.Command, args []string) error {
			return launch(args, flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.SetInterspersed(false) // what begins with "-" inside the line belongs to it
	f.BoolVarP(&flags.quiet, "quiet", "q", false, "print no progress")
	f.BoolVarP(&flags.verbose, "verbose", "v", false, "print the formats that were chosen, and what elements tell")
	f.BoolVarP(&flags.messages, "messages", "m", false, "print every message of the bus")
	f.BoolVarP(&flags.eosOnStop, "eos-on-shutdown", "e", false, "end the stream on Ctrl-C instead of cutting it")
	f.StringArrayVarP(&flags.exclude, "exclude", "X", nil, "with -v, print nothing of the property `PROP`, such as caps; may be given several times")
	f.BoolVar(&flags.noPosition, "no-position", false, "do not print the position in the stream")
	f.BoolVar(&flags.forcePosition, "force-position", false, "print the position also where standard output is no terminal")
	f.BoolP("tags", "t", false, "accepted for gst-launch lines; prints nothing: no element finds tags yet")
	f.BoolP("toc", "c", false, "accepted for gst-launch lines; prints nothing: no element finds tables of contents yet")
	f.BoolP("no-fault", "f", false, "accepted for gst-launch lines; there is no fault handler to leave out")
	f.StringVar(&flags.dot, "dot", "", "write the paused pipeline to a `FILE` as text for Graphviz; - is standard output")
	f.BoolVar(&flags.stats, "stats", false, "end with a table of what went through each element")
	flags.profileOption(c)
	debugOptions(c, &flags.debug)
	f.BoolVar(&flags.json, "json", false, "print every message of the bus as one line of JSON, and nothing else")
	return c
}

func launch(args []string, flags launchFlags, stdout, stderr io.Writer) error {
	if flags.dot == "-" {
		if flags.json || flags.stats {
			return fmt.Errorf("--dot - would write to standard output beside --json or --stats: give --dot a file")
		}
		flags.quiet = true
	}
	logger, err := debugLogger(flags.debug, stderr)
	if err != nil {
		return err
	}
	profile, err := bus.ParseProfile(flags.profile)
	if err != nil {
		return fmt.Errorf("--message-profile: %w", err)
	}
	engine := eiengine.New(eiengine.Options{Logger: logger, MessageProfile: profile})
	p, err := engine.Launch(eiengine.QuoteArgs(args))
	if err != nil {
		return refuse(len(args) == 0, err, stderr)
	}
	for _, w := range p.Warnings {
		fmt.Fprintln(stderr, "WARNING: "+oneLine(w.Error()))
	}
	out := newPrinter(p, flags, stdout, stderr)
	out.logger = logger
	player := newPlayer(p, out, flags.eosOnStop)
	if status := player.run(); status != 0 {
		return exitStatus(status)
	}
	return nil
}

// refuse says why there is no pipeline: every mistake on a line of its own.
func refuse(empty bool, err error, stderr io.Writer) error {
	var syntax *eiengine.SyntaxError
	if empty && errors.As(err, &syntax) {
		fmt.Fprintf(stderr, "ERROR: pipeline could not be constructed: %s; %s\n", syntax.Message, syntax.Remedy)
		return exitStatus(1)
	}
	problems := []error{err}
	var build *eiengine.BuildError
	if errors.As(err, &build) {
		problems = build.Problems
	}
	for _, p := range problems {
		fmt.Fprintln(stderr, "WARNING: erroneous pipeline: "+oneLine(p.Error()))
	}
	return exitStatus(1)
}
