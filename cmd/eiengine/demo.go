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
that the way of the frames is that of every other model.`,
		Example: `  eiengine demo
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
	f.StringVar(&flags.out, "out", "demo-out", "folder for the pictures")
	f.StringVar(&flags.model, "model", "", "another model: a .eim file, or builtin:NAME to run it inside of this process")
	return c
}

func demo(flags demoFlags, stdout, stderr io.Writer) error {
	if flags.frames < 1 {
		return fmt.Errorf("--frames %d: want at least one", flags.frames)
	}
	if err := os.MkdirAll(flags.out, 0o755); err != nil {
		return fmt.Errorf("folder for the pictures: %w; choose another with --out", err)
	}
	model := flags.model
	if model == "" {
		dir, err := os.MkdirTemp("", "eiengine-demo-")
		if err != nil {
			return fmt.Errorf("folder for the model: %w", err)
		}
		defer os.RemoveAll(dir)
		if model, err = writeModel(dir, "shapes"); err != nil {
			return err
		}
	}
	score := newScore()
	registry, err := registryWith(score)
	if err != nil {
		return err
	}
	engine := eiengine.New(eiengine.Options{Registry: registry})
	p, err := engine.Build(demoSpec(flags, model))
	if err != nil {
		return err
	}
	out := &errWriter{w: stdout}
	fmt.Fprintf(out, "A scene with seed %d, 640x480 at 30 frames a second, %d frames. Ctrl-C ends it.\n\n", flags.seed, flags.frames)
	err = errors.Join(watch(p, score, out, stderr), engine.Close())
	score.table(out, flags.out)
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

// demoSpec is the graph. The queue before the model drops frames that the model
// has no time for, as for a camera; the judge stands behind the model, where
// frames carry both what is known and what was found.
func demoSpec(flags demoFlags, model string) eiengine.Spec {
	spec, err := eiengine.ParseLaunch(`
		videotestsrc name=scene pattern=shapes is-live=true !
		video/x-raw,format=RGB,width=640,height=480,framerate=30/1 !
		queue name=newest leaky=downstream max-size-buffers=1 !
		edgeimpulsevideoinfer name=model !
		judge !
		edgeimpulseoverlay !
		queue !
		jpegenc !
		multifilesink name=pictures`)
	if err != nil {
		panic(err) // a constant
	}
	set := func(node, property, value string) {
		for i := range spec.Nodes {
			if n := &spec.Nodes[i]; n.Name == node {
				n.Props = append(n.Props, eiengine.PropSpec{Name: property, Value: value})
			}
		}
	}
	set("scene", "num-buffers", fmt.Sprint(flags.frames))
	set("scene", "seed", fmt.Sprint(flags.seed))
	set("model", "model-path", model)
	set("pictures", "location", filepath.Join(strings.ReplaceAll(flags.out, "%", "%%"), "%05d.jpg"))
	return spec
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
