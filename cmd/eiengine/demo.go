package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/builtin"
)

type demoFlags struct {
	frames     int
	seed       uint64
	out, model string
}

func demoCommand() *cobra.Command {
	var flags demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "See the whole work on a scene with known content",
		Long: `demo plays a scene of moving circles, squares and triangles at 30 frames a
second. A model in a process of its own judges the frames as they come; what it
finds is printed, drawn into pictures, and compared with what is there.

The model is builtin:shapes, served over the .eim protocol by this program, so
that the way of the frames is that of every other model. --model chooses another
of the engine's, which is shown what it was made for: shapes-class one shape at a
time, faults a running cloth, and sounds a soundscape, whose frames are tenths of
a second. A model file is shown the shapes.`,
		Example: `  eiengine demo
  eiengine demo --model sounds
  eiengine demo --frames 60 --seed 7 --out /tmp/pictures
  eiengine demo --model ./my-shapes.eim`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return demo(flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.IntVar(&flags.frames, "frames", 300, "number of frames")
	f.Uint64Var(&flags.seed, "seed", 1, "which scene to show")
	f.StringVar(&flags.out, "out", "demo-out", "folder for the pictures, or the sound")
	f.StringVar(&flags.model, "model", "", "another model: "+strings.Join(builtin.Names(), ", ")+", a .eim file, or builtin:NAME to run it inside of this process")
	return c
}

func demo(flags demoFlags, stdout, stderr io.Writer) error {
	if flags.frames < 1 {
		return fmt.Errorf("--frames %d: want at least one", flags.frames)
	}
	if err := os.MkdirAll(flags.out, 0o755); err != nil {
		return fmt.Errorf("folder for the pictures: %w; choose another with --out", err)
	}
	name, model := showOf(flags.model)
	show := shows[name]
	if model == "" {
		dir, err := os.MkdirTemp("", "eiengine-demo-")
		if err != nil {
			return fmt.Errorf("folder for the model: %w", err)
		}
		defer os.RemoveAll(dir)
		if model, err = writeModel(dir, name); err != nil {
			return err
		}
	}
	score := newScore(show.tally(flags.seed))
	registry, err := registryWith(score)
	if err != nil {
		return err
	}
	engine := eiengine.New(eiengine.Options{Registry: registry})
	p, err := engine.Build(show.spec(flags, model))
	if err != nil {
		return err
	}
	out := &errWriter{w: stdout}
	fmt.Fprintf(out, "%s with seed %d, %s, %d frames. Ctrl-C ends it.\n\n", show.what, flags.seed, show.form, flags.frames)
	err = errors.Join(watch(p, score, out, stderr), engine.Close())
	score.table(out, &show, flags.out)
	return errors.Join(err, out.err)
}

// watch plays the pipeline and prints some of what is found.
func watch(p *eiengine.Pipeline, score *score, out, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once

	sub := p.Bus().Subscribe(depth, bus.TypeElement, bus.TypeWarning)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for m := range sub.All(context.Background()) {
			switch payload := m.Payload.(type) {
			case *bus.Inference:
				score.message(payload, out)
			case *bus.Warning:
				fmt.Fprintf(stderr, "WARNING: %s: %s\n", m.Src, oneLine(payload.Text))
			}
		}
	}()
	err := p.Play(ctx)
	if err == nil {
		score.begin()
		err = p.Wait(ctx)
	}
	score.end(p.Stats())
	err = errors.Join(ignoreCancel(err), p.Stop(context.Background()))
	sub.Close()
	<-told
	return err
}

func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// writeModel makes a .eim of this program: a script that runs `model serve`.
func writeModel(dir, name string) (path string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("path of this program: %w", err)
	}
	quoted := "'" + strings.ReplaceAll(self, "'", `'\''`) + "'"
	path = filepath.Join(dir, name+".eim")
	script := fmt.Sprintf("#!/bin/sh\nexec %s model serve builtin:%s \"$@\"\n", quoted, name)
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		return "", fmt.Errorf("model: %w", err)
	}
	return path, nil
}
