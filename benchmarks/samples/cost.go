package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"text/tabwriter"
	"time"
)

// work is a stretch of elements between two formats.
type work struct{ from, elements, to string }

func (w work) String() string { return fmt.Sprintf("%s → %s → %s", w.from, w.elements, w.to) }

// works are the rows of the table.
var works = []work{
	{"F32LE,rate=48000,channels=2", "audioconvert ! audioresample", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=44100,channels=2", "audioconvert ! audioresample", "S16LE,rate=16000,channels=1"},

	{"S16LE,rate=48000,channels=1", "audioresample", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=44100,channels=1", "audioresample", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=44100,channels=1", "audioresample", "S16LE,rate=48000,channels=1"},
	{"S16LE,rate=16000,channels=1", "audioresample", "S16LE,rate=48000,channels=1"},
	{"S16LE,rate=8000,channels=1", "audioresample", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=48000,channels=1", "audioresample quality=0", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=48000,channels=1", "audioresample quality=10", "S16LE,rate=16000,channels=1"},
	{"S16LE,rate=44100,channels=1", "audioresample quality=10", "S16LE,rate=48000,channels=1"},
	{"S16LE,rate=44101,channels=1", "audioresample", "S16LE,rate=48000,channels=1"},
	{"F32LE,rate=44101,channels=2", "audioresample", "F32LE,rate=48000,channels=2"},

	{"F32LE,rate=48000,channels=2", "audioresample", "F32LE,rate=16000,channels=2"},
	{"F32LE,rate=44100,channels=2", "audioresample", "F32LE,rate=16000,channels=2"},
	{"F32LE,rate=44100,channels=2", "audioresample", "F32LE,rate=48000,channels=2"},
	{"F32LE,rate=16000,channels=2", "audioresample", "F32LE,rate=48000,channels=2"},
	{"F32LE,rate=44100,channels=2", "audioresample quality=10", "F32LE,rate=16000,channels=2"},
	{"S32LE,rate=48000,channels=1", "audioresample", "S32LE,rate=16000,channels=1"},

	{"F32LE,rate=48000,channels=2", "audioconvert", "S16LE,rate=48000,channels=1"},
	{"F32LE,rate=48000,channels=2", "audioconvert", "S16LE,rate=48000,channels=2"},
	{"S16LE,rate=48000,channels=2", "audioconvert", "F32LE,rate=48000,channels=2"},
	{"S16LE,rate=48000,channels=2", "audioconvert", "S16LE,rate=48000,channels=1"},
	{"S16LE,rate=48000,channels=1", "audioconvert", "S16LE,rate=48000,channels=2"},
	{"S16LE,rate=48000,channels=2", "audioconvert", "S32LE,rate=48000,channels=2"},
	{"S24LE,rate=48000,channels=2", "audioconvert", "S16LE,rate=48000,channels=2"},
	{"S16LE,rate=48000,channels=2", "level post-messages=false", "S16LE,rate=48000,channels=2"},
}

// A buffer has so many samples; a line is run with few and with many of them.
const (
	perBuffer = 1024
	few, many = 500, 8500
)

func compareCost(out io.Writer, p programs, rounds int, wanted *regexp.Regexp) error {
	fmt.Fprintf(out, "processor time, ns a sample of all channels that goes in, medians of %d rounds:\n\n", rounds)
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " work\t ours\t GStreamer\t ratio\t\n")
	for _, w := range works {
		if !wanted.MatchString(w.String()) {
			continue
		}
		var all [len(p)][]float64
		for range rounds {
			for i, program := range p {
				ns, err := w.cost(program)
				if err != nil {
					return err
				}
				all[i] = append(all[i], ns)
			}
		}
		ours, theirs := median(all[0]), median(all[1])
		fmt.Fprintf(table, " %v\t %.2f\t %.2f\t %.2f\t\n", w, ours, theirs, ours/theirs)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}

// cost is that of the elements: of a line with them without one that has none.
func (w work) cost(program []string) (float64, error) {
	// A source that costs little, and is not silent: GStreamer skips silence.
	source := "audiotestsrc wave=square samplesperbuffer=%d num-buffers=%d ! audio/x-raw,format=" + w.from
	with, err := difference(program, source+" ! "+w.elements+" ! audio/x-raw,format="+w.to+" ! fakesink")
	if err != nil {
		return 0, err
	}
	without, err := difference(program, source+" ! fakesink")
	return with - without, err
}

// difference is what a sample costs on a line, without its start.
func difference(program []string, line string) (float64, error) {
	var took [2]time.Duration
	for i, buffers := range []int{few, many} {
		var err error
		if took[i], err = run(program, fmt.Sprintf(line, perBuffer, buffers)); err != nil {
			return 0, err
		}
	}
	return float64(took[1]-took[0]) / float64((many-few)*perBuffer), nil
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
