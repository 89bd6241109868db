package infer_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// probe is a model that a test describes in the environment, in PROBE: it always
// gives the same answer, boxes of at least min_score, and keeps what it was asked
// in the file Record.
type probe struct {
	spec probeSpec
	in   []float32
	gate *gate
}

type probeSpec struct {
	Info   backend.Info
	Result backend.Result
	Record string
	// Crash ends the process at each request.
	Crash bool
	// Uneven is how long requests take: up to that, by the number in their picture.
	Uneven time.Duration
	// Gate is the folder of a gate that each request has to pass.
	Gate string
}

func newProbe() (backend.Model, error) {
	p := &probe{}
	if err := json.Unmarshal([]byte(os.Getenv("PROBE")), &p.spec); err != nil {
		return nil, err
	}
	p.in = make([]float32, p.spec.Info.InputFeatures)
	if p.spec.Gate == "" {
		return p, nil
	}
	var err error
	p.gate, err = openGate(p.spec.Gate)
	return p, err
}

func (p *probe) Info() *backend.Info { return &p.spec.Info }
func (p *probe) Input() []float32    { return p.in }

func (p *probe) Classify(context.Context) (*backend.Result, error) {
	if p.spec.Crash {
		fmt.Println("the probe gives up")
		os.Exit(7)
	}
	time.Sleep(p.spec.Uneven * time.Duration(pictureNumber(p.in)%3) / 2)
	if p.gate != nil {
		if err := p.gate.pass(pictureNumber(p.in)); err != nil {
			return nil, err
		}
	}
	res := p.spec.Result
	if t := p.spec.Info.Thresholds; len(t) > 0 && res.Boxes != nil {
		res.Boxes = slices.DeleteFunc(slices.Clone(res.Boxes), func(b backend.Box) bool { return b.Value < t[0].Values["min_score"] })
	}
	return &res, p.keep(p.in)
}

func (p *probe) ClassifyContinuous(context.Context) (*backend.Result, error) {
	return &p.spec.Result, p.keep(p.in[:p.spec.Info.SliceSize])
}

func (p *probe) keep(in []float32) error {
	if p.spec.Record == "" {
		return nil
	}
	f, err := os.OpenFile(p.spec.Record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(floatBytes(in))
	return err
}

func (p *probe) SetThreshold(_ context.Context, id int, values map[string]float64) error {
	for _, t := range p.spec.Info.Thresholds {
		if t.ID == id {
			for k, v := range values {
				t.Values[k] = v
			}
		}
	}
	return nil
}

func (p *probe) Close() error { return nil }

// probeEnv describes a probe to its process.
func probeEnv(s probeSpec) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return "PROBE=" + string(b)
}

func floatBytes(in []float32) []byte {
	out := make([]byte, 0, 4*len(in))
	for _, v := range in {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}
