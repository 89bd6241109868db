package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
)

func launchCommand() *cobra.Command {
	var flags launchFlags
	var version bool
	c := &cobra.Command{
		Use:                   "launch [OPTIONS] LINE...",
		DisableFlagsInUseLine: true,
		Short:                 "Run a pipeline written as for gst-launch-1.0",
		Long: `launch builds a pipeline from its description and runs it to the end of the
stream, to an error, or until it is interrupted.

Options may stand before, in and behind the line; what follows -- belongs to the
line. Its words are joined with blanks; what the shell would take for itself
( ! in old shells, ( ) ; * ) needs quotes.

Ctrl-C stops the pipeline, a second one leaves at once. With -e the first lets
what is under way arrive, so that files are complete.

On a terminal the position in the stream is told ten times a second, as
"0:00:03.4 / 0:00:10.0 (34.0 %)"; 99:99:99 stands for a length that no element
knows. --force-position tells it elsewhere too, and with -q.

--dot writes a picture of the pipeline once it is paused, as text for Graphviz:
elements with the properties that were set, and the formats between them. With
- it goes to standard output, and nothing else does. Links of a live pipeline
have no formats at that time. If EIENGINE_DEBUG_DUMP_DOT_DIR, or else
GST_DEBUG_DUMP_DOT_DIR, names a folder, a picture is written there at each change of
state and at SIGHUP; without it SIGHUP stops the pipeline.

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
			if version {
				_, err := fmt.Fprintln(c.OutOrStdout(), versionText())
				return err
			}
			if asksForCategories(c) {
				return writeCategories(c.OutOrStdout(), flags.debug)
			}
			return launch(args, flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().BoolVar(&version, "version", false, "print the version and leave")
	flags.add(c)
	return c
}

func launch(args []string, flags launchFlags, stdout, stderr io.Writer) error {
	engine, logger, err := flags.engine(stderr)
	if err != nil {
		return err
	}
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
