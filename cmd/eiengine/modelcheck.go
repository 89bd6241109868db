package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/infer/eimcheck"
)

func modelCheckCommand() *cobra.Command {
	var asJSON bool
	var requests int
	c := &cobra.Command{
		Use:   "check FILE.eim",
		Short: "Check that a model file keeps to the .eim protocol",
		Long: `check starts a .eim file, as a process of yours and not confined, asks it all that
runners ask and some things that it should refuse, measures how fast it answers,
and ends it. It says what runners of .eim files will stumble over.

The exit status is 1 if something failed; warnings do not count.`,
		Example: `  eiengine model check ./detector.eim
  eiengine model check --json --requests 500 ./detector.eim`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.HasPrefix(args[0], "builtin:") || strings.HasSuffix(args[0], ".onnx") {
				return fmt.Errorf("%s is no .eim file: write one with `eiengine model export`", args[0])
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			o := eimcheck.Options{Requests: requests}
			if !asJSON {
				o.OnFinding = func(f eimcheck.Finding) { writeFinding(c.OutOrStdout(), f) }
			}
			report := eimcheck.Run(ctx, args[0], o)
			if err := writeReport(c.OutOrStdout(), report, asJSON); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return fmt.Errorf("checking %s was interrupted", args[0])
			}
			if report.Count(eimcheck.Failed) > 0 {
				return exitStatus(1)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().IntVar(&requests, "requests", 50, "how many requests measure the speed, each way")
	return c
}

func writeFinding(w io.Writer, f eimcheck.Finding) {
	line := fmt.Sprintf("%-8s%s", f.Status, f.Check)
	if f.Detail != "" {
		line += ": " + oneLine(f.Detail)
	}
	fmt.Fprintln(w, line)
}

func writeReport(w io.Writer, r *eimcheck.Report, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	_, err := fmt.Fprintf(w, "%s: %d checks passed, %d failed, %d warnings\n",
		r.File, r.Count(eimcheck.OK), r.Count(eimcheck.Failed), r.Count(eimcheck.Warning))
	return err
}
