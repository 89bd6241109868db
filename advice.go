package eiengine

import (
	"fmt"
	"slices"
	"time"
)

// Advice is what the counters of a pipeline say about its queues.
type Advice struct {
	// Queue is the queue that this is about, empty if one should be added; then it
	// belongs between Before and Behind.
	Queue          string
	Before, Behind string
	Text           string // one sentence
}

// When something is worth saying.
const (
	busyShare = 0.9  // of the time, of a goroutine that has no time left
	fullShare = 0.9  // of the frames, of a queue that is always full
	idleShare = 0.5  // of the time, of goroutines that could do each other's work
	realShare = 0.8  // of the time in elements, which must have been processor time
	gainShare = 0.8  // of the time of a goroutine, that the busier of its parts has at most
	freeCores = 0.75 // that a further goroutine needs
	leastSeen = 10   // frames
)

// Advise says where a queue would help a pipeline that was measured, and which of
// its queues do nothing or are always full. cores is how many goroutines can run at
// the same time, such as [runtime.GOMAXPROCS](0).
//
// A queue is proposed where a goroutine has worked for nine tenths of the time or
// more while another core was free, and where elements can be parted so that the
// busier part takes at most four fifths of what both took. Elements that wait for
// something, such as a device, look busy to the counters; so nothing is proposed
// unless the process used processor time to match.
func Advise(stats []ElementStats, took Usage, cores int) []Advice {
	g := adviceGraph{wall: took.Wall, stats: stats, elements: map[string]*ElementStats{}, threads: map[string]time.Duration{}, fedBy: map[string]int{}}
	if took.Wall <= 0 {
		return nil
	}
	var busy time.Duration
	for i := range stats {
		s := &stats[i]
		g.elements[s.Name] = s
		busy += s.Time
		if s.Thread != "" {
			g.threads[s.Thread] += s.Time
		}
		for _, next := range s.Next {
			g.fedBy[next]++
		}
	}
	free := float64(busy)/float64(took.Wall) <= float64(cores)-freeCores
	isReal := float64(took.CPU) >= realShare*float64(busy)
	var all []Advice
	for _, s := range stats {
		if free && isReal && g.threads[s.Name] > 0 {
			all = append(all, g.split(s.Name)...)
		}
	}
	for _, s := range stats {
		if s.Thread == "" {
			all = append(all, g.judgeQueue(&s, isReal)...)
		}
	}
	return all
}

type adviceGraph struct {
	wall     time.Duration
	stats    []ElementStats
	elements map[string]*ElementStats
	threads  map[string]time.Duration // what the elements took that each goroutine calls
	fedBy    map[string]int           // how many pads feed an element
}

func (g *adviceGraph) percent(d time.Duration) string {
	return fmt.Sprintf("%.0f %%", 100*float64(d)/float64(g.wall))
}

func (g *adviceGraph) share(thread string) float64 {
	return float64(g.threads[thread]) / float64(g.wall)
}

// split finds the link at which a queue divides the work of a goroutine best.
func (g *adviceGraph) split(thread string) []Advice {
	total := g.threads[thread]
	if g.share(thread) < busyShare {
		return nil
	}
	best, at := total, Advice{}
	for i := range g.stats {
		s := &g.stats[i]
		for _, next := range s.Next {
			if !g.runs(thread, s) || !g.runs(thread, g.elements[next]) {
				continue
			}
			behind := g.timeFrom(thread, next)
			worse := max(behind, total-behind)
			if worse < best {
				best = worse
				at = Advice{Before: s.Name, Behind: next, Text: fmt.Sprintf(
					"%s and what it pushes to work %s of the time in one goroutine while another core is free: a queue between %s and %s would split that into %s and %s.",
					thread, g.percent(total), s.Name, next, g.percent(total-behind), g.percent(behind))}
			}
		}
	}
	if at.Before == "" || float64(best) > gainShare*float64(total) {
		return nil
	}
	return []Advice{at}
}

// runs reports whether an element is called by the goroutine of that name.
func (g *adviceGraph) runs(thread string, s *ElementStats) bool {
	return s != nil && s.Thread == thread
}

// timeFrom is what a goroutine takes in an element and all that is behind it.
func (g *adviceGraph) timeFrom(thread, name string) time.Duration {
	s := g.elements[name]
	if s == nil || s.Thread != thread {
		return 0
	}
	t := s.Time
	for _, next := range s.Next {
		t += g.timeFrom(thread, next)
	}
	return t
}

func (g *adviceGraph) judgeQueue(q *ElementStats, isReal bool) []Advice {
	switch {
	case q.In < leastSeen:
	case float64(q.Queue.Full) >= fullShare*float64(q.In):
		text := fmt.Sprintf("%s was full for %d of %d frames: what is behind it cannot keep up, and a longer queue would not help", q.Name, q.Queue.Full, q.In)
		if slow := g.slowest(q.Name); slow != nil && isReal {
			text += fmt.Sprintf("; %s takes most, %s of the time", slow.Name, g.percent(slow.Time))
		}
		return []Advice{{Queue: q.Name, Text: text + "."}}
	case q.Queue.Peak <= 1 && q.Dropped == 0 && g.isStraight() && g.threads[q.Name] > 0:
		before := g.feeder(q.Name)
		both := g.threads[before] + g.threads[q.Name]
		if float64(both) < idleShare*float64(g.wall) {
			return []Advice{{Queue: q.Name, Text: fmt.Sprintf("%s never held more than one frame, and both sides of it work %s of the time together: the pipeline would keep up without it.",
				q.Name, g.percent(both))}}
		}
	}
	return nil
}

// slowest is the element that takes most of the goroutine behind a queue, nil if
// none was measured.
func (g *adviceGraph) slowest(thread string) *ElementStats {
	var slow *ElementStats
	for i, s := range g.stats {
		if s.Thread == thread && s.Time > 0 && (slow == nil || s.Time > slow.Time) {
			slow = &g.stats[i]
		}
	}
	return slow
}

// isStraight reports whether no element feeds several or is fed by several: else
// queues are needed for the branches not to wait for one another.
func (g *adviceGraph) isStraight() bool {
	for _, s := range g.elements {
		if len(s.Next) > 1 || g.fedBy[s.Name] > 1 {
			return false
		}
	}
	return true
}

// feeder is the goroutine that brings a queue its frames.
func (g *adviceGraph) feeder(queue string) string {
	for _, s := range g.elements {
		if slices.Contains(s.Next, queue) {
			if s.Thread == "" {
				return s.Name
			}
			return s.Thread
		}
	}
	return ""
}
