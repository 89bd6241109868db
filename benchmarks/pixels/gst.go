package main

import (
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const gstLaunch = "gst-launch-1.0"

// gstCost is the processor time that GStreamer spends on a pixel, 0 without rounds.
func gstCost(p pair, rounds int) (float64, error) {
	const few, many = 20, 220
	var all []float64
	for range rounds {
		a, err := gstRun(p, few)
		if err != nil {
			return 0, err
		}
		b, err := gstRun(p, many)
		if err != nil {
			return 0, err
		}
		all = append(all, float64(b-a)/(many-few)/float64(p.w*p.h))
	}
	return median(all), nil
}

// gstRun converts one picture n times: imagefreeze repeats it at no cost.
func gstRun(p pair, n int) (time.Duration, error) {
	line := fmt.Sprintf("videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,format=%v,width=%d,height=%d,framerate=30/1 ! "+
		"imagefreeze num-buffers=%d ! videoconvert n-threads=1 ! video/x-raw,format=%v ! fakesink sync=false", p.from, p.w, p.h, n, p.to)
	cmd := exec.Command(gstLaunch, append([]string{"-q"}, strings.Fields(line)...)...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", line, err, output)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
