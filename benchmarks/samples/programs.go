package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

// programs are ours and GStreamer's: what starts them, before a launch line.
type programs [2][]string

// run plays a line to its end, and says what processor time it took.
func run(program []string, line string) (time.Duration, error) {
	cmd := exec.Command(program[0], append(program[1:len(program):len(program)], strings.Fields(line)...)...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// through is what elements make of samples of one channel, between two formats.
func through(program []string, elements string, samples []float64, from, to frames.AudioInfo) ([]float64, error) {
	dir, err := os.MkdirTemp("", "samples")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in.wav"), filepath.Join(dir, "out.raw")
	if err := write(in, samples, from); err != nil {
		return nil, err
	}
	line := fmt.Sprintf("filesrc location=%s ! wavparse ! %s ! audio/x-raw,format=%v,rate=%d,channels=1 ! filesink location=%s",
		in, elements, to.Format, to.Rate, out)
	if _, err := run(program, line); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	made := make([]float64, len(data)/to.Format.Bytes())
	_, err = pcm.Decode(made, data, to.Format)
	return made, err
}

// write makes a file of samples, the same in each channel.
func write(file string, samples []float64, a frames.AudioInfo) error {
	all := make([]float64, len(samples)*a.Channels)
	if _, err := pcm.Remix(all, a.Channels, samples, 1); err != nil {
		return err
	}
	data := make([]byte, len(all)*a.Format.Bytes())
	if _, err := pcm.Encode(data, all, a.Format); err != nil {
		return err
	}
	header, err := wav.AppendHeader(nil, a, int64(len(data)))
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(header, data...), 0o600)
}
