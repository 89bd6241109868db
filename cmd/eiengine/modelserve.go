package main

import (
	"context"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/eimserve"
	"github.com/eiengine/eiengine/infer/models"
)

// modelServeCommand makes this program the process of a model: what it serves can
// be driven by every client of .eim files.
func modelServeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve MODEL SOCKET|stdin|--print-info",
		Short: "Serve a model by the protocol of .eim files",
		Long: `serve does what a .eim file does when it is run: it makes a Unix socket and
serves the first client that connects, or serves requests from standard input,
or prints the description of the model. MODEL is builtin:NAME, an .onnx file with
its description beside it, or a .eim file.`,
		DisableFlagParsing: true, // what follows the model is in the words of a .eim
		Args:               cobra.MinimumNArgs(1),
		Example: `  eiengine model serve builtin:shapes /tmp/shapes.sock
  eiengine model serve detector.onnx --print-info`,
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == "-h" || args[0] == "--help" {
				return c.Help()
			}
			return serveModel(args[0], args[1:])
		},
	}
}

func serveModel(path string, args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	model, err := models.Open(ctx, path, eim.Options{})
	if err != nil {
		return err
	}
	stop() // from now on signals are the server's
	if status := eimserve.Main(model, args); status != 0 {
		return exitStatus(status) // a request may still run: the process ends with it
	}
	return model.Close()
}
