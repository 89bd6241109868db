package onnx

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// thresholdID is the id of the one block of settings, of detectors only.
const (
	thresholdID   = 1
	thresholdType = "object_detection"
	minScore      = "min_score"
)

// Model is an open model. As every backend.Model, it takes one request at a
// time; Close may be called at any time and ends one that is under way.
type Model struct {
	info    backend.Info
	picture *picture
	decode  decoder
	fixed   bool // the batch has one size only: short ones are filled up
	batch   int

	packed [][]float32 // one input for each item of a batch
	inputs *inputs
	shape  []int64
	out    []tensor

	mu      sync.Mutex // guards session and stop against Close
	session *session
	stop    *interrupt
	running sync.WaitGroup
	closed  bool
}

// Open opens the .onnx file at path with the description beside it.
func Open(path string, o Options) (*Model, error) {
	// First of all: who mistyped the path does not lack a description.
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("cannot open the model, check its path: %w", err)
	}
	d, err := readDescription(path)
	if err != nil {
		return nil, err
	}
	s, err := openSession(path, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m, err := newModel(path, d, s, o)
	if err != nil {
		s.close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// A run tells whether the description is the model's, which no later one could
	// mend, and the first one, which is the slowest, keeps no frame waiting.
	if _, err := m.Classify(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w; check %s", path, err, descriptionFile(path)), m.Close())
	}
	return m, nil
}

func newModel(path string, d *Description, s *session, o Options) (*Model, error) {
	if n := len(s.inputs()); n != 1 {
		return nil, fmt.Errorf("it has %d inputs: models with one input can be run", n)
	}
	p, err := newPicture(s.inputs()[0], &d.Input)
	if err != nil {
		return nil, err
	}
	m := &Model{picture: p, session: s, fixed: p.batch > 0, out: make([]tensor, len(s.outputs()))}
	if m.batch, err = p.batchOf(o, &d.Input); err != nil {
		return nil, err
	}
	if m.decode, err = newDecoder(d, p.width, p.height); err != nil {
		return nil, err
	}
	m.info = infoOf(path, d, p)
	m.inputs = newInputs(p.element, m.batch*p.values())
	for range m.batch {
		m.packed = append(m.packed, make([]float32, p.pixels()))
	}
	m.shape = []int64{0, int64(p.height), int64(p.width), int64(p.channels)}
	if p.planar {
		m.shape = []int64{0, int64(p.channels), int64(p.height), int64(p.width)}
	}
	m.stop, err = s.newInterrupt()
	return m, err
}

func infoOf(path string, d *Description, p *picture) backend.Info {
	name := d.Name
	if name == "" {
		name = filepath.Base(path)
	}
	info := backend.Info{
		Project:       backend.Project{Name: name},
		Type:          decoders[d.decoder()].answers,
		Sensor:        backend.SensorCamera,
		Labels:        slices.Clone(d.Labels),
		InputFeatures: p.pixels(),
		ImageWidth:    p.width, ImageHeight: p.height,
		ImageChannels: p.channels, ImageFrames: 1,
		Resize: d.Input.Resize,
		Engine: 255,
	}
	if info.Type == backend.ObjectDetection || info.Type == backend.FOMO {
		info.Thresholds = []backend.Threshold{{
			ID: thresholdID, Type: thresholdType,
			Values: map[string]float64{minScore: valueOr(d.Threshold, defaultThreshold)},
		}}
	}
	return info
}

// Info describes the model.
func (m *Model) Info() *backend.Info { return &m.info }

// Input is the packed pixels of the next request.
func (m *Model) Input() []float32 { return m.packed[0] }

// MaxBatch is the most pictures that ClassifyBatch takes.
func (m *Model) MaxBatch() int { return m.batch }

// BatchInput is the packed pixels of picture i of the next batch.
func (m *Model) BatchInput(i int) []float32 { return m.packed[i] }

// Classify runs the model on Input.
func (m *Model) Classify(ctx context.Context) (*backend.Result, error) {
	results, err := m.ClassifyBatch(ctx, 1)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// ClassifyBatch runs the model once on the first n inputs, 1 to MaxBatch, and
// returns one result each.
func (m *Model) ClassifyBatch(ctx context.Context, n int) ([]*backend.Result, error) {
	if n < 1 || n > m.batch {
		return nil, fmt.Errorf("a batch of %d pictures: this model takes 1 to %d", n, m.batch)
	}
	start := time.Now()
	for i := range n {
		if err := m.picture.fill(m.inputs, i, m.packed[i]); err != nil {
			return nil, err
		}
	}
	rows := n
	if m.fixed {
		rows = m.batch
	}
	m.shape[0] = int64(rows)
	filled := time.Now()
	if err := m.run(ctx, rows*m.picture.values()); err != nil {
		return nil, err
	}
	ran := time.Now()
	results := make([]*backend.Result, n)
	for i := range results {
		r, err := m.decode.decode(m.rows(i, rows), float32(m.threshold()))
		if err != nil {
			return nil, err
		}
		results[i] = r
	}
	end := time.Now()
	for _, r := range results {
		r.Timing = backend.Timing{DSP: filled.Sub(start), Classification: ran.Sub(filled), Postprocessing: end.Sub(ran)}
		r.RoundTrip = end.Sub(start)
	}
	return results, nil
}

func (m *Model) rows(i, batch int) []tensor {
	out := make([]tensor, len(m.out))
	for j := range m.out {
		out[j] = m.out[j].row(i, batch)
	}
	return out
}

// run runs the session on the first n values and can be ended by ctx and by Close.
func (m *Model) run(ctx context.Context, n int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return backend.ErrClosed
	}
	m.running.Add(1)
	m.mu.Unlock()
	interrupted := make(chan struct{})
	inTime := context.AfterFunc(ctx, func() {
		m.interrupt()
		close(interrupted)
	})
	err := m.session.run(m.inputs, n, m.shape, m.stop, m.out)
	if !inTime() {
		<-interrupted
		err = errors.Join(ctx.Err(), m.resume())
	}
	m.running.Done()
	if m.isClosed() {
		return backend.ErrClosed
	}
	return err
}

func (m *Model) interrupt() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		// It cannot fail for options that exist; if it did, the run would end by itself.
		_ = m.stop.now()
	}
}

