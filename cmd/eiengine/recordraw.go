package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

type recordFlags struct {
	out, sound, debug string
	force, quiet      bool
	frames            uint
	duration          time.Duration
}

func recordRawCommand() *cobra.Command {
	var flags recordFlags
	c := &cobra.Command{
		Use:                   "record-raw -o FILE [OPTIONS] LINE...",
		DisableFlagsInUseLine: true,
		Short:                 "Record what a camera or microphone delivers, to play it again as if live",
		Long: `record-raw plays a launch line whose last element gives frames, and writes these
to a file: their bytes, format, times, numbers and flags, as they are. Nothing is
encoded, unless the line does so.

The file is of the GStreamer Data Protocol (GDP), as gdppay writes it. gdpdepay
gives the frames back, here and in GStreamer, and decodebin knows it too:

  eiengine launch filesrc location=cam.gdp ! gdpdepay ! clocksync ! ...

gives each at the time at which it was captured; without clocksync they come
as fast as they are taken, with the same times. filesrc loop=true plays it for ever.

Ctrl-C ends the recording; the file is complete. One that was cut off, by a full
disk or by losing power, plays to its last whole frame. 64 MB are held in memory
while the disk is busy; beyond that a camera loses frames, which is told at the
end. The hash that is told then is that of

  eiengine launch -q filesrc location=cam.gdp ! gdpdepay ! filesink location=/dev/stdout | sha256sum

Exit statuses are those of launch.`,
		Example: `  # ten seconds of the camera, in a format of its own
  eiengine record-raw -o cam.gdp --duration 10s v4l2src device=/dev/video0 ! video/x-raw,format=YUY2,width=640,height=480

  # the same as JPEG, if the camera gives that: a tenth of the size
  eiengine record-raw -o cam.gdp --frames 300 v4l2src ! image/jpeg,width=1280

  # camera and microphone, on one clock: cam.gdp and cam-sound.gdp
  eiengine record-raw -o cam.gdp --sound 'alsasrc ! audio/x-raw,rate=16000,channels=1' v4l2src

  # see what is recorded
  eiengine record-raw -o cam.gdp v4l2src ! tee name=t ! queue leaky=downstream max-size-buffers=1 ! autovideosink t.

  # a model sees the recording as it saw the camera
  eiengine launch filesrc location=cam.gdp ! decodebin ! clocksync ! edgeimpulsevideoinfer model-path=model.eim ! fakesink`,
		ValidArgsFunction: completeLaunch,
		RunE: func(c *cobra.Command, args []string) error {
			return recordRaw(args, flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVarP(&flags.out, "output", "o", "", "the `FILE` to write, such as cam.gdp; - is standard output")
	f.StringVar(&flags.sound, "sound", "", "record a second `LINE` on the same clock, to FILE-sound beside the other file")
	f.UintVar(&flags.frames, "frames", 0, "end after this `NUMBER` of frames")
	f.DurationVar(&flags.duration, "duration", 0, "end after this `TIME`, such as 10s or 1m30s, counted from the first frame")
	f.BoolVar(&flags.force, "force", false, "replace a file that is there already")
	f.BoolVarP(&flags.quiet, "quiet", "q", false, "print neither progress nor what was recorded")
	debugOptions(c, &flags.debug)
	return c
}

// check finds mistakes in the options.
func (f *recordFlags) check() error {
	switch {
	case f.out == "":
		return errors.New("no file to write: give one with -o, such as -o cam.gdp")
	case f.out == "-" && f.sound != "":
		return errors.New("--sound writes a second file beside the first: give -o a name")
	case f.duration < 0:
		return fmt.Errorf("--duration %v: want a time above 0", f.duration)
	}
	return nil
}

// recording is one file that is written.
type recording struct {
	tap     *recordTap
	writing string // the file; it gets its name when there is something in it
	kept    bool   // is no file of ours that could be removed
}

// newRecording looks whether the file may be written.
func newRecording(name string, force bool) (*recording, error) {
	r := &recording{tap: newRecordTap(name), writing: name}
	if name == "-" {
		r.writing, r.kept = "/dev/stdout", true
		return r, nil
	}
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory: give -o the name of a file in it", name)
	case !info.Mode().IsRegular():
		r.kept = true
	case !force:
		return nil, fmt.Errorf("%s is there already: choose another name, or replace it with --force", name)
	default:
		r.writing = name + ".new" // so that a camera that does not open costs nothing
	}
	return r, nil
}

// finish gives the file its name, or removes it if nothing was recorded.
func (r *recording) finish() error {
	switch {
	case r.kept:
		return nil
	case r.tap.read().count > 0:
		if r.writing == r.tap.file {
			return nil
		}
		return os.Rename(r.writing, r.tap.file)
	}
	if err := os.Remove(r.writing); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// tell says what is in the file. After an error that is not known for sure.
func (r *recording) tell(status int, quiet bool, stdout, stderr io.Writer) {
	switch n := r.tap.read().count; {
	case n == 0:
		fmt.Fprintf(stderr, "WARNING: %s: nothing was recorded\n", r.tap.file)
	case status == statusError:
		fmt.Fprintf(stderr, "WARNING: %s: cut off after about %d frames; it plays to the last that is whole\n", r.tap.file, n)
	case !quiet:
		fmt.Fprint(stdout, r.tap.summary())
	}
}

// line completes a line of sources with what writes the recording. n is its number.
func (r *recording) line(source string, n int) string {
	return source + " ! queue max-size-buffers=0 max-size-time=0 max-size-bytes=67108864 ! " +
		tapElement(n) + " ! gdppay ! filesink " + eiengine.QuoteArgs([]string{"location=" + r.writing})
}

// tapElement is the name by which the registry of a recording knows the tap of one.
func tapElement(n int) string { return fmt.Sprintf("recordtap%d", n) }

// soundFile is the name of the file of the second line.
func soundFile(name string) string {
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext) + "-sound" + ext
}

func recordRaw(args []string, flags recordFlags, stdout, stderr io.Writer) error {
	if err := flags.check(); err != nil {
		return err
	}
	main, err := newRecording(flags.out, flags.force)
	if err != nil {
		return err
	}
	all := []*recording{main}
	line := main.line(eiengine.QuoteArgs(args), 0)
	if flags.sound != "" {
		sound, err := newRecording(soundFile(flags.out), flags.force)
		if err != nil {
			return err
		}
		all = append(all, sound)
		line += "  " + sound.line(flags.sound, 1)
	}
	if len(args) == 0 {
		return errors.New("no line to record: name a source, such as v4l2src or alsasrc; `eiengine record-raw --help` has examples")
	}
	p, out, err := buildRecording(line, flags, all, stderr)
	if err != nil {
		return err
	}
	status := playRecording(p, out, flags, all)
	if flags.out == "-" {
		stdout = stderr
	}
	for _, r := range all {
		if err := r.finish(); err != nil {
			return err
		}
		r.tell(status, flags.quiet, stdout, stderr)
	}
	if status != 0 {
		return exitStatus(status)
	}
	return nil
}

// buildRecording makes the pipeline of a line, whose taps are those of the recordings in
// their order.
func buildRecording(line string, flags recordFlags, all []*recording, stderr io.Writer) (*eiengine.Pipeline, *printer, error) {
	shared := launchFlags{quiet: true, noPosition: true, debug: flags.debug, profile: bus.Seed.String()}
	logger, err := debugLogger(flags.debug, stderr)
	if err != nil {
		return nil, nil, err
	}
	registry, err := recordRegistry(all)
	if err != nil {
		return nil, nil, err
	}
	p, err := eiengine.New(eiengine.Options{Registry: registry, Logger: logger}).Launch(line)
	if err != nil {
		return nil, nil, refuse(false, err, stderr)
	}
	for _, w := range p.Warnings {
		fmt.Fprintln(stderr, "WARNING: "+oneLine(w.Error()))
	}
	out := newPrinter(p, shared, io.Discard, stderr)
	out.logger = logger
	return p, out, nil
}

// recordRegistry has all elements of the engine, and the taps.
func recordRegistry(all []*recording) (*eiengine.Registry, error) {
	r := eiengine.NewRegistry()
	for _, f := range eiengine.DefaultRegistry().All() {
		if err := r.Register(*f); err != nil {
			return nil, err
		}
	}
	for n, recording := range all {
		if err := r.Register(eiengine.Factory{
			Name: tapElement(n), LongName: "Recording", Class: "Filter/Analyzer", Description: "Counts what is recorded",
			Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
			New:  func() eiengine.Element { return recording.tap },
		}); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// playRecording plays until the end, Ctrl-C, or as much as the options ask for was
// recorded, and gives the exit status.
func playRecording(p *eiengine.Pipeline, out *printer, flags recordFlags, all []*recording) int {
	main := all[0].tap
	full := make(chan struct{})
	main.full = sync.OnceFunc(func() { close(full) })
	main.frames = uint64(flags.frames)
	for _, r := range all {
		r.tap.lasts = flags.duration
	}
	quit := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { watchRecording(p, main, full, quit, !flags.quiet && isTerminal(out.stderr), out.stderr) })
	status := newPlayer(p, out, true).run()
	close(quit)
	watching.Wait()
	return status
}

// watchRecording ends the stream when the recording is full, and tells progress.
func watchRecording(p *eiengine.Pipeline, tap *recordTap, full, quit <-chan struct{}, tells bool, stderr io.Writer) {
	tick := time.NewTicker(positionInterval)
	defer tick.Stop()
	for {
		select {
		case <-full:
			full = nil
			p.SendEOS()
		case <-tick.C:
			if tally := tap.read(); tells && tally.count > 0 {
				fmt.Fprint(stderr, tally.progress()+"\r")
			}
			if full != nil && p.IsLive() && tap.overdue(p.Running()) {
				full = nil
				p.SendEOS()
			}
		case <-quit:
			if tells {
				fmt.Fprint(stderr, "\033[K")
			}
			return
		}
	}
}
