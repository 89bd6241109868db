package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// registryWith has all elements of the engine and one of this program: judge,
// which compares what was found in a frame with what is in it.
func registryWith(s *score) (*eiengine.Registry, error) {
	r := eiengine.NewRegistry()
	for _, f := range eiengine.DefaultRegistry().All() {
		if err := r.Register(*f); err != nil {
			return nil, err
		}
	}
	return r, r.Register(eiengine.Factory{
		Name: "judge", LongName: "Judge", Class: "Filter/Analyzer/Video",
		Description: "Compares detections with the truth that frames carry",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return &judge{score: s} },
	})
}

type judge struct{ score *score }

// Process implements eiengine.Filter.
func (j *judge) Process(c *eiengine.Ctx, in *frames.Frame) error {
	j.score.judge(in)
	return c.Push(0, in)
}

// score is what is known of a demonstration so far.
type score struct {
	mu                 sync.Mutex
	began              time.Time
	elapsed            time.Duration
	taken, written     uint64
	tally              tally
	judged             int
	latencies          []time.Duration
	messages, lastTold int
}

func newScore(t tally) *score { return &score{tally: t, lastTold: -1} }

func (s *score) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began = time.Now()
}

// end notes how far the pipeline came.
func (s *score) end(stats []eiengine.ElementStats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.began.IsZero() {
		s.elapsed = time.Since(s.began)
	}
	for _, e := range stats {
		switch e.Name {
		case "scene":
			s.taken = e.Out
		case "output":
			s.written = e.In - min(e.In, e.Dropped+e.Failed)
		}
	}
}

// judge compares what was found in a frame with what is in it.
func (s *score) judge(in *frames.Frame) {
	result, ok := frames.MetaOf[*frames.InferenceResult](in)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.judged++
	s.tally.judge(in, result.Result)
}

// message prints what one frame showed, for the first frames and then for one a
// second.
func (s *score) message(inf *bus.Inference, out io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages++
	if inf.Latency >= 0 {
		s.latencies = append(s.latencies, inf.Latency)
	}
	second := int(inf.Timestamp / time.Second)
	if s.messages > 3 && second == s.lastTold {
		return
	}
	s.lastTold = second
	fmt.Fprintf(out, "%6.2f s  %s\n", inf.Timestamp.Seconds(), foundText(inf))
}

func foundText(inf *bus.Inference) string {
	var parts []string
	for _, b := range inf.Result.Boxes {
		if r, ok := inf.FrameRect(b); ok {
			parts = append(parts, fmt.Sprintf("%s %.2f at %d,%d", b.Label, b.Value, r.X+r.W/2, r.Y+r.H/2))
		}
	}
	if top, ok := inf.Result.Top(); ok {
		parts = append(parts, fmt.Sprintf("%s %.2f", top.Label, top.Value))
	}
	if v := inf.Result.VisualAnomaly; v != nil && len(v.Grid) > 0 {
		parts = append(parts, fmt.Sprintf("%d cells stand out, the highest %.1f", len(v.Grid), v.Max))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "   ")
}

// table prints the sums.
func (s *score) table(out io.Writer, show *show, folder string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := func(name, format string, args ...any) {
		fmt.Fprintf(out, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(out)
	row("frames", "%d taken, %d judged", s.taken, s.judged)
	if s.elapsed > 0 {
		row("fps", "%.1f judged a second", float64(s.judged)/s.elapsed.Seconds())
	}
	if n := len(s.latencies); n > 0 {
		slices.Sort(s.latencies)
		row("latency", "p50 %.1f ms, p99 %.1f ms from taking a frame to the message about it",
			milliseconds(s.latencies[n/2]), milliseconds(s.latencies[min(n-1, n*99/100)]))
	}
	if s.judged > 0 {
		s.tally.rows(row)
	}
	if show.single() {
		row(show.wrote, "in %s", filepath.Join(folder, show.file))
		return
	}
	row(show.wrote, "%d in %s", s.written, folder)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ratio is a of b; nothing of nothing is everything.
func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}
