package main

import (
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const gstLaunch = "gst-launch-1.0"

// gstCost is the processor time that GStreamer spends on a pixel, 0 without rounds: the
// difference of two lengths of a line that makes n pictures.
func gstCost(line func(n int) string, pixels, rounds int) (float64, error) {
	const few, many = 20, 220
	var all []float64
	for range rounds {
		a, err := gstRun(line(few))
		if err != nil {
			return 0, err
		}
		b, err := gstRun(line(many))
		if err != nil {
			return 0, err
		}
		all = append(all, float64(b-a)/(many-few)/float64(pixels))
	}
	return median(all), nil
}

// gstLine converts one picture n times: imagefreeze repeats it at no cost.
func (p pair) gstLine(n int) string {
	return fmt.Sprintf("videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,format=%v,width=%d,height=%d,framerate=30/1 ! "+
		"imagefreeze num-buffers=%d ! videoconvert n-threads=1 ! video/x-raw,format=%v ! fakesink sync=false", p.from, p.w, p.h, n, p.to)
}

func gstRun(line string) (time.Duration, error) {
	cmd := exec.Command(gstLaunch, append([]string{"-q"}, strings.Fields(line)...)...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", line, err, output)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
