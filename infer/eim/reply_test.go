package eim

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

var fuzzLabels = newLabelIndex([]string{"a", "b{", "face", "", "é\n"})

func recordedLines(f *testing.F) {
	for _, name := range []string{"motion", "blobtrack", "vad", "kws", "freeform", "oldface"} {
		_, lines, err := readReplies("testdata/" + name + "-classify.json")
		if err != nil {
			f.Fatal(err)
		}
		for _, l := range lines {
			f.Add([]byte(l))
		}
	}
}

// FuzzReply: nothing a model sends may panic, and what is understood agrees
// with encoding/json.
func FuzzReply(f *testing.F) {
	recordedLines(f)
	for _, s := range []string{
		`{}`, `{"id":1}`, `{"error":"x","success":false}`, `{"id":2,"result":{"classification":{"a":null,"\u0062{":1e3}},"success":true}`,
		`{"id":1.5}`, `{"id":1e99,"result":[]}`, `[`, `{"result":{"classification":[1]}}`, `{"result":{"bounding_boxes":[{"x":1e300,"label":7}]}}`,
		`{"result":{"freeform":[[null]]}}`, ` { "id" : 3 , "a" : [ [ ] , { } , "\"" ] } `, `{"error":7,"id":true}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		rep, err := parseReply(line, fuzzLabels)
		var plain map[string]json.RawMessage
		plainErr := json.Unmarshal(line, &plain)
		if plainErr != nil && err == nil && !strings.HasPrefix(strings.TrimSpace(string(line)), "null") {
			t.Fatalf("understood what is no object: %s", line)
		}
		if err != nil || strings.Count(string(line), `"id"`) != 1 || strings.Contains(string(line), `\`) {
			return
		}
		var id float64
		if raw, ok := plain["id"]; ok && json.Unmarshal(raw, &id) == nil && string(raw) != "null" && rep.hasID && float64(rep.id) != id {
			t.Fatalf("id %d, encoding/json reads %v from %s", rep.id, id, line)
		}
	})
}

func FuzzHello(f *testing.F) {
	for _, name := range []string{"motion", "blobtrack", "vad", "kws", "freeform", "oldface"} {
		b, err := loadRecordedHello(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"model_parameters":{"input_features_count":1e300}}`))
	f.Add([]byte(`{"features_shm":{"name":"/a/../b"},"model_parameters":{"input_features_count":4,"slice_size":-1,"use_continuous_mode":true}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		hello, info, err := parseHello(line)
		if hello != nil && hello.Input != nil {
			if p, err := hello.Input.path(); err == nil && (!strings.HasPrefix(p, "/dev/shm/") || strings.Count(p, "/") != 3) {
				t.Fatalf("shared memory at %q", p)
			}
		}
		if err == nil && (info.InputFeatures < 1 || info.Continuous && info.SliceSize > info.InputFeatures) {
			t.Fatalf("accepted %+v", info)
		}
	})
}

// FuzzFeatures: what is written as JSON reads back as the same float32.
func FuzzFeatures(f *testing.F) {
	for _, v := range exactValues {
		f.Add(math.Float32bits(v))
	}
	f.Fuzz(func(t *testing.T, bits uint32) {
		v := math.Float32frombits(bits)
		b, err := appendFeatures(nil, 7, false, []float32{v}, true)
		if err != nil {
			return
		}
		var req struct{ Classify []float64 }
		if err := json.Unmarshal(b, &req); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if got := float32(req.Classify[0]); math.Float32bits(got) != bits {
			t.Fatalf("%v reads back as %v from %s", v, got, b)
		}
	})
}

func TestTolerantHello(t *testing.T) {
	_, info, err := parseHello([]byte(`{"id":1,"future":{"x":[1]},"model_parameters":{"input_features_count":96.0,"sensor":255,"labels":null,
		"has_anomaly":false,"use_continuous_mode":0,"thresholds":[{"id":5.0,"type":"brand_new","a":1,"b":2.5,"c":true,"d":"text","e":null}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if info.InputFeatures != 96 || info.Sensor != -1 || info.Type != "classification" {
		t.Errorf("%+v", info)
	}
	th := info.Thresholds[0]
	if th.ID != 5 || th.Type != "brand_new" || len(th.Values) != 3 || th.Values["b"] != 2.5 || th.Values["c"] != 1 {
		t.Errorf("%+v", th)
	}
}

func TestReplyWithUnknownAndMissingParts(t *testing.T) {
	labels := newLabelIndex([]string{"one", "two", "three"})
	rep, err := parseReply([]byte(`{"id":4,"info":"hm","result":{"classification":{"zwei":0.5,"three":0.2,"one":null},"new":{"a":[1,{}]},"bounding_boxes":null},"timing":{"dsp":2.5,"x":"y"}}`), labels)
	if err != nil {
		t.Fatal(err)
	}
	c := rep.result.Classification
	if len(c) != 3 || c[0].Label != "one" || !math.IsNaN(c[0].Value) || c[1].Label != "three" || c[2].Label != "zwei" {
		t.Errorf("%v", c)
	}
	if rep.result.Boxes != nil || rep.result.Timing.DSP.Microseconds() != 2500 {
		t.Errorf("%+v", rep.result)
	}
}

// TestSharedMemoryRequestAllocatesOnlyItsResult: the result, the scores.
func TestSharedMemoryRequestAllocatesOnlyItsResult(t *testing.T) {
	m := openEcho(t, Options{}, "ECHO_SMALL=1", "ECHO_FEATURES=20000")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	run := func() {
		m.Input()[0] = 1
		if _, err := m.Classify(ctx); err != nil {
			t.Fatal(err)
		}
	}
	run()
	// The reader goroutine's work counts too. Race builds allocate of their own.
	if n := testing.AllocsPerRun(200, run); n > 4 {
		t.Errorf("%v allocations a request, expected at most 4", n)
	}
}

func TestJSONRequestReusesItsBuffer(t *testing.T) {
	m := openEcho(t, Options{SharedMemory: SharedMemoryNever}, "ECHO_SMALL=1", "ECHO_FEATURES=20000")
	run := func() {
		if _, err := m.Classify(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	run()
	res := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			run()
		}
	})
	if n := res.AllocedBytesPerOp(); n > 4096 {
		t.Errorf("%d bytes allocated a request of 20000 features", n)
	}
}

// BenchmarkRoundTrip is the cost of the way to another process and back, for a
// model that does nothing.
func BenchmarkRoundTrip(b *testing.B) {
	for _, n := range []string{"375", "9216", "102400"} {
		for name, mode := range transports {
			b.Run(n+"/"+name, func(b *testing.B) {
				m := openEcho(b, Options{SharedMemory: mode}, "ECHO_SMALL=1", "ECHO_FEATURES="+n)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := m.Classify(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
