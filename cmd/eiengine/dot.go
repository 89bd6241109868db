package main

import (
	"fmt"
	"os"
)

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
