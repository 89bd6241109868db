package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// debugVariables say what is logged if no option does; the first that is set counts.
var debugVariables = []string{"EIENGINE_DEBUG", "GST_DEBUG"}

const debugHelp = `--debug, or else the variable EIENGINE_DEBUG, or else GST_DEBUG, says what is
logged on standard error, in the syntax of GST_DEBUG: "4" or "*:4" for every
element, "queue*:6,front:DEBUG" for elements by kind or name. Levels are 0 none,
1 error, 2 warn, 3 fixme, 4 info, 5 debug, 6 log, 7 trace, 9 memdump. Formats
are told at 5, all other messages of the bus at 6; few elements log more.
--debug-help lists the kinds of elements with their levels.`

// debugOptions adds --debug and the ways to write it that gst-launch-1.0 has.
func debugOptions(c *cobra.Command, levels *string) {
	f := c.Flags()
	f.StringVar(levels, "debug", "", "log what these `LEVELS` show, such as 4 or queue*:6")
	f.StringVar(levels, "gst-debug", "", "the same as --debug")
	f.StringVar(levels, "gst-debug-level", "", "the same as --debug")
	f.Bool("debug-help", false, "list what can be logged: the kinds of elements, with the level of each")
	f.Bool("gst-debug-help", false, "the same as --debug-help")
	f.Bool("gst-debug-no-color", false, "accepted for gst-launch lines; logs have no colours")
}

// asksForCategories says whether --debug-help was given.
func asksForCategories(c *cobra.Command) bool {
	for _, name := range []string{"debug-help", "gst-debug-help"} {
		if asked, err := c.Flags().GetBool(name); err == nil && asked {
			return true
		}
	}
	return false
}

// writeCategories lists the patterns that levels can be given for, as --gst-debug-help
// of gst-launch-1.0 does: the pipeline and every kind of element.
func writeCategories(w io.Writer, option string) error {
	levels, err := debugLevels(option)
	if err != nil {
		return err
	}
	if levels == nil {
		levels = new(eiengine.DebugLevels) // they show nothing
	}
	out := &errWriter{w: w}
	fmt.Fprintf(out, "%-28s %-8s %s\n%s\n", "name", "level", "description", strings.Repeat("-", 64))
	fmt.Fprintf(out, "%-28s %-8s %s\n", "pipeline", levels.Of("pipeline", ""), "states and messages of pipelines")
	for _, f := range eiengine.DefaultRegistry().All() {
		fmt.Fprintf(out, "%-28s %-8s %s\n", f.Name, levels.Of(f.Name, ""), f.LongName)
	}
	return out.err
}

// debugLogger logs to stderr what the option or a variable asks for; it is nil if
// neither does.
func debugLogger(option string, stderr io.Writer) (*slog.Logger, error) {
	levels, err := debugLevels(option)
	var unread *variableError
	if errors.As(err, &unread) {
		fmt.Fprintf(stderr, "WARNING: nothing is logged: %v\n", err)
		return nil, nil
	}
	if err != nil || levels == nil {
		return nil, err
	}
	return slog.New(levels.Handler(stderr)), nil
}

// variableError is for a variable that cannot be read. It may be meant for another
// program, so that is no more than a warning.
type variableError struct {
	name, text string
	err        error
}

func (e *variableError) Error() string { return fmt.Sprintf("%s=%s: %v", e.name, e.text, e.err) }

// debugLevels reads the option, or else the first variable that is set; it is nil
// if there is none.
func debugLevels(option string) (*eiengine.DebugLevels, error) {
	levels := new(eiengine.DebugLevels)
	if option != "" {
		return levels, levels.Set(option)
	}
	for _, name := range debugVariables {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if err := levels.Set(text); err != nil {
			return nil, &variableError{name, text, err}
		}
		return levels, nil
	}
	return nil, nil
}

// log writes a message of the bus for developers.
func (w *printer) log(m *bus.Message) {
	if w.logger == nil {
		return
	}
	element, kind := m.Src, "pipeline"
	if element != w.p.Name() {
		kind = w.kind(element)
	}
	level, text := eiengine.LevelLog, ""
	switch p := m.Payload.(type) {
	case *bus.Error:
		level, text = slog.LevelError, p.Text
	case *bus.Warning:
		level, text = slog.LevelWarn, p.Text
	case *bus.Info:
		level, text = slog.LevelInfo, p.Text
	case *bus.StateChanged:
		level, text = slog.LevelInfo, p.Old+" to "+p.New
	case *bus.PropertyNotify:
		element, kind, level, text = p.Element, p.Kind, slog.LevelDebug, p.Property+" = "+p.Value
		if p.Pad != "" {
			text = p.Pad + ": " + text
		}
	}
	l := w.logger.With("element", element, "kind", kind)
	if !l.Enabled(context.Background(), level) {
		return
	}
	if text == "" {
		text = string(m.Type) + ": " + structureText(m)
	}
	l.Log(context.Background(), level, text)
}
