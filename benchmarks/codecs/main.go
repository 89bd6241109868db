// Command codecs encodes and decodes JPEG and PNG by eiengine and by GStreamer's
// gst-launch-1.0, alternately, and prints what a picture costs each of them and how
// many bytes it becomes.
//
// The pictures are a sheet of the photographs in testdata, at their own resolution, and
// the bars of videotestsrc, both 1280x720. Each launch line is run with few and with
// many pictures; the difference divided by that of the counts is the cost of one
// without the start. Figures are processor time (user and system), medians of the
// rounds. EIENGINE_TURBOJPEG=off measures Go's own codec of JPEG.
//
//	go run ./benchmarks/codecs                  # needs bin/eiengine: make build
//	go run ./benchmarks/codecs -only 'png'      # the lines whose name has that
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"text/tabwriter"

	"github.com/eiengine/eiengine/benchmarks/internal/sides"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
)

func main() {
	o := options{Sides: sides.Flags()}
	flag.StringVar(&o.photos, "photos", "testdata/photos", "folder of photographs, as JPEG")
	only := flag.String("only", "", "run the lines whose name matches this regular expression")
	flag.Parse()
	if err := o.compare(os.Stdout, *only); err != nil {
		fmt.Fprintln(os.Stderr, "codecs:", err)
		os.Exit(1)
	}
}

type options struct {
	*sides.Sides
	photos string
}

// work is one launch line, which both sides run, for COUNT pictures. IN and OUT stand
// for files; an encoder's line goes on with a sink.
type work struct {
	name    string
	line    string
	encoder bool
}

// works are all lines for the pictures of one kind.
func works(name, png, jpg string) []work {
	still := func(format string) string {
		return fmt.Sprintf("filesrc location=%s ! pngdec ! videoconvert ! video/x-raw,format=%s ! imagefreeze num-buffers=COUNT", png, format)
	}
	again := func(file, media string) string {
		return fmt.Sprintf("multifilesrc location=%s loop=true num-buffers=COUNT caps=%s,framerate=30/1", file, media)
	}
	list := []work{
		{name + ", I420 → jpegenc", still("I420") + " ! jpegenc", true},
		{name + ", YUY2 → jpegenc", still("YUY2") + " ! jpegenc", true},
		{name + ", RGB → jpegenc", still("RGB") + " ! jpegenc", true},
		{name + " → jpegdec", again(jpg, "image/jpeg") + " ! jpegdec", false},
	}
	for _, level := range []int{1, 6, 7, 8, 9} {
		list = append(list, work{fmt.Sprintf("%s, RGB → pngenc %d", name, level), fmt.Sprintf("%s ! pngenc compression-level=%d", still("RGB"), level), true})
	}
	return append(list, work{name + " → pngdec", again(png, "image/png") + " ! pngdec", false})
}

func (o *options) compare(out io.Writer, only string) error {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	version, err := o.Present()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "codecs")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	library, err := jpeg.Probe()
	if err != nil {
		library = "image/jpeg"
	}
	fmt.Fprintf(out, "%s; ours: JPEG by %s; %s/%s, %d processors, medians of %d rounds\n\n", version, library, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), o.Rounds())
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " work, 1280x720\t ours, CPU ms\t GStreamer, CPU ms\t ratio\t ours, wall ms\t GStreamer, wall ms\t ours, bytes\t GStreamer, bytes\t ratio\t\n")
	for _, p := range []struct {
		name  string
		write func(png string) error
	}{
		{"photographs", o.writeSheet},
		{"smpte", o.writeBars},
	} {
		png, jpg := filepath.Join(dir, p.name+".png"), filepath.Join(dir, p.name+".jpg")
		if err := p.write(png); err != nil {
			return err
		}
		// Both decode the same file.
		if _, err := o.Theirs(fmt.Sprintf("filesrc location=%s ! pngdec ! videoconvert ! video/x-raw,format=I420 ! jpegenc ! filesink location=%s", png, jpg)); err != nil {
			return err
		}
		for _, w := range works(p.name, png, jpg) {
			if !chosen.MatchString(w.name) {
				continue
			}
			if err := o.row(table, w, filepath.Join(dir, "out")); err != nil {
				return err
			}
		}
	}
	return table.Flush()
}

// row measures one line and prints it.
func (o *options) row(out io.Writer, w work, file string) error {
	ours, theirs, err := o.PerFrame(w.line + " ! fakesink sync=false")
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	bytes := "–\t –\t –"
	if w.encoder {
		a, err := size(o.Ours, w.line, file)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		b, err := size(o.Theirs, w.line, file)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		bytes = fmt.Sprintf("%d\t %d\t %.2f", a, b, float64(a)/float64(b))
	}
	_, err = fmt.Fprintf(out, " %s\t %.2f\t %.2f\t %.2f\t %.2f\t %.2f\t %s\t\n", w.name, ours.CPU/1000, theirs.CPU/1000, ours.CPU/theirs.CPU, ours.Wall/1000, theirs.Wall/1000, bytes)
	return err
}

// size is how many bytes a line makes of one picture.
func size(run func(line string) (sides.Cost, error), line, file string) (int64, error) {
	if _, err := run(sides.Numbered(line, 1) + " ! filesink location=" + file); err != nil {
		return 0, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
