package main

import (
	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eimserve"
)

// eimServeCommand makes this program the process of a model: what it serves can
// be driven by every client of .eim files. It is hidden since a script calls it.
func eimServeCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "eim-serve NAME SOCKET|stdin|--print-info",
		Short:              "Serve a model of the engine as a .eim does",
		Hidden:             true,
		DisableFlagParsing: true, // what follows the name is in the words of a .eim
		Args:               cobra.MinimumNArgs(1),
		Example: `  printf '#!/bin/sh\nexec eiengine eim-serve shapes "$@"\n' > shapes.eim && chmod +x shapes.eim
  eiengine model info ./shapes.eim`,
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == "-h" || args[0] == "--help" {
				return c.Help()
			}
			model, err := builtin.Open(args[0])
			if err != nil {
				return err
			}
			if status := eimserve.Main(model, args[1:]); status != 0 {
				return exitStatus(status) // a request may still run: the process ends with it
			}
			return model.Close()
		},
	}
}
