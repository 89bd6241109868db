package soundscape

import (
	"math"
	"slices"
	"testing"
)

const rate = 16000

func read(seed uint64, n, piece int) []float32 {
	s := New(seed, rate)
	out := make([]float32, n)
	for i := 0; i < n; i += piece {
		s.Read(out[i:min(i+piece, n)])
	}
	return out
}

func TestSameSeedSameSound(t *testing.T) {
	a := read(3, 8*rate, 8*rate)
	if b := read(3, 8*rate, 1024); !slices.Equal(a, b) {
		t.Fatal("read in pieces it is another sound")
	}
	if slices.Equal(a, read(4, 8*rate, 8*rate)) {
		t.Fatal("seeds 3 and 4 give the same sound")
	}
	s := New(3, rate)
	c := make([]float32, 8*rate)
	for i := 0; i < len(c); i += rate {
		s.Label(i+5*rate, i+6*rate) // asking of other times changes nothing
		s.Read(c[i : i+rate])
	}
	if !slices.Equal(a, c) {
		t.Fatal("asking for labels changes the sound")
	}
	if s.Next() != len(c) {
		t.Fatalf("next sample %d, want %d", s.Next(), len(c))
	}
}

func TestEventsAreApartAndOfEveryKind(t *testing.T) {
	s := New(1, rate)
	events := s.Events(nil, 0, 3000*rate)
	counts := map[string]int{}
	for i, e := range events {
		counts[e.Label]++
		if n := e.To - e.From; n < 11*rate/10 || n > 25*rate/10 {
			t.Fatalf("%+v lasts %d samples", e, n)
		}
		if i > 0 && e.From < events[i-1].To {
			t.Fatalf("%+v begins before %+v ends", e, events[i-1])
		}
	}
	for _, label := range Labels() {
		if n := counts[label]; label != Noise && n < 150 {
			t.Errorf("only %d of %s in 1000 slots", n, label)
		}
	}
	if counts[Noise] != 0 {
		t.Error("noise is told as a sound")
	}
}

func TestLabel(t *testing.T) {
	s := New(1, rate)
	e := s.Events(nil, 0, 60*rate)[0]
	for _, tt := range []struct {
		from  int
		label string
		clear bool
	}{
		{e.From, e.Label, true},
		{e.From - rate/2, e.Label, true},
		{e.From - 3*rate/4, e.Label, false},
		{e.From - rate + rate/40, Noise, true},
		{e.To - rate/4, e.Label, false},
	} {
		if label, clear := s.Label(tt.from, tt.from+rate); label != tt.label || clear != tt.clear {
			t.Errorf("a second from %d, beside %+v: %s, clear %v; want %s, %v", tt.from, e, label, clear, tt.label, tt.clear)
		}
	}
	if events := s.Events(nil, -5*rate, 0); len(events) != 0 {
		t.Errorf("before the beginning there is %v", events)
	}
}

// Where the truth names a sound it must be louder than the noise round it, in most
// cases: some lie below it.
func TestSoundIsWhereTheTruthIs(t *testing.T) {
	louder, all := 0, 0
	for seed := range uint64(10) {
		sound := read(seed, 15*rate, 4096)
		s := New(seed, rate)
		for _, e := range s.Events(nil, 0, len(sound)-rate) {
			before := sound[max(e.From-rate/10, 0):e.From]
			if all++; power(sound[e.From:e.To]) > 1.2*power(before) {
				louder++
			}
		}
		for i, v := range sound {
			if v < -1 || v > 1 || v != v {
				t.Fatalf("seed %d: sample %d is %v", seed, i, v)
			}
		}
	}
	if louder < all*6/10 {
		t.Errorf("only %d of %d sounds are louder than what was before", louder, all)
	}
}

func power(samples []float32) float64 {
	sum := 0.0
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return sum / math.Max(float64(len(samples)), 1)
}

func TestAnyRate(t *testing.T) {
	for _, r := range []int{-1, 1, 8000, 44100, 1 << 22} {
		s := New(9, r)
		if got := s.Rate(); got != min(max(r, 8000), 192000) {
			t.Errorf("rate %d became %d", r, got)
		}
		s.Read(make([]float32, 20000))
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	s := New(2, rate)
	buf := make([]float32, 4*rate) // more than a slot
	if n := testing.AllocsPerRun(5, func() { s.Read(buf) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkReadSecond(b *testing.B) {
	s := New(2, rate)
	buf := make([]float32, rate)
	for b.Loop() {
		s.Read(buf)
	}
}
