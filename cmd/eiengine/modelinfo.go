package main

import (
	"context"
	"errors"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/models"
)

func modelCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "model",
		Short: "Look at models, check them, serve and export them",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var asJSON bool
	info := &cobra.Command{
		Use:   "info FILE|builtin:NAME [--json]",
		Short: "Say what a model is and wants",
		Long: `info starts a model, asks it what it is, and ends it: the kind of its answers,
its labels, the input it wants, its thresholds and where it comes from.`,
		Example: `  eiengine model info ./detector.eim
  eiengine model info --json builtin:shapes`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			model, err := models.Open(ctx, args[0], eim.Options{})
			if err != nil {
				return err
			}
			out := &errWriter{w: c.OutOrStdout()}
			return errors.Join(writeInfo(out, model.Info(), asJSON), out.err, model.Close())
		},
	}
	info.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(info, modelCheckCommand(), modelServeCommand(), modelExportCommand())
	return c
}
