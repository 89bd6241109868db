package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

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
are told at 5, all other messages of the bus at 6; few elements log more.`

// debugOptions adds --debug and the ways to write it that gst-launch-1.0 has.
func debugOptions(c *cobra.Command, levels *string) {
	f := c.Flags()
	f.StringVar(levels, "debug", "", "log what these `LEVELS` show, such as 4 or queue*:6")
	f.StringVar(levels, "gst-debug", "", "the same as --debug")
	f.StringVar(levels, "gst-debug-level", "", "the same as --debug")
	f.Bool("gst-debug-no-color", false, "accepted for gst-launch lines; logs have no colours")
}

// debugLogger logs to stderr what the option or a variable asks for; it is nil if
// neither does. A variable may be meant for another program: if it cannot be read
// that is only a warning.
func debugLogger(option string, stderr io.Writer) (*slog.Logger, error) {
	var levels eiengine.DebugLevels
	if option != "" {
		if err := levels.Set(option); err != nil {
			return nil, err
		}
		return slog.New(levels.Handler(stderr)), nil
	}
	for _, name := range debugVariables {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if err := levels.Set(text); err != nil {
			fmt.Fprintf(stderr, "WARNING: nothing is logged: %s=%s: %v\n", name, text, err)
			return nil, nil
		}
		return slog.New(levels.Handler(stderr)), nil
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
