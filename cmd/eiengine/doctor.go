package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor [--json]",
		Short: "Say what this machine has and lacks for the engine",
		Long: `doctor looks at the machine: what the engine needs, what it uses if it is there,
and what to do about what is missing. Some of it this engine does not use yet,
and that is said.

Exit status: 0 if everything that the engine needs is there, 1 otherwise.`,
		Example: `  eiengine doctor
  eiengine doctor --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return doctor(c.OutOrStdout(), examine(machine{root: "/"}), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// finding is one thing that the machine has or lacks.
type finding struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Found is what there is, or why it cannot be used.
	Found  string `json:"found"`
	Remedy string `json:"remedy,omitempty"` // if not OK
	// Needed says that nothing much works without it, Used whether this engine
	// makes use of it; Note says for what, or why not.
	Needed bool   `json:"needed"`
	Used   bool   `json:"used"`
	Note   string `json:"note"`
}

func doctor(w io.Writer, findings []finding, asJSON bool) error {
	out := &errWriter{w: w}
	missing := 0
	for _, f := range findings {
		if f.Needed && !f.OK {
			missing++
		}
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		report := struct {
			OK       bool      `json:"ok"`
			Findings []finding `json:"findings"`
		}{missing == 0, findings}
		if err := enc.Encode(report); err != nil {
			return err
		}
	} else {
		writeFindings(out, findings, missing)
	}
	if out.err == nil && missing > 0 {
		return exitStatus(1)
	}
	return out.err
}

func writeFindings(w io.Writer, findings []finding, missing int) {
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Name))
	}
	for _, f := range findings {
		word := "OK"
		if !f.OK {
			word = "missing"
		}
		fmt.Fprintf(w, "%-7s  %-*s  %s\n", word, width, f.Name, f.Found)
		indent := width + len("missing") + 4
		if !f.OK {
			fmt.Fprintf(w, "%*sremedy: %s\n", indent, "", f.Remedy)
		}
		if !f.Used {
			fmt.Fprintf(w, "%*snot used: %s\n", indent, "", f.Note)
		}
	}
	switch missing {
	case 0:
		fmt.Fprintf(w, "\nEverything that this engine needs is there.\n")
	case 1:
		fmt.Fprintf(w, "\nOne thing that this engine needs is missing.\n")
	default:
		fmt.Fprintf(w, "\n%d things that this engine needs are missing.\n", missing)
	}
}
