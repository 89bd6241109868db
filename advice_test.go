package eiengine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
)

// row is an element that took so many milliseconds of a second.
func row(name, thread string, took int, next ...string) eiengine.ElementStats {
	return eiengine.ElementStats{Name: name, Thread: thread, In: 100, Time: time.Duration(took) * time.Millisecond, Next: next}
}

func queueRow(name string, full uint64, peak int, next ...string) eiengine.ElementStats {
	return eiengine.ElementStats{Name: name, In: 100, Queue: eiengine.QueueStats{Full: full, Peak: peak}, Next: next}
}

func TestAdvice(t *testing.T) {
	straight := []eiengine.ElementStats{
		row("src", "src", 50, "scale"), row("scale", "src", 400, "encode"), row("encode", "src", 500, "sink"), row("sink", "src", 0),
	}
	branches := []eiengine.ElementStats{
		row("src", "src", 10, "t"), row("t", "src", 0, "a", "b"), row("a", "src", 480, "x"), row("x", "src", 10), row("b", "src", 490, "y"), row("y", "src", 0),
	}
	for _, tt := range []struct {
		name  string
		stats []eiengine.ElementStats
		wall  time.Duration
		cpu   time.Duration
		cores int
		want  string // "" for no advice
	}{
		{"two heavy elements", straight, time.Second, time.Second, 4,
			"src and what it pushes to work 95 % of the time in one goroutine while another core is free: a queue between scale and encode would split that into 45 % and 50 %."},
		{"one core", straight, time.Second, time.Second, 1, ""},
		{"time left", straight, 1200 * time.Millisecond, time.Second, 4, ""},
		{"they only wait", straight, time.Second, 100 * time.Millisecond, 4, ""},
		{"nothing was measured", []eiengine.ElementStats{row("src", "src", 0, "sink"), row("sink", "src", 0)}, time.Second, time.Second, 4, ""},
		{"no time", straight, 0, 0, 4, ""},
		{"one heavy element", []eiengine.ElementStats{row("src", "src", 20, "encode"), row("encode", "src", 930, "sink"), row("sink", "src", 30)},
			time.Second, time.Second, 4, ""},
		{"every core is busy", append([]eiengine.ElementStats{row("other", "other", 990)}, straight...), time.Second, 2 * time.Second, 2, ""},
		{"branches of a tee", branches, time.Second, time.Second, 2,
			"src and what it pushes to work 99 % of the time in one goroutine while another core is free: a queue between t and a would split that into 50 % and 49 %."},
		{"behind a queue", []eiengine.ElementStats{
			row("src", "src", 300, "q"), queueRow("q", 20, 9, "scale"), row("scale", "q", 450, "encode"), row("encode", "q", 480, "sink"), row("sink", "q", 0)},
			time.Second, 1300 * time.Millisecond, 4,
			"q and what it pushes to work 93 % of the time in one goroutine while another core is free: a queue between scale and encode would split that into 45 % and 48 %."},
		{"a full queue", []eiengine.ElementStats{
			row("src", "src", 100, "q"), queueRow("q", 97, 5, "scale"), row("scale", "q", 10, "encode"), row("encode", "q", 970, "sink"), row("sink", "q", 0)},
			time.Second, 1100 * time.Millisecond, 4,
			"q was full for 97 of 100 frames: what is behind it cannot keep up, and a longer queue would not help; encode takes most, 97 % of the time."},
		{"a queue that is never used", []eiengine.ElementStats{
			row("src", "src", 20, "q"), queueRow("q", 0, 1, "scale"), row("scale", "q", 90, "sink"), row("sink", "q", 10)},
			time.Second, 120 * time.Millisecond, 4,
			"q never held more than one frame, and both sides of it work 12 % of the time together: the pipeline would keep up without it."},
		{"queues behind a tee are needed", []eiengine.ElementStats{
			row("src", "src", 20, "t"), row("t", "src", 1, "q", "r"), queueRow("q", 0, 1, "x"), row("x", "q", 10), queueRow("r", 0, 1, "y"), row("y", "r", 10)},
			time.Second, 120 * time.Millisecond, 4, ""},
	} {
		var got []string
		for _, a := range eiengine.Advise(tt.stats, eiengine.Usage{Wall: tt.wall, CPU: tt.cpu}, tt.cores) {
			got = append(got, a.Text)
			if (a.Queue == "") != (a.Before != "" && a.Behind != "") {
				t.Errorf("%s: %+v", tt.name, a)
			}
		}
		if text := strings.Join(got, "\n"); text != tt.want {
			t.Errorf("%s: have\n%s\nwant\n%s", tt.name, text, tt.want)
		}
	}
}

// From a pipeline that ran, on a clock that only its elements move.
func TestAdviceForAPipelineThatRan(t *testing.T) {
	e, clock := clocked(t)
	addWork(t, e, clock, "scale", 4*time.Millisecond, time.Millisecond)
	addWork(t, e, clock, "encode", 6*time.Millisecond, 0)
	p := launch(t, e, "counter num-buffers=30 ! pass ! scale ! pass ! encode ! collect")
	measure(t, p)
	took := p.Usage()
	took.CPU = took.Wall // the clock is not the processor's
	all := eiengine.Advise(p.Stats(), took, 2)
	if len(all) != 1 || all[0].Before != "scale0" || all[0].Behind != "pass1" || !strings.Contains(all[0].Text, "100 %") {
		t.Errorf("%+v", all)
	}
}
