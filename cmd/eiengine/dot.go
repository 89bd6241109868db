package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// dotVariables name the folder for pictures of a pipeline at each change of state
// and at SIGHUP; the first that is set counts.
var dotVariables = []string{"EIENGINE_DEBUG_DUMP_DOT_DIR", "GST_DEBUG_DUMP_DOT_DIR"}

func dotFolder() string {
	for _, name := range dotVariables {
		if dir := os.Getenv(name); dir != "" {
			return dir
		}
	}
	return ""
}

// dotState writes a picture of the pipeline when it has changed its state.
func (w *printer) dotState(s *bus.StateChanged) {
	if dir := dotFolder(); dir != "" {
		w.writeDotTo(dir, "gst-launch."+strings.ToUpper(s.Old+"_"+s.New))
	}
}

// writeDotTo writes a picture, named by the time since the program began to look at
// the pipeline, as GStreamer does. That it cannot be written is told, no more.
func (w *printer) writeDotTo(dir, name string) {
	file := filepath.Join(dir, strings.Replace(clockText(time.Since(w.began)), ":", ".", 2)+"-"+name+".dot")
	if err := os.WriteFile(file, []byte(w.p.Dot()), 0o666); err != nil {
		fmt.Fprintf(w.stderr, "WARNING: picture of the pipeline: %v; set %s to a folder that can be written\n", err, strings.Join(dotVariables, " or "))
	}
}

// writeDot writes the pipeline as --dot asks.
func (w *printer) writeDot() error {
	switch w.flags.dot {
	case "":
		return nil
	case "-":
		w.write(w.p.Dot())
		return nil
	}
	if err := os.WriteFile(w.flags.dot, []byte(w.p.Dot()), 0o666); err != nil {
		return fmt.Errorf("picture of the pipeline: %w; choose another file with --dot", err)
	}
	return nil
}
