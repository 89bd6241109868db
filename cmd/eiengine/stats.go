package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/eiengine/eiengine"
)

const statsHelp = `--stats ends with a table of what went through each element: frames in and out,
dropped, and failed (which the element could not process), how often memory that
several elements hold had to be copied to be written, the time spent in the
element itself, its share of the time that the pipeline took, and the median and
the 99th percentile of the time per frame; for edgeimpulsevideoinfer and others
that have several frames in flight that is the time to the answer. Waiting for the
clock or a queue is nobody's time, waiting for a device is its element's. Queues
have how many frames they held at most and on average, and how long what stands
before them waited for room; sinks with sync how late frames were. Below stand
what was lost, what elements count beside that, such as why frames were not
judged, and where a queue would help or does not.`

// elementStats is the JSON of a row. Times are nanoseconds.
type elementStats struct {
	Name     string      `json:"name"`
	Element  string      `json:"element"`
	In       uint64      `json:"in"`
	Out      uint64      `json:"out"`
	Dropped  uint64      `json:"dropped"`
	Failed   uint64      `json:"failed"`
	Copies   int64       `json:"copies"`
	Time     int64       `json:"time"`
	Share    float64     `json:"share"` // of the time that the pipeline took
	PerFrame *durations  `json:"per_frame,omitempty"`
	Late     *durations  `json:"late,omitempty"`
	Thread   string      `json:"thread,omitempty"`
	Queue    *queueStats `json:"queue,omitempty"`
	Counts   []count     `json:"counts,omitempty"`
}

type count struct {
	Name string `json:"name"`
	N    uint64 `json:"n"`
}

type durations struct {
	Count uint64 `json:"count"`
	P50   int64  `json:"p50"`
	P99   int64  `json:"p99"`
	Max   int64  `json:"max"`
}

type queueStats struct {
	Buffers  int     `json:"buffers"`
	Bytes    int     `json:"bytes"`
	Time     int64   `json:"time"`
	Peak     int     `json:"peak"`
	Mean     float64 `json:"mean"`
	Full     uint64  `json:"full"`
	Blocked  int64   `json:"blocked"`
	Starving int64   `json:"starving"`
}

// finalStats are the counters of a pipeline that has run.
type finalStats struct {
	elements []eiengine.ElementStats
	took     eiengine.Usage
}

// readStats is called before a pipeline is stopped, which empties its queues.
func readStats(p *eiengine.Pipeline) finalStats { return finalStats{p.Stats(), p.Usage()} }

func (f finalStats) rows() []elementStats {
	rows := make([]elementStats, 0, len(f.elements))
	for _, s := range f.elements {
		row := elementStats{Name: s.Name, Element: s.Element, In: s.In, Out: s.Out, Dropped: s.Dropped, Failed: s.Failed, Copies: s.Copies,
			Time: int64(s.Time), PerFrame: durationsOf(s.PerFrame), Late: durationsOf(s.Late), Thread: s.Thread}
		for _, c := range s.Counts {
			row.Counts = append(row.Counts, count(c))
		}
		if f.took.Wall > 0 {
			row.Share = float64(s.Time) / float64(f.took.Wall)
		}
		if isQueue(s.Element) {
			q := s.Queue
			row.Queue = &queueStats{q.Buffers, q.Bytes, int64(q.Time), q.Peak, q.Mean, q.Full, int64(q.Blocked), int64(q.Starving)}
		}
		rows = append(rows, row)
	}
	return rows
}

func durationsOf(d eiengine.Durations) *durations {
	if d.Count == 0 {
		return nil
	}
	return &durations{d.Count, int64(d.P50), int64(d.P99), int64(d.Max)}
}

// stats tells what went through the elements.
func (w *printer) stats(f finalStats) {
	advice := []string{}
	for _, a := range eiengine.Advise(f.elements, f.took, runtime.GOMAXPROCS(0)) {
		advice = append(advice, a.Text)
	}
	if !w.flags.json {
		w.write(statsTable(f.rows(), advice))
		return
	}
	line, err := json.Marshal(struct {
		Message  string         `json:"message"`
		Src      string         `json:"src"`
		Wall     int64          `json:"wall"`
		CPU      int64          `json:"cpu"`
		Elements []elementStats `json:"elements"`
		Advice   []string       `json:"advice"`
	}{"stats", w.p.Name(), int64(f.took.Wall), int64(f.took.CPU), f.rows(), advice})
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.note(err)
		return
	}
	w.write(string(line) + "\n")
}

