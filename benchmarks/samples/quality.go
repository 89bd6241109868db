package main

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"text/tabwriter"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm/pcmtest"
)

// trial is one change of rate that is judged.
type trial struct {
	from, to frames.AudioInfo
	elements string
	// Where the pass band ends and the stop band begins for this quality, in parts of
	// the lower of both Nyquist frequencies.
	passes, stops float64
}

func (t trial) String() string {
	return fmt.Sprintf("%v %d → %s → %v %d", t.from.Format, t.from.Rate, t.elements, t.to.Format, t.to.Rate)
}

func audio(f frames.SampleFormat, rate, channels int) frames.AudioInfo {
	return frames.AudioInfo{Format: f, Rate: rate, Channels: channels}
}

var trials = []trial{
	{audio(frames.F32LE, 48000, 2), audio(frames.S16LE, 16000, 1), "audioconvert ! audioresample", 0.83, 1.01},
	{audio(frames.S16LE, 48000, 1), audio(frames.S16LE, 16000, 1), "audioresample", 0.83, 1.01},
	{audio(frames.S16LE, 44100, 1), audio(frames.S16LE, 16000, 1), "audioresample", 0.83, 1.01},
	{audio(frames.F32LE, 48000, 1), audio(frames.F32LE, 16000, 1), "audioresample", 0.83, 1.01},
	{audio(frames.F32LE, 44100, 1), audio(frames.F32LE, 16000, 1), "audioresample", 0.83, 1.01},
	{audio(frames.F32LE, 44100, 1), audio(frames.F32LE, 48000, 1), "audioresample", 0.85, 0},
	{audio(frames.F32LE, 16000, 1), audio(frames.F32LE, 48000, 1), "audioresample", 0.85, 0},
	{audio(frames.F32LE, 8000, 1), audio(frames.F32LE, 16000, 1), "audioresample", 0.85, 0},
	{audio(frames.F32LE, 44101, 1), audio(frames.F32LE, 48000, 1), "audioresample", 0.85, 0},
	{audio(frames.F32LE, 48000, 1), audio(frames.F32LE, 16000, 1), "audioresample quality=0", 0.13, 1.54},
	{audio(frames.F32LE, 48000, 1), audio(frames.F32LE, 16000, 1), "audioresample quality=7", 0.89, 1.01},
	{audio(frames.F32LE, 48000, 1), audio(frames.F32LE, 16000, 1), "audioresample quality=10", 0.94, 1.01},
	{audio(frames.F32LE, 44100, 1), audio(frames.F32LE, 48000, 1), "audioresample quality=10", 0.94, 0},
	{audio(frames.F64LE, 44100, 1), audio(frames.F64LE, 48000, 1), "audioresample quality=10", 0.94, 0},
}

// figures are what is found out about a trial, in decibels but for the delay.
type figures struct {
	ripple  float64 // largest and smallest gain of the pass band
	stop    float64 // the loudest of the stop band
	aliases float64 // of a sweep, wherever
	snr     float64 // of 1 kHz
	delay   float64 // of 1 kHz, in µs
}

const loud = 0.7

func compareQuality(out io.Writer, p programs, wanted *regexp.Regexp) error {
	fmt.Fprint(out, "quality, ours : GStreamer's:\n\n")
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " work\t pass band, ripple dB\t stop band dB\t aliases of a sweep dB\t 1 kHz, signal to noise dB\t delay µs\t\n")
	for _, t := range trials {
		if !wanted.MatchString(t.String()) {
			continue
		}
		var f [len(p)]figures
		for i, program := range p {
			var err error
			if f[i], err = t.judge(program); err != nil {
				return err
			}
		}
		a, b := f[0], f[1]
		fmt.Fprintf(table, " %v\t %.5f : %.5f\t %s\t %.1f : %.1f\t %.1f : %.1f\t %.3f : %.3f\t\n", t,
			a.ripple, b.ripple, t.stopped(a, b), a.aliases, b.aliases, a.snr, b.snr, a.delay, b.delay)
	}
	return table.Flush()
}

// stopped is the stop band of a step down.
func (t trial) stopped(ours, theirs figures) string {
	if t.stops == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f : %.1f", ours.stop, theirs.stop)
}

// judge measures a program.
func (t trial) judge(program []string) (f figures, err error) {
	low := float64(min(t.from.Rate, t.to.Rate)) / 2
	hz := append([]float64{1000}, pcmtest.Steps(40, t.passes*low, 40)...)
	passing := len(hz)
	if t.stops > 0 {
		hz = append(hz, pcmtest.Steps(t.stops*low, float64(t.from.Rate)/2-100, 40)...)
	}
	train := pcmtest.Train{Rate: t.from.Rate, Hz: hz, Amplitude: loud}
	out, err := through(program, t.elements, train.Samples(), t.from, t.to)
	if err != nil {
		return f, err
	}
	heard := train.Heard(out, t.to.Rate)
	if len(heard) < len(hz)-1 {
		return f, fmt.Errorf("%s: %d tones of %d came out", t.elements, len(heard), len(hz))
	}
	f.snr, f.delay = -pcmtest.DB(heard[0].Rest), 1e6*heard[0].Delay
	f.stop = math.Inf(-1)
	least, most := heard[1].Gain, heard[1].Gain
	for i, h := range heard[1:] {
		if i+1 < passing {
			least, most = min(least, h.Gain), max(most, h.Gain)
		} else {
			f.stop = max(f.stop, pcmtest.DB(h.Rest))
		}
	}
	f.ripple = pcmtest.DB(most / least)

	sweep := t.sweep()
	if out, err = through(program, t.elements, sweep.Samples(), t.from, t.to); err != nil {
		return f, err
	}
	stops := t.stops
	if stops == 0 {
		stops = 2 // it never comes so far
	}
	f.aliases = pcmtest.DB(sweep.Aliases(out, t.to.Rate, t.passes*low, stops*low))
	return f, nil
}

// sweep is one over all that the rate can hold.
func (t trial) sweep() pcmtest.Sweep {
	return pcmtest.Sweep{Rate: t.from.Rate, From: 50, To: 0.49 * float64(t.from.Rate), Seconds: 4, Amplitude: loud}
}
