// Command pixels converts and scales pictures by frames/pixel, by libyuv and by
// GStreamer, alternately, and prints what a pixel costs each of them.
//
// Ours and libyuv's are called in this process, on the same memory, and timed by the
// processor time of the thread; libyuv (Debian: libyuv0) is opened at run time. What
// GStreamer's elements cost is the difference of two lengths of one launch line
// (Debian: gstreamer1.0-tools, gstreamer1.0-plugins-base), divided by that of the
// frames. Figures are medians of the rounds, in nanoseconds a pixel, of one thread.
// Whatever is not installed is left out.
//
//	go run ./benchmarks/pixels [-only TEXT] [-rounds N] [-gst-rounds N]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// pair is one conversion; libyuv's way may take a step in between.
type pair struct {
	from, to frames.PixelFormat
	w, h     int
	steps    []string             // functions of libyuv
	between  []frames.PixelFormat // of their results but the last
}

var pairs = []pair{
	{frames.NV12, frames.RGB, 1920, 1080, []string{"NV12ToRAW"}, nil},
	{frames.I420, frames.RGB, 1920, 1080, []string{"I420ToRAW"}, nil},
	{frames.YUY2, frames.RGB, 1280, 720, []string{"YUY2ToARGB", "ARGBToRAW"}, []frames.PixelFormat{frames.BGRA}},
	{frames.UYVY, frames.RGB, 1280, 720, []string{"UYVYToARGB", "ARGBToRAW"}, []frames.PixelFormat{frames.BGRA}},
	{frames.RGB, frames.I420, 1280, 720, []string{"RAWToI420"}, nil},
	{frames.RGB, frames.NV12, 1280, 720, []string{"RAWToARGB", "ARGBToNV12"}, []frames.PixelFormat{frames.BGRA}},
	{frames.RGB, frames.BGR, 1280, 720, []string{"RAWToRGB24"}, nil},
	{frames.RGB, frames.GRAY8, 1280, 720, []string{"RAWToJ400"}, nil},
	{frames.I420, frames.BGRA, 1920, 1080, []string{"I420ToARGB"}, nil},
	{frames.NV12, frames.RGBA, 1920, 1080, []string{"NV12ToABGR"}, nil},
	{frames.YUY2, frames.BGRA, 1280, 720, []string{"YUY2ToARGB"}, nil},
	{frames.BGRA, frames.I420, 1280, 720, []string{"ARGBToI420"}, nil},
	{frames.BGRA, frames.NV12, 1280, 720, []string{"ARGBToNV12"}, nil},
	{frames.RGB, frames.BGRA, 1280, 720, []string{"RAWToARGB"}, nil},
	{frames.BGRA, frames.RGB, 1280, 720, []string{"ARGBToRAW"}, nil},
	{frames.BGRA, frames.RGBA, 1280, 720, []string{"ARGBToABGR"}, nil},
	{frames.YUY2, frames.I420, 1280, 720, []string{"YUY2ToI420"}, nil},
	{frames.YUY2, frames.NV12, 1280, 720, []string{"YUY2ToNV12"}, nil},
	{frames.NV12, frames.I420, 1920, 1080, []string{"NV12ToI420"}, nil},
	{frames.I420, frames.NV12, 1920, 1080, []string{"I420ToNV12"}, nil},
}

func (p pair) String() string { return fmt.Sprintf("%v %dx%d → %v", p.from, p.w, p.h, p.to) }

// options are what the command line says.
type options struct {
	rounds, gstRounds int
	only              string
}

// wants reports whether a row was asked for.
func (o options) wants(row fmt.Stringer) bool { return strings.Contains(row.String(), o.only) }

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 15, "rounds of ours and libyuv's")
	flag.IntVar(&o.gstRounds, "gst-rounds", 3, "rounds of GStreamer; 0 leaves it out")
	flag.StringVar(&o.only, "only", "", "the rows whose names contain this, as `TEXT`, without those of threads")
	matrix := flag.Bool("matrix", false, "print what all pairs of formats cost here, and nothing else")
	flag.Parse()
	if o.rounds < 1 {
		fmt.Fprintf(os.Stderr, "pixels: -rounds %d: at least 1 is needed\n", o.rounds)
		os.Exit(1)
	}
	run := compare
	if *matrix {
		run = printMatrices
	}
	if err := run(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "pixels:", err)
		os.Exit(1)
	}
}