// resume lets the next run begin after one that was interrupted.
func (m *Model) resume() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	return m.stop.reset()
}

func (m *Model) isClosed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed
}

// ClassifyContinuous refuses: these models take pictures.
func (m *Model) ClassifyContinuous(context.Context) (*backend.Result, error) {
	if m.isClosed() {
		return nil, backend.ErrClosed
	}
	return nil, errors.New("an .onnx model takes pictures, not a continuous signal: use Classify")
}

func (m *Model) threshold() float64 {
	if len(m.info.Thresholds) == 0 {
		return 0
	}
	return m.info.Thresholds[0].Values[minScore]
}

// SetThreshold changes the lowest score of a detection, min_score of block 1.
func (m *Model) SetThreshold(_ context.Context, id int, values map[string]float64) error {
	if m.isClosed() {
		return backend.ErrClosed
	}
	if id != thresholdID || len(m.info.Thresholds) == 0 {
		return fmt.Errorf("the model has no threshold block %d: detectors have block %d (%s)", id, thresholdID, thresholdType)
	}
	for key, v := range values {
		if key != minScore {
			return fmt.Errorf("threshold block %d (%s) has no %q: it has %s", id, thresholdType, key, minScore)
		}
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("threshold %s of %v: must be from 0 to 1", key, v)
		}
	}
	if v, ok := values[minScore]; ok {
		m.info.Thresholds[0].Values[minScore] = v
	}
	return nil
}

// Close ends a request under way and frees the model.
func (m *Model) Close() error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return nil
	}
	m.closed = true
	err := m.stop.now()
	m.mu.Unlock()
	m.running.Wait()
	m.stop.close()
	m.session.close()
	return err
}
