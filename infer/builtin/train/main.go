// Train makes the weights of builtin:shapes, the detector of circles, squares
// and triangles that the engine ships, from pictures that it generates.
//
//	go run ./infer/builtin/train -h
//	GOEXPERIMENT=simd go run ./infer/builtin/train # faster, on amd64
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/photos"
)

const usage = `Trains the shapes detector and writes its weights and its model card.

  go run ./infer/builtin/train [flags]

Run it in the root of the repository. It draws moving scenes with known shapes
(package capture/scene), half of them in front of the photographs of -photos,
shrinks them to the input of the network, and teaches it the cell of the grid
in which each shape has its centre. It uses one processor and no library but
Go's; the same seed, flags and build give the same weights on the same machine.
On amd64, GOEXPERIMENT=simd go run … builds kernels with vector instructions,
which trains about three times faster; the weights differ in the last digits.

While it runs it prints the mean loss, and every -report steps the F1 by centre
on scenes it does not train on, and keeps the weights so far in the file. At the
end it sets the threshold by more such scenes (-steps 0 -resume does only that),
measures the network on others again, writes the figures into the model card,
and exits with 1 if the F1 is below 0.95.

Flags:
`

// settings are what the flags set.
type settings struct {
	out, photos string
	seed        uint64
	steps       int
	batch       int
	fresh       int
	pool        int
	rate        float64
	weight      float64
	report      int
	resume      string
}

func main() {
	var s settings
	flag.StringVar(&s.out, "out", "infer/builtin/shapes.weights", "`file` for the weights; the model card goes beside it, named .md")
	flag.StringVar(&s.photos, "photos", "testdata/photos", "`folder` of photographs for backgrounds; "+photos.HeldOut+" is kept for the measuring")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of everything random")
	flag.IntVar(&s.steps, "steps", 13000, "number of steps; 0 only calibrates and measures")
	flag.IntVar(&s.batch, "batch", 16, "pictures a step")
	flag.IntVar(&s.fresh, "fresh", 4, "new pictures drawn for each step; the rest comes from the pool")
	flag.IntVar(&s.pool, "pool", 4000, "pictures kept for use again, mirrored, turned and recoloured; 48 kB each")
	flag.Float64Var(&s.rate, "rate", 0.004, "highest learning rate")
	flag.Float64Var(&s.weight, "weight", 4, "how much more a cell with a shape counts than one without")
	flag.IntVar(&s.report, "report", 500, "steps between two looks at held-out scenes")
	flag.StringVar(&s.resume, "resume", "", "weights `file` to start from instead of random weights")
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

func (s *settings) check() error {
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: everything is set by flags, see -h", flag.Arg(0))
	}
	if s.steps < 0 || s.batch < 1 || s.fresh < 1 || s.pool < s.batch || s.report < 1 {
		return fmt.Errorf("-batch, -fresh and -report must be at least 1, -steps at least 0, and -pool at least -batch")
	}
	return nil
}

func run(s *settings) error {
	if err := s.check(); err != nil {
		return err
	}
	backgrounds, held, err := photos.Load(s.photos)
	if err != nil {
		return err
	}
	net, err := startingPoint(s)
	if err != nil {
		return err
	}
	products, err := net.Products()
	if err != nil {
		return err
	}
	fmt.Printf("network: %d parameters, %.1f million products a picture\n", net.Parameters(), float64(products)/1e6)

	t, err := newTrainer(s, net, backgrounds)
	if err != nil {
		return err
	}
	start := time.Now()
	if err := t.train(); err != nil {
		return err
	}
	took := time.Since(start)
	if err := calibrate(net); err != nil {
		return err
	}
	results, err := measureAll(net, held)
	if err != nil {
		return err
	}
	if err := save(s, net, results, took); err != nil {
		return err
	}
	if f1 := results[0].f1(); f1 < 0.95 {
		return fmt.Errorf("F1 of %.3f on held-out scenes is below 0.95: train longer (-steps) or go on from here (-resume %s)", f1, s.out)
	}
	return nil
}

// startingPoint is the network before training.
func startingPoint(s *settings) (*fomo.Network, error) {
	if s.resume == "" {
		net := architecture()
		net.Randomize(rand.New(rand.NewPCG(s.seed, 1)))
		return net, nil
	}
	data, err := os.ReadFile(s.resume)
	if err != nil {
		return nil, err
	}
	net, err := fomo.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.resume, err)
	}
	return net, nil
}

func save(s *settings, net *fomo.Network, results []result, took time.Duration) error {
	size, err := saveWeights(s.out, net)
	if err != nil {
		return err
	}
	name := s.out[:len(s.out)-len(filepath.Ext(s.out))] + ".md"
	fmt.Printf("wrote %s, %d bytes, and %s\n", s.out, size, name)
	return os.WriteFile(name, card(s, net, size, results, took), 0o644)
}

// saveWeights writes the weights and returns the size of the file in bytes.
func saveWeights(name string, net *fomo.Network) (size int, err error) {
	data, err := net.AppendTo(nil)
	if err != nil {
		return 0, err
	}
	return len(data), os.WriteFile(name, data, 0o644)
}