func compare(out io.Writer, o options) error {
	lib, err := openLibyuv()
	if err != nil {
		fmt.Fprintf(out, "without libyuv: %v\n", err)
	}
	if _, err := exec.LookPath(gstLaunch); err != nil && o.gstRounds > 0 {
		fmt.Fprintf(out, "without GStreamer: %v: apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base\n", err)
		o.gstRounds = 0
	}
	fmt.Fprintf(out, "%s/%s, %d processors, medians of %d rounds (GStreamer: %d), ns of processor time a pixel, one thread\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), o.rounds, o.gstRounds)
	if err := compareConversions(out, lib, o); err != nil {
		return err
	}
	if err := compareScaling(out, lib, o); err != nil {
		return err
	}
	if o.only != "" {
		return nil
	}
	return compareThreads(out, o.rounds)
}

func compareConversions(out io.Writer, lib *libyuv, o options) error {
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " conversion\t ours\t libyuv\t ours/libyuv\t GStreamer\t ours/GStreamer\t differ from libyuv by\t\n")
	for _, p := range pairs {
		if !o.wants(p) {
			continue
		}
		if err := compareOne(table, lib, p, o); err != nil {
			return fmt.Errorf("%v: %w", p, err)
		}
	}
	return table.Flush()
}

func compareOne(table io.Writer, lib *libyuv, p pair, o options) error {
	ours, theirs, difference, err := alternate(lib, p, o.rounds)
	if err != nil {
		return err
	}
	gst, err := gstCost(p.gstLine, p.w*p.h, o.gstRounds)
	if err != nil {
		return err
	}
	fmt.Fprintf(table, " %v\t %.3f\t %s\t %s\t %s\t %s\t %s\t\n", p, ours,
		figure(theirs), figure(ours/theirs), figure(gst), figure(ours/gst), difference)
	return nil
}

// figure is a number, or a dash for what was not measured.
func figure(v float64) string {
	if !(v > 0) || v > 1e6 {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}

// alternate times one picture by ours and by libyuv in turn, and says how far the
// results are apart.
func alternate(lib *libyuv, p pair, rounds int) (ours, theirs float64, difference string, err error) {
	src := noise(p.from, p.w, p.h)
	dst, other := picture(p.to, p.w, p.h), picture(p.to, p.w, p.h)
	var converter pixel.Converter
	if err := converter.Convert(&dst, &src); err != nil {
		return 0, 0, "", err
	}
	run := func() { _ = converter.Convert(&dst, &src) } // it did above
	steps, err := lib.chain(p, &other, &src)
	if err != nil {
		return 0, 0, "", err
	}
	var a, b []float64
	for range rounds {
		a = append(a, perPixel(p.w*p.h, run))
		if steps != nil {
			b = append(b, perPixel(p.w*p.h, steps))
		}
	}
	if steps == nil {
		return median(a), 0, "–", nil
	}
	return median(a), median(b), fmt.Sprint(apart(&dst, &other)), nil
}

// perPixel is the processor time of one run, of as many as fill some milliseconds.
func perPixel(pixels int, run func()) float64 {
	const atLeast = 8 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	run()
	for n, began := 0, threadTime(); ; {
		run()
		n++
		if took := threadTime() - began; took > atLeast {
			return float64(took) / float64(n) / float64(pixels)
		}
	}
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// compareThreads prints what a second thread is worth, by the clock.
func compareThreads(out io.Writer, rounds int) error {
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, "\n by the clock, ns a pixel\t one thread\t two\t two/one\t\n")
	for _, p := range pairs[:5] {
		src, dst := noise(p.from, p.w, p.h), picture(p.to, p.w, p.h)
		var one, two pixel.Converter
		two.Threads = 2
		if err := compareTwo(table, p, p.w*p.h, rounds, func() error { return one.Convert(&dst, &src) }, func() error { return two.Convert(&dst, &src) }); err != nil {
			return err
		}
	}
	for _, s := range scalings() {
		if s.tensor || s.w < 1920 || s.dw < 1280 && s.method != pixel.Area && s.method != pixel.Lanczos {
			continue // too small for two
		}
		src, dst := noise(s.format, s.w, s.h), picture(s.format, s.dw, s.dh)
		var one, two pixel.Scaler
		two.Threads = 2
		if err := compareTwo(table, s, s.pixels(), rounds, func() error { return one.Scale(&dst, &src, s.method) }, func() error { return two.Scale(&dst, &src, s.method) }); err != nil {
			return err
		}
	}
	return table.Flush()
}

// compareTwo times the same work with one thread and with two, alternately.
func compareTwo(table io.Writer, name fmt.Stringer, pixels, rounds int, one, two func() error) error {
	var times [2][]float64
	for range rounds {
		for i, work := range []func() error{one, two} {
			const n = 10
			began := time.Now()
			for range n {
				if err := work(); err != nil {
					return err
				}
			}
			times[i] = append(times[i], float64(time.Since(began))/n/float64(pixels))
		}
	}
	a, b := median(times[0]), median(times[1])
	_, err := fmt.Fprintf(table, " %v\t %.3f\t %.3f\t %s\t\n", name, a, b, figure(b/a))
	return err
}
