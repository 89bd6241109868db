package gmm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// two draws from two Gaussian distributions of two values that hang together.
func two(n int) []float64 {
	r := rand.New(rand.NewPCG(3, 3))
	var x []float64
	for i := range n {
		a, b := r.NormFloat64(), r.NormFloat64()
		if i%4 == 0 {
			x = append(x, 10+a, -5+0.5*b)
			continue
		}
		x = append(x, 2*a, 2*a+b)
	}
	return x
}

func fitted(t testing.TB) *Mixture {
	t.Helper()
	m, err := Fit(two(4000), 2, 2, 1e-6, 30, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFitFindsTheDistributions(t *testing.T) {
	m := fitted(t)
	m.Threshold = 1
	small, large := m.Components[0], m.Components[1]
	if small.Weight > large.Weight {
		small, large = large, small
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("weight", small.Weight, 0.25, 0.01)
	near("mean", small.Mean[0], 10, 0.1)
	near("mean", small.Mean[1], -5, 0.1)
	near("mean", large.Mean[0], 0, 0.15)
	// The covariance of the large one is [4 4; 4 5]; the inverse of its Cholesky
	// factor is [1/2; -1 1].
	near("whitening", large.Whiten[0], 0.5, 0.03)
	near("whitening", large.Whiten[1], -1, 0.05)
	near("whitening", large.Whiten[2], 1, 0.05)
}

// With one component the score is the distance of Mahalanobis.
func TestScoreIsTheDistance(t *testing.T) {
	s, err := NewScorer(&Mixture{Dims: 2, Components: []Component{{Weight: 1, Mean: []float64{1, 2}, Whiten: []float64{0.5, 0, 2}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][3]float64{{1, 2, 0}, {3, 2, 1}, {1, 3, 2}, {-5, 6, math.Sqrt(9 + 64)}} {
		if got := s.Score(tt[:2]); math.Abs(got-tt[2]) > 1e-12 {
			t.Errorf("score of %v is %v, want %v", tt[:2], got, tt[2])
		}
	}
	s, err = NewScorer(fitted(t))
	if err != nil {
		t.Fatal(err)
	}
	middle, between, far := s.Score([]float64{0, 0}), s.Score([]float64{6, -2}), s.Score([]float64{1e3, 1e3})
	if !(middle < 2 && between > 3 && far > 100) || math.IsInf(far, 0) {
		t.Errorf("scores %v, %v, %v", middle, between, far)
	}
	if n := testing.AllocsPerRun(5, func() { s.Score([]float64{6, -2}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestFitRepeatsAndRefuses(t *testing.T) {
	if a, b := fitted(t), fitted(t); !reflect.DeepEqual(a, b) {
		t.Error("the same samples and seed give another mixture")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for name, fit := range map[string]func() (*Mixture, error){
		"too few":       func() (*Mixture, error) { return Fit(two(7), 2, 2, 1e-6, 1, r) },
		"odd length":    func() (*Mixture, error) { return Fit(two(100)[1:], 2, 1, 1e-6, 1, r) },
		"no components": func() (*Mixture, error) { return Fit(two(100), 2, 0, 1e-6, 1, r) },
		"no ridge":      func() (*Mixture, error) { return Fit(make([]float64, 200), 2, 1, 0, 1, r) },
	} {
		if _, err := fit(); err == nil {
			t.Errorf("%s: a mixture was made", name)
		}
	}
}

func TestFileKeepsTheMixture(t *testing.T) {
	m := fitted(t)
	m.Threshold = 7.5
	data, err := m.AppendTo([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(data[6:])
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.AppendTo(nil)
	if err != nil || !bytes.Equal(again, data[6:]) {
		t.Fatalf("written again it differs: %v", err)
	}
	if got.Threshold != 7.5 || math.Abs(got.Components[0].Mean[0]-m.Components[0].Mean[0]) > 1e-5 {
		t.Errorf("read %+v", got)
	}
}

func resum(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(body), crc32.ChecksumIEEE(body))
}

func TestParseRefusesDamage(t *testing.T) {
	good, err := fitted(t).AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	body := good[:len(good)-sumBytes]
	changed := func(at int, v float32) []byte {
		b := bytes.Clone(body)
		binary.LittleEndian.PutUint32(b[at:], math.Float32bits(v))
		return resum(b)
	}
	first := len(magic) + 8 // the first component's weight
	for name, data := range map[string][]byte{
		"empty":              nil,
		"one byte short":     good[:len(good)-1],
		"cut, sum mended":    resum(body[:len(body)-8]),
		"longer, sum mended": resum(append(bytes.Clone(body), 0, 0, 0, 0)),
		"one bit":            append(append(bytes.Clone(good[:30]), good[30]^1), good[31:]...),
		"another magic":      resum(append([]byte("EIGMIX2\n"), body[8:]...)),
		"no weight":          changed(first, 0),
		"weight above 1":     changed(first, 2),
		"mean not a number":  changed(first+4, float32(math.NaN())),
		"flat":               changed(first+12, 0),
		"infinite factor":    changed(first+16, float32(math.Inf(1))),
		"negative threshold": changed(first-4, -1),
	} {
		if _, err := Parse(data); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for cut := range len(good) {
		if _, err := Parse(good[:cut]); err == nil {
			t.Fatalf("the first %d of %d bytes pass", cut, len(good))
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := fitted(f).AppendTo(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:len(good)-sumBytes])
	f.Add(good[:headBytes])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = resum(data) // so that the fuzzer gets past it
		m, err := Parse(data)
		if err != nil {
			return
		}
		s, err := NewScorer(m)
		if err != nil {
			t.Fatalf("parsed, but cannot be used: %v", err)
		}
		s.Score(make([]float64, m.Dims))
		again, err := m.AppendTo(nil)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("written again it differs: %v", err)
		}
	})
}
