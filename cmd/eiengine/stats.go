package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/eiengine/eiengine"
)

const statsHelp = `--stats ends with a table of what went through each element: frames in and out,
dropped, and failed (which the element could not process), how often memory that
several elements hold had to be copied to be written, and how full queues were
when the stream ended. Below it stands what elements count beside that, such as
why frames were not judged. It has no times: the engine does not measure what an
element takes.`

// elementStats is the JSON of a row.
type elementStats struct {
	Name    string      `json:"name"`
	Element string      `json:"element"`
	In      uint64      `json:"in"`
	Out     uint64      `json:"out"`
	Dropped uint64      `json:"dropped"`
	Failed  uint64      `json:"failed"`
	Copies  int64       `json:"copies"`
	Queue   *queueLevel `json:"queue,omitempty"`
	Counts  []count     `json:"counts,omitempty"`
}

type count struct {
	Name string `json:"name"`
	N    uint64 `json:"n"`
}

type queueLevel struct {
	Buffers int   `json:"buffers"`
	Bytes   int   `json:"bytes"`
	Time    int64 `json:"time"` // nanoseconds
}

// stats tells what went through the elements; they were read before the pipeline
// was stopped, which empties its queues.
func (w *printer) stats(all []eiengine.ElementStats) {
	rows := make([]elementStats, 0, len(all))
	for _, s := range all {
		row := elementStats{Name: s.Name, Element: s.Element, In: s.In, Out: s.Out, Dropped: s.Dropped, Failed: s.Failed, Copies: s.Copies}
		for _, c := range s.Counts {
			row.Counts = append(row.Counts, count(c))
		}
		if isQueue(s.Element) {
			row.Queue = &queueLevel{s.Queue.Buffers, s.Queue.Bytes, int64(s.Queue.Time)}
		}
		rows = append(rows, row)
	}
	if !w.flags.json {
		w.write(statsTable(rows))
		return
	}
	line, err := json.Marshal(struct {
		Message  string         `json:"message"`
		Src      string         `json:"src"`
		Elements []elementStats `json:"elements"`
	}{"stats", w.p.Name(), rows})
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

func statsTable(rows []elementStats) string {
	name, kind := len("element"), len("kind")
	for _, r := range rows {
		name, kind = max(name, len(r.Name)), max(kind, len(r.Element))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-*s  %-*s %9s %9s %9s %9s %9s  %s\n", name, "element", kind, "kind", "in", "out", "dropped", "failed", "copies", "queue")
	for _, r := range rows {
		line := fmt.Sprintf("%-*s  %-*s %9d %9d %9d %9d %9d", name, r.Name, kind, r.Element, r.In, r.Out, r.Dropped, r.Failed, r.Copies)
		if q := r.Queue; q != nil {
			line += fmt.Sprintf("  %d frames, %s, %.3f s", q.Buffers, bytesText(int64(q.Bytes)), float64(q.Time)/1e9)
		}
		b.WriteString(line + "\n")
	}
	for _, r := range rows {
		if len(r.Counts) > 0 {
			fmt.Fprintf(&b, "%s: %s.\n", r.Name, countsText(r.Counts))
		}
		switch {
		case r.Dropped > 0 && r.Queue != nil:
			fmt.Fprintf(&b, "%s dropped %d of %d frames: what is behind it is slower than what comes.\n", r.Name, r.Dropped, r.In)
		case r.Failed > 0:
			fmt.Fprintf(&b, "%s could not process %d of %d frames; the warnings say why.\n", r.Name, r.Failed, r.In)
		}
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
