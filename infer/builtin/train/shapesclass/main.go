// Train/shapesclass makes the weights of builtin:shapes-class, which says
// whether a picture shows a circle, a square, a triangle or none of them, from
// pictures that it generates.
//
//	go run ./infer/builtin/train/shapesclass -h
//	GOEXPERIMENT=simd go run ./infer/builtin/train/shapesclass # faster, on amd64
package main

import (
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/photos"
)

const usage = `Trains the classifier of shapes and writes its weights and its model card.

  go run ./infer/builtin/train/shapesclass [flags]

Run it in the root of the repository. It draws scenes that show one shape at a time
(package capture/scene), half of them in front of the photographs of -photos, shrinks
them to the input of the network, and teaches it the label of the shape. The first layers
begin as those of builtin:shapes, which know edges and corners. It uses one and no library but Go's; the same seed, flags and build give the same weights on the
same machine. On amd64, GOEXPERIMENT=simd go run … trains about twice as fast;
the weights then differ in the last digits.

While it runs it prints the mean loss, and every -report steps the accuracy on scenes
it does not train on, and keeps the weights so far in the file. At the end it measures
the network on others again, writes the figures into the model card, and exits with 1
if the accuracy is below 0.95.

Flags:
`

func main() {
	c := learn.Course{Out: "infer/builtin/shapes-class.weights", Seed: 1, Steps: 3500, Batch: 16, Rate: 0.003, Report: 250}
	c.Flags(flag.CommandLine)
	folder := flag.String("photos", "testdata/photos", "`folder` of photographs for backgrounds; "+photos.HeldOut+" is kept for the measuring")
	begin := flag.String("begin", "infer/builtin/shapes.weights", "weights `file` whose layers to begin from, as far as they fit")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(&c, *folder, *begin); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(c *learn.Course, folder, begin string) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: everything is set by flags, see -h", flag.Arg(0))
	}
	if err := c.Check(); err != nil {
		return err
	}
	backgrounds, held, err := photos.Load(folder)
	if err != nil {
		return err
	}
	net, err := c.Begin(architecture())
	if err != nil {
		return err
	}
	if c.Resume == "" {
		layers, err := transfer(net, begin)
		if err != nil {
			return err
		}
		fmt.Printf("begins from %d of %d layers of %s\n", layers, len(net.Layers), begin)
	}
	start := time.Now()
	err = c.Teach(net, newSource(c.Seed, backgrounds).next, func() error {
		counts, err := quick.measure(net)
		fmt.Printf("so far: accuracy %.3f, F1 %.3f\n", counts.Accuracy(), counts.F1())
		return err
	})
	if err != nil {
		return err
	}
	took := time.Since(start)
	return finish(c, net, held, took)
}

// finish measures the network and writes it and its card.
func finish(c *learn.Course, net *fomo.Network, held []image.Image, took time.Duration) error {
	var results []result
	for _, t := range trials(held) {
		counts, err := t.measure(net)
		if err != nil {
			return err
		}
		fmt.Printf("%s: accuracy %.3f, F1 %.3f\n", t.name, counts.Accuracy(), counts.F1())
		results = append(results, result{t.name, counts})
	}
	size, err := c.Save(net)
	if err != nil {
		return err
	}
	text, err := card(c, net, size, results, took)
	if err != nil {
		return err
	}
	name := c.Out[:len(c.Out)-len(filepath.Ext(c.Out))] + ".md"
	fmt.Printf("wrote %s, %d bytes, and %s\n", c.Out, size, name)
	if err := os.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	if a := results[0].counts.Accuracy(); a < 0.95 {
		return fmt.Errorf("accuracy of %.3f on held-out scenes is below 0.95: train longer (-steps) or go on from here (-resume %s)", a, c.Out)
	}
	return nil
}
