package main

import (
	"math"
	"slices"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/infer/builtin/internal/gmm"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

// Seeds of held-out fabrics; training draws none of them.
const (
	validationSeed = 5_500_000
	measureSeed    = 6_000_000
)

// trial is a set of held-out fabrics.
type trial struct {
	name          string
	first         uint64 // seed
	fabrics       int
	filter        resize.Filter
	width, height int
}

// trials are those of the model card.
var trials = []trial{
	{"640x480, area filter", measureSeed, 60, resize.Area, 640, 480},
	{"640x480, bilinear filter", measureSeed, 60, resize.Bilinear, 640, 480},
	{"320x240, area filter", measureSeed + 1000, 120, resize.Area, 320, 240},
}

// scores are the highest scores of the pictures of a trial.
type scores struct {
	good []float64
	bad  map[string][]float64 // by kind of fault
	// alarms and onFault count the pictures with a fault whose highest score is
	// at the threshold or above, and those of them where that is on the fault.
	alarms, onFault int
}

func (s *scores) allBad() (all []float64) {
	for _, kind := range fabric.Kinds() {
		all = append(all, s.bad[kind]...)
	}
	return all
}

func (s *scores) auroc() float64 { return learn.AUROC(s.allBad(), s.good) }

// measure looks at each fabric with and without its faults: at the frames that
// show one fault whole, and at as many others of the same without.
func (t *trial) measure(m *gmm.Mixture) (*scores, error) {
	scorer, err := gmm.NewScorer(m)
	if err != nil {
		return nil, err
	}
	e, err := texture.NewExtractor(side, side)
	if err != nil {
		return nil, err
	}
	s := &scores{bad: map[string][]float64{}}
	var c camera
	for i := range uint64(t.fabrics) {
		faulty := fabric.New(t.first+i, t.width, t.height, fabric.Options{})
		good := fabric.New(t.first+i, t.width, t.height, fabric.Options{Flawless: true})
		for n := 0; n < 480; n += 60 {
			truth := faulty.Truth(n)
			if len(truth) != 1 || truth[0].Visible < 0.99 {
				continue
			}
			c.look(e, good, n, t.filter)
			score, _ := highest(scorer, e)
			s.good = append(s.good, score)
			c.look(e, faulty, n, t.filter)
			score, cell := highest(scorer, e)
			kind := truth[0].Kind
			s.bad[kind] = append(s.bad[kind], score)
			if score >= m.Threshold {
				s.alarms++
				if t.on(&truth[0], cell) {
					s.onFault++
				}
			}
		}
	}
	return s, nil
}

// highest is the highest score of the cells, and which has it.
func highest(scorer *gmm.Scorer, e *texture.Extractor) (score float64, cell int) {
	all := e.Describe()
	for i := range len(all) / texture.Features {
		if v := scorer.Score(all[i*texture.Features : (i+1)*texture.Features]); v > score {
			score, cell = v, i
		}
	}
	return score, cell
}

// on reports whether a fault touches a cell or one of its neighbours, which its
// features see half of.
func (t *trial) on(f *fabric.Fault, cell int) bool {
	edge := float64(min(t.width, t.height))
	perCell := edge / (side / texture.Cell)
	x := (f.X - (float64(t.width)-edge)/2) / perCell
	y := (f.Y - (float64(t.height)-edge)/2) / perCell
	column, row := float64(cell%(side/texture.Cell)), float64(cell/(side/texture.Cell))
	return column+2 > x && column-1 < x+f.W/perCell && row+2 > y && row-1 < y+f.H/perCell
}

// falseAlarms is the part of good pictures that are to reach the threshold.
const falseAlarms = 0.01

// calibrate sets the threshold by good pictures of validation fabrics.
func calibrate(m *gmm.Mixture) error {
	scorer, err := gmm.NewScorer(m)
	if err != nil {
		return err
	}
	e, err := texture.NewExtractor(side, side)
	if err != nil {
		return err
	}
	var c camera
	var good []float64
	for i := range uint64(200) {
		f := fabric.New(validationSeed+i, 320, 240, fabric.Options{Flawless: true})
		for n := 0; n < 480; n += 96 {
			filter := resize.Area
			if n%192 == 0 {
				filter = resize.Bilinear
			}
			c.look(e, f, n, filter)
			score, _ := highest(scorer, e)
			good = append(good, score)
		}
	}
	slices.Sort(good)
	exact := good[int(float64(len(good))*(1-falseAlarms))]
	m.Threshold = math.Round(exact*10) / 10 // as people write it
	return nil
}
