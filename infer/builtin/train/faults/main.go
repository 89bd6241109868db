// Train/faults makes the mixture of builtin:faults, which finds faults in a woven
// cloth, from pictures of good cloth that it generates.
//
//	go run ./infer/builtin/train/faults -h
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/gmm"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

const usage = `Trains the model of faults and writes its mixture and its model card.

  go run ./infer/builtin/train/faults [flags]

Run it in the root of the repository. It draws good cloth (package capture/fabric),
describes the cells of its pictures by a fixed bank of filters, and fits a mixture of
Gaussian distributions to that: what is unlikely under it is a fault. No fault is
learnt from. It uses one processor and no library but Go's; the same seed and flags
give the same mixture on the same machine.

At the end it sets the threshold by other good cloth, so that one picture in a hundred
alarms, measures the mixture on further cloth with and without faults, writes the
figures into the model card, and exits with 1 if the area under the ROC is below 0.95.

Flags:
`

// settings are what the flags set.
type settings struct {
	out        string
	seed       uint64
	pictures   int
	components int
	rounds     int
}

// ridge is added to the variances of the features, which are about 0.01 to 1.
const ridge = 1e-4

func main() {
	var s settings
	flag.StringVar(&s.out, "out", "infer/builtin/faults.weights", "`file` for the mixture; the model card goes beside it, named .md")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of everything random")
	flag.IntVar(&s.pictures, "pictures", 1500, "pictures of good cloth to learn from")
	flag.IntVar(&s.components, "components", 8, "components of the mixture")
	flag.IntVar(&s.rounds, "rounds", 12, "rounds of expectation and maximisation")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(&s); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(s *settings) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: everything is set by flags, see -h", flag.Arg(0))
	}
	if s.pictures < 1 || s.components < 1 || s.rounds < 1 {
		return fmt.Errorf("-pictures, -components and -rounds must be at least 1")
	}
	start := time.Now()
	cells, err := goodCells(s.seed, s.pictures)
	if err != nil {
		return err
	}
	fmt.Printf("%d cells of good cloth after %s\n", len(cells)/texture.Features, time.Since(start).Round(time.Second))
	m, err := gmm.Fit(cells, texture.Features, s.components, ridge, s.rounds, rand.New(rand.NewPCG(s.seed, 1)))
	if err != nil {
		return err
	}
	if err := calibrate(m); err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Printf("fitted after %s, threshold %.2f\n", took.Round(time.Second), m.Threshold)
	return finish(s, m, took)
}

// finish measures the mixture as it is stored, and writes it and its card.
func finish(s *settings, m *gmm.Mixture, took time.Duration) error {
	data, err := m.AppendTo(nil)
	if err != nil {
		return err
	}
	if m, err = gmm.Parse(data); err != nil {
		return err
	}
	var results []result
	for i := range trials {
		found, err := trials[i].measure(m)
		if err != nil {
			return err
		}
		results = append(results, result{trials[i].name, found})
		fmt.Printf("%s: AUROC %.3f, %s\n", trials[i].name, found.auroc(), byKind(found))
	}
	name := s.out[:len(s.out)-len(filepath.Ext(s.out))] + ".md"
	if err := os.WriteFile(s.out, data, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(name, card(s, m, len(data), results, took), 0o644); err != nil {
		return err
	}
	fmt.Printf("wrote %s, %d bytes, and %s\n", s.out, len(data), name)
	if a := results[0].scores.auroc(); a < 0.95 {
		return fmt.Errorf("an area under the ROC of %.3f on held-out cloth is below 0.95: learn from more -pictures or with other -components", a)
	}
	return nil
}
