package eiengine_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

// mallocs is how many allocations a run of n frames makes.
func mallocs(t *testing.T, e *eiengine.Engine, text string, n string, measured bool) uint64 {
	t.Helper()
	p := launch(t, e, strings.ReplaceAll(text, "N", n))
	sink(p, "s").Update(func(c *collectProps) { c.Count = true })
	p.Measure(measured)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run(t, p)
	runtime.ReadMemStats(&after)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return after.Mallocs - before.Mallocs
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for name, text := range map[string]string{
		"direct":     "counter num-buffers=N ! pass ! pass ! collect name=s",
		"queue":      "counter num-buffers=N ! buffer ! collect name=s",
		"tee":        "counter num-buffers=N ! fork name=t ! buffer ! collect name=s  t. ! collect",
		"writer":     "counter num-buffers=N ! fork name=t ! buffer ! pass write=true ! collect name=s  t. ! collect",
		"aggregator": "counter num-buffers=N ! merge ! collect name=s",
		"clock":      "counter num-buffers=N ! collect name=s sync=true ts-offset=-3600000000000",
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			mallocs(t, e, text, "1000", false) // fills the pools
			for _, measured := range []bool{false, true} {
				few, many := mallocs(t, e, text, "1000", measured), mallocs(t, e, text, "21000", measured)
				// A collection may empty the pool of headers now and then.
				if perFrame := float64(many-min(few, many)) / 20000; perFrame > 0.01 {
					t.Errorf("%.3f allocations per frame, measured %v", perFrame, measured)
				}
			}
		})
	}
}

func BenchmarkTenFilters(b *testing.B) {
	e := newEngine(b, eiengine.Options{})
	p := launch(b, e, "counter ! "+strings.Repeat("pass ! ", 10)+"collect name=s")
	benchmark(b, p)
}

func BenchmarkTenFiltersMeasured(b *testing.B) {
	e := newEngine(b, eiengine.Options{})
	p := launch(b, e, "counter ! "+strings.Repeat("pass ! ", 10)+"collect name=s")
	p.Measure(true)
	benchmark(b, p)
}

func BenchmarkQueueHop(b *testing.B) {
	e := newEngine(b, eiengine.Options{})
	p := launch(b, e, "counter ! buffer max=200 ! collect name=s")
	benchmark(b, p)
}

func benchmark(b *testing.B, p *eiengine.Pipeline) {
	b.Helper()
	s := sink(p, "s")
	s.Update(func(c *collectProps) { c.Count = true; c.Stop = b.N })
	b.ReportAllocs()
	b.ResetTimer()
	run(b, p)
}
