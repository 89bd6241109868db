package builtin

import (
	"context"
	_ "embed" // for the mixture
	"fmt"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/gmm"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

//go:embed faults.weights
var faultsWeights []byte

// faultsSide is the width and height of the input in pixels.
const faultsSide = 160

// inspector scores the cells of a picture by how unusual they are, as a model.
type inspector struct {
	base
	input   []float32 // packed pixels
	extract *texture.Extractor
	scorer  *gmm.Scorer
	scores  []float64 // of each cell
}

func openFaults() (backend.Model, error) {
	m, err := newInspector("faults", faultsWeights)
	if err != nil {
		return nil, fmt.Errorf("built-in model faults: %w", err)
	}
	return m, nil
}

func newInspector(name string, weights []byte) (*inspector, error) {
	mixture, err := gmm.Parse(weights)
	if err != nil {
		return nil, err
	}
	if mixture.Dims != texture.Features {
		return nil, fmt.Errorf("judges %d features, there are %d: train it again", mixture.Dims, texture.Features)
	}
	scorer, err := gmm.NewScorer(mixture)
	if err != nil {
		return nil, err
	}
	extract, err := texture.NewExtractor(faultsSide, faultsSide)
	if err != nil {
		return nil, err
	}
	columns, rows := extract.Cells()
	return &inspector{
		base: base{info: backend.Info{
			Project:       ours(name),
			Type:          backend.Classification, // as a .eim says of these
			Sensor:        backend.SensorCamera,
			InputFeatures: faultsSide * faultsSide,
			ImageWidth:    faultsSide, ImageHeight: faultsSide,
			ImageChannels: 3, ImageFrames: 1,
			Resize:  backend.ResizeFitShortest,
			Anomaly: backend.AnomalyVisualGMM,
			Engine:  255,
			Thresholds: []backend.Threshold{{
				ID: thresholdID, Type: "anomaly_gmm",
				Values: map[string]float64{minAnomalyScore: mixture.Threshold},
			}},
		}},
		input:   make([]float32, faultsSide*faultsSide),
		extract: extract, scorer: scorer,
		scores: make([]float64, columns*rows),
	}, nil
}

// Input implements backend.Model.
func (m *inspector) Input() []float32 { return m.input }

// Classify implements backend.Model.
func (m *inspector) Classify(ctx context.Context) (*backend.Result, error) {
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	start := time.Now()
	red, green, blue := m.extract.Colour(0), m.extract.Colour(1), m.extract.Colour(2)
	for i, v := range m.input {
		r, g, b := backend.UnpackPixel(v)
		red[i], green[i], blue[i] = float32(r), float32(g), float32(b)
	}
	cells := m.extract.Describe()
	described := time.Now()
	for i := range m.scores {
		m.scores[i] = m.scorer.Score(cells[i*texture.Features : (i+1)*texture.Features])
	}
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	end := time.Now()
	return m.result(backend.Timing{DSP: described.Sub(start), Anomaly: end.Sub(described)}, end.Sub(start)), nil
}

// result lists the cells at or above the threshold; the highest and the mean are
// of all cells. The score beside the picture's is 0, as that of a .eim is.
func (m *inspector) result(timing backend.Timing, took time.Duration) *backend.Result {
	r := &struct {
		backend.Result
		visual  backend.VisualAnomaly
		nothing float64
	}{}
	threshold, unusual := m.threshold(minAnomalyScore), 0
	for _, s := range m.scores {
		r.visual.Max = max(r.visual.Max, s)
		r.visual.Mean += s / float64(len(m.scores))
		if s >= threshold {
			unusual++
		}
	}
	r.visual.Grid = make([]backend.Box, 0, unusual)
	columns, _ := m.extract.Cells()
	for i, s := range m.scores {
		if s >= threshold {
			r.visual.Grid = append(r.visual.Grid, backend.Box{
				Label: "anomaly", Value: s,
				X: i % columns * texture.Cell, Y: i / columns * texture.Cell, Width: texture.Cell, Height: texture.Cell,
			})
		}
	}
	r.Result = backend.Result{Anomaly: &r.nothing, VisualAnomaly: &r.visual, Timing: timing, RoundTrip: took}
	return &r.Result
}
