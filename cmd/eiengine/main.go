package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	_ "github.com/eiengine/eiengine/all" // the elements
)

func main() {
	if name := carriedModel(); name != "" {
		os.Exit(beModel(name, os.Args[1:], os.Stderr))
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// exitStatus ends the program with a status, everything having been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run is the program without the process: it gives the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(stderr, "ERROR: "+oneLine(err.Error()))
	return 1
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "eiengine",
		Short: "Run Edge Impulse models on live video and sound",
		Long: `eiengine runs Edge Impulse models on live video and sound.

Pipelines are written as for gst-launch-1.0, with the same elements and
properties. There is no GStreamer behind it.`,
		Example: `  # what is in this picture?
  eiengine launch -m filesrc location=photo.jpg ! decodebin ! edgeimpulsevideoinfer model-path=model.eim ! fakesink

  # draw what a model sees into numbered pictures
  eiengine launch videotestsrc num-buffers=10 ! edgeimpulsevideoinfer model-path=builtin:shapes ! \
      edgeimpulseoverlay ! pngenc ! multifilesink location=out-%03d.png

  # which elements are there, and what can this one do?
  eiengine inspect
  eiengine inspect edgeimpulsevideoinfer`,
		Args:                       cobra.NoArgs,
		SilenceUsage:               true,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; `%s --help` lists the options", err, c.CommandPath())
	})
	root.AddCommand(launchCommand(), runCommand(), recordRawCommand(), convertCommand(), inspectCommand(), modelCommand(), demoCommand(), devicesCommand(), doctorCommand(), completionCommand(), versionCommand())
	explainArgs(root)
	return root
}

// explainArgs has each command say, when it is given too few or too many words,
// where it tells what it takes.
func explainArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil {
				return nil
			}
			if len(args) > 0 && len(c.SuggestionsFor(args[0])) > 0 {
				return fmt.Errorf("%w; did you mean %s?", err, strings.Join(c.SuggestionsFor(args[0]), " or "))
			}
			return fmt.Errorf("%w; `%s --help` tells what it takes", err, c.CommandPath())
		}
	}
	for _, sub := range c.Commands() {
		explainArgs(sub)
	}
}

// oneLine keeps a text that may have several lines to one.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