func isQueue(element string) bool {
	f, err := eiengine.DefaultRegistry().Find(element)
	if err != nil {
		return false
	}
	kind, err := f.Kind()
	return err == nil && (kind == "queue" || kind == "bundle")
}

func statsTable(rows []elementStats, advice []string) string {
	name, kind := len("element"), len("kind")
	for _, r := range rows {
		name, kind = max(name, len(r.Name)), max(kind, len(r.Element))
	}
	var b strings.Builder
	line := func(format string, cells ...any) {
		b.WriteString(strings.TrimRight(fmt.Sprintf(format, cells...), " ") + "\n")
	}
	line("%-*s  %-*s %8s %8s %8s %6s %6s %9s %6s %9s %9s  %s", name, "element", kind, "kind", "in", "out", "dropped", "failed", "copies", "time", "share", "p50", "p99", "notes")
	for _, r := range rows {
		line("%-*s  %-*s %8d %8d %8d %6d %6d %9s %6s %9s %9s  %s", name, r.Name, kind, r.Element, r.In, r.Out, r.Dropped, r.Failed, r.Copies,
			timeCell(r), shareCell(r), perFrameCell(r, 50), perFrameCell(r, 99), notes(r))
	}
	for _, r := range rows {
		if len(r.Counts) > 0 {
			fmt.Fprintf(&b, "%s: %s.\n", r.Name, countsText(r.Counts))
		}
		switch {
		case r.Dropped > 0 && r.Queue != nil:
			line("%s dropped %d of %d frames: what is behind it is slower than what comes.", r.Name, r.Dropped, r.In)
		case r.Failed > 0:
			line("%s could not process %d of %d frames; the warnings say why.", r.Name, r.Failed, r.In)
		}
	}
	for _, a := range advice {
		line("%s", a)
	}
	return b.String()
}

func countsText(counts []count) string {
	parts := make([]string, 0, len(counts))
	for _, c := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", c.Name, c.N))
	}
	return strings.Join(parts, ", ")
}

func timeCell(r elementStats) string {
	if r.PerFrame == nil && r.Time == 0 {
		return "-"
	}
	return durationText(r.Time)
}

func shareCell(r elementStats) string {
	if r.PerFrame == nil && r.Time == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*r.Share)
}

func perFrameCell(r elementStats, percentile int) string {
	switch {
	case r.PerFrame == nil:
		return "-"
	case percentile == 50:
		return durationText(r.PerFrame.P50)
	}
	return durationText(r.PerFrame.P99)
}

// notes are what only queues and only sinks have.
func notes(r elementStats) string {
	switch q := r.Queue; {
	case q != nil:
		text := fmt.Sprintf("%d frames, %s, %.3f s; at most %d, mean %.1f", q.Buffers, bytesText(int64(q.Bytes)), float64(q.Time)/1e9, q.Peak, q.Mean)
		if q.Full > 0 {
			text += fmt.Sprintf("; full for %d, blocked for %s", q.Full, durationText(q.Blocked))
		}
		return text
	case r.Late != nil:
		return fmt.Sprintf("late p50 %s, p99 %s", durationText(r.Late.P50), durationText(r.Late.P99))
	}
	return ""
}

// durationText is a time in nanoseconds with three digits that count.
func durationText(ns int64) string {
	switch d := float64(ns); {
	case ns == 0:
		return "0"
	case ns < int64(time.Microsecond):
		return fmt.Sprintf("%d ns", ns)
	case ns < int64(time.Millisecond):
		return threeDigits(d/1e3) + " µs"
	case ns < int64(time.Second):
		return threeDigits(d/1e6) + " ms"
	default:
		return threeDigits(d/1e9) + " s"
	}
}

func threeDigits(f float64) string {
	switch {
	case f < 9.995:
		return fmt.Sprintf("%.2f", f)
	case f < 99.95:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}
