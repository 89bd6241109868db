// Train/sounds makes the weights of builtin:sounds, which tells beeps, knocks,
// sirens, whistles and noise apart, from sound that it generates.
//
//	go run ./infer/builtin/train/sounds -h
//	GOEXPERIMENT=simd go run ./infer/builtin/train/sounds # faster, on amd64
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
)

const usage = `Trains the model of sounds and writes its weights and its model card.

  go run ./infer/builtin/train/sounds [flags]

Run it in the root of the repository. It makes soundscapes whose content is known
(package capture/soundscape), takes windows of a second from them, and teaches the
network what is to be heard in each. It uses one processor and no library but Go's;
the same seed, flags and build give the same weights on the same machine. On amd64,
GOEXPERIMENT=simd go run … trains about twice as fast; the weights then differ in the
last digits.

While it runs it prints the mean loss, and every -report steps the accuracy on
soundscapes it does not train on, and keeps the weights so far in the file. At the
end it measures the network on others again, writes the figures into the model
card, and exits with 1 if the accuracy is below 0.95.

Flags:
`

func main() {
	c := learn.Course{Out: "infer/builtin/sounds.weights", Seed: 1, Steps: 2000, Batch: 32, Rate: 0.004, Report: 250}
	c.Flags(flag.CommandLine)
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(&c); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(c *learn.Course) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: everything is set by flags, see -h", flag.Arg(0))
	}
	if err := c.Check(); err != nil {
		return err
	}
	net, err := c.Begin(architecture())
	if err != nil {
		return err
	}
	start := time.Now()
	err = c.Teach(net, newSource(c.Seed).next, func() error {
		counts, err := measure(net, quickSeed, 20)
		fmt.Printf("so far: accuracy %.3f, F1 %.3f\n", counts.Accuracy(), counts.F1())
		return err
	})
	if err != nil {
		return err
	}
	took := time.Since(start)
	counts, err := measure(net, measureSeed, 200)
	if err != nil {
		return err
	}
	if err := save(c, net, counts, took); err != nil {
		return err
	}
	if a := counts.Accuracy(); a < 0.95 {
		return fmt.Errorf("accuracy of %.3f on held-out soundscapes is below 0.95: train longer (-steps) or go on from here (-resume %s)", a, c.Out)
	}
	return nil
}

func save(c *learn.Course, net *fomo.Network, counts learn.Confusion, took time.Duration) error {
	size, err := c.Save(net)
	if err != nil {
		return err
	}
	text, err := card(c, net, size, counts, took)
	if err != nil {
		return err
	}
	name := c.Out[:len(c.Out)-len(filepath.Ext(c.Out))] + ".md"
	fmt.Printf("accuracy %.3f; wrote %s, %d bytes, and %s\n", counts.Accuracy(), c.Out, size, name)
	return os.WriteFile(name, text, 0o644)
}
