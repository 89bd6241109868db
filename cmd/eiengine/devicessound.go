package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/eiengine/eiengine/capture/pcm"
)

// soundReport is a sound device with what it can do in each direction that it has.
type soundReport struct {
	pcm.Device
	Capture  *abilityReport `json:"capture,omitempty"`
	Playback *abilityReport `json:"playback,omitempty"`
}

type abilityReport struct {
	Formats  []string `json:"formats,omitempty"`
	Rates    []int    `json:"rates,omitempty"` // the usual ones
	MinRate  int      `json:"min_rate,omitempty"`
	MaxRate  int      `json:"max_rate,omitempty"`
	Channels []int    `json:"channels,omitempty"` // least and most
	// Problem says why the device could not be asked, such as that it is in use.
	Problem string `json:"problem,omitempty"`
}

// answerTime is how long a device may take to say what it can do: sound servers have been
// seen that never answer.
const answerTime = 10 * time.Second

// soundDevices asks all of them. What ALSA's configuration offers but cannot be opened,
// such as a sound server that does not run, is left out.
func soundDevices() ([]soundReport, error) {
	all, err := pcm.Devices()
	reports := []soundReport{}
	for _, d := range all {
		r := soundReport{Device: d}
		problems, directions := 0, 0
		for direction, into := range map[pcm.Direction]**abilityReport{pcm.Capture: &r.Capture, pcm.Playback: &r.Playback} {
			if direction == pcm.Capture && !d.Capture || direction == pcm.Playback && !d.Playback {
				continue
			}
			directions++
			if *into = askSound(d, direction); (*into).Problem != "" {
				problems++
			}
		}
		if d.Direct != "" || problems < directions {
			reports = append(reports, r)
		}
	}
	return reports, err
}

// askSound asks a device, for as long as one may take.
func askSound(d pcm.Device, direction pcm.Direction) *abilityReport {
	answer := make(chan *abilityReport, 1)
	go func() { answer <- reportAbilities(d.Ask(direction)) }()
	select {
	case r := <-answer:
		return r
	case <-time.After(answerTime):
		return &abilityReport{Problem: "it does not answer"}
	}
}

func reportAbilities(a *pcm.Abilities, err error) *abilityReport {
	if err != nil {
		return &abilityReport{Problem: problemText(err)}
	}
	r := &abilityReport{Rates: a.Rates, MinRate: a.MinRate, MaxRate: a.MaxRate, Channels: []int{a.MinChannels, a.MaxChannels}}
	for _, f := range a.Formats {
		r.Formats = append(r.Formats, f.String())
	}
	return r
}

// problemText leaves out what stands above it in the list: which device, and what there is.
func problemText(err error) string {
	if e := (*pcm.Error)(nil); errors.As(err, &e) {
		return e.Text
	}
	return err.Error()
}

func (r *soundReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", r.Name, r.Description)
	if r.ID != "" {
		fmt.Fprintf(w, "  id        %s\n  direct    %s\n", r.ID, r.Direct)
	}
	if r.Capture != nil {
		fmt.Fprintf(w, "  records   %s\n", r.Capture.text())
	}
	if r.Playback != nil {
		fmt.Fprintf(w, "  plays     %s\n", r.Playback.text())
	}
	if r.Capture != nil {
		fmt.Fprintf(w, "  try       eiengine launch alsasrc device=%s num-buffers=500 ! wavenc ! filesink location=said.wav\n", r.Name)
	} else {
		fmt.Fprintf(w, "  try       eiengine launch audiotestsrc num-buffers=100 ! alsasink device=%s\n", r.Name)
	}
}

func (r *abilityReport) text() string {
	if r.Problem != "" {
		return r.Problem
	}
	rates := fmt.Sprintf("%d to %d Hz", r.MinRate, r.MaxRate)
	switch {
	case r.MinRate == r.MaxRate:
		rates = fmt.Sprintf("%d Hz", r.MinRate)
	case len(r.Rates) > 0:
		rates += " with " + strings.Trim(fmt.Sprint(r.Rates), "[]")
	}
	channels := fmt.Sprintf("channels %d to %d", r.Channels[0], r.Channels[1])
	switch {
	case r.Channels[1] == 1:
		channels = "1 channel"
	case r.Channels[0] == r.Channels[1]:
		channels = fmt.Sprintf("%d channels", r.Channels[0])
	}
	return strings.Join(r.Formats, " ") + "; " + rates + "; " + channels
}
