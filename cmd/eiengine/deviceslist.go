package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eiengine/eiengine/capture/v4l2"
)

func devicesCommand() *cobra.Command {
	var asJSON, follow bool
	c := &cobra.Command{
		Use:   "devices [--json] [--watch]",
		Short: "List the cameras and sound devices of this machine, and what they can do",
		Long: `devices lists the cameras: the node, the id that stays when nodes change, formats
with sizes and rates, and the controls with their values; and the sound devices: ALSA's
name, the id, and the formats, rates and channels in which they record and play. Of a sound
card that is in use it says who has it; it is not disturbed.

Either name works in device= of v4l2src, alsasrc and alsasink. Controls of cameras are set
with extra-controls:

  eiengine launch v4l2src device=usb:046d:0825:1A2B3C extra-controls=c,brightness=140 ! ...

With --watch it goes on, and tells which come and go, until it is interrupted; with
--json that is one object a line.`,
		Example: `  eiengine devices
  eiengine devices --json
  eiengine devices --watch`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !follow {
				return listDevices(c.OutOrStdout(), c.ErrOrStderr(), asJSON)
			}
			ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return watchDevices(ctx, c.OutOrStdout(), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&follow, "watch", false, "go on, and tell which devices come and go")
	return c
}

// deviceList is what the command prints, each kind of device in a list of its own.
type deviceList struct {
	Cameras []cameraReport `json:"cameras"`
	Sound   []soundReport  `json:"sound"`
}

// cameraReport is a camera with what it can do.
type cameraReport struct {
	v4l2.CameraInfo
	Formats  []formatReport  `json:"formats"`
	Controls []controlReport `json:"controls"`
	// Problem says why the camera could not be asked.
	Problem string `json:"problem,omitempty"`
}

type formatReport struct {
	FourCC     string       `json:"fourcc"`
	Name       string       `json:"name"`
	Compressed bool         `json:"compressed"`
	Sizes      []sizeReport `json:"sizes"`
}

// sizeReport is one size; of a range the largest, with the others in From and Step.
type sizeReport struct {
	Width  int      `json:"width"`
	Height int      `json:"height"`
	From   *[2]int  `json:"from,omitempty"`
	Step   *[2]int  `json:"step,omitempty"`
	Rates  []string `json:"rates"`
}

type controlReport struct {
	v4l2.Control
	Value string `json:"value,omitempty"`
}

func listDevices(w, problems io.Writer, asJSON bool) error {
	cameras, err := v4l2.Cameras()
	sound, soundErr := soundDevices()
	for _, err := range []error{err, soundErr} {
		if err != nil {
			fmt.Fprintln(problems, "WARNING: "+oneLine(err.Error()))
		}
	}
	list := deviceList{Cameras: []cameraReport{}, Sound: sound}
	for _, c := range cameras {
		list.Cameras = append(list.Cameras, askCamera(c))
	}
	out := &errWriter{w: w}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(list); err != nil {
			return err
		}
		return out.err
	}
	list.print(out)
	return out.err
}

func askCamera(info v4l2.CameraInfo) cameraReport {
	r := cameraReport{CameraInfo: info, Formats: []formatReport{}, Controls: []controlReport{}}
	camera, err := v4l2.Open(info.Path)
	if err != nil {
		r.Problem = err.Error()
		return r
	}
	defer camera.Close()
	formats, err := camera.Formats()
	if err != nil {
		r.Problem = err.Error()
	}
	for _, f := range formats {
		one := formatReport{FourCC: f.FourCC.String(), Name: f.Name, Compressed: f.Compressed, Sizes: []sizeReport{}}
		for _, s := range f.Sizes {
			one.Sizes = append(one.Sizes, reportSize(&s))
		}
		r.Formats = append(r.Formats, one)
	}
	controls, err := camera.Controls()
	if err != nil {
		r.Problem = err.Error()
	}
	for _, c := range controls {
		value, err := camera.Value(&c)
		if err != nil {
			value = "" // buttons have none, and some can only be set
		}
		r.Controls = append(r.Controls, controlReport{c, value})
	}
	return r
}

func reportSize(s *v4l2.Size) sizeReport {
	r := sizeReport{Width: s.Width.Max, Height: s.Height.Max, Rates: []string{}}
	if !s.Width.Single() || !s.Height.Single() {
		r.From, r.Step = &[2]int{s.Width.Min, s.Height.Min}, &[2]int{s.Width.Step, s.Height.Step}
	}
	for _, rate := range s.Rates {
		text := rate.Max.String()
		if !rate.Single() {
			text = rate.Min.String() + " to " + text
		}
		r.Rates = append(r.Rates, text)
	}
	return r
}

func (l *deviceList) print(w io.Writer) {
	if len(l.Cameras) == 0 {
		fmt.Fprintln(w, "no cameras; `eiengine doctor` says what to do about that")
	}
	for i := range l.Cameras {
		l.Cameras[i].print(w)
	}
	if len(l.Sound) == 0 {
		fmt.Fprintln(w, "no sound devices; `eiengine doctor` says what to do about that")
	}
	for i := range l.Sound {
		l.Sound[i].print(w)
	}
}

func (r *cameraReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n  id        %s\n  driver    %s, %s\n", r.Path, r.Name, r.ID, r.Driver, r.Bus)
	if r.Problem != "" {
		fmt.Fprintf(w, "  problem   %s\n", r.Problem)
	}
	head := "formats"
	for _, f := range r.Formats {
		fmt.Fprintf(w, "  %-9s %-4s %s:", head, f.FourCC, f.Name)
		for _, s := range f.Sizes {
			fmt.Fprint(w, " "+s.text())
		}
		fmt.Fprintln(w)
		head = ""
	}
	head = "controls"
	for i := range r.Controls {
		fmt.Fprintf(w, "  %-9s %s\n", head, r.Controls[i].text())
		head = ""
	}
	fmt.Fprintf(w, "  try       eiengine launch v4l2src device=%s ! decodebin ! videoconvert ! autovideosink\n", r.Path)
}

// text is such as 640x480@30,15 with whole rates written short.
func (s *sizeReport) text() string {
	text := fmt.Sprintf("%dx%d", s.Width, s.Height)
	if s.From != nil {
		text = fmt.Sprintf("%dx%d to %s", s.From[0], s.From[1], text)
	}
	var rates []string
	for _, r := range s.Rates {
		rates = append(rates, strings.ReplaceAll(strings.TrimSuffix(r, "/1"), "/1 ", " "))
	}
	if len(rates) == 0 {
		return text
	}
	return text + "@" + strings.Join(rates, ",")
}

func (c *controlReport) text() string {
	text := fmt.Sprintf("%s (%s)", c.Name, c.Type)
	if c.Value != "" {
		text += "=" + c.Value
	}
	switch {
	case len(c.Items) > 0:
		var items []string
		for _, i := range c.Items {
			items = append(items, fmt.Sprintf("%d %s", i.Value, i.Name))
		}
		text += ", of " + strings.Join(items, ", ")
	case c.Type == v4l2.Integer || c.Type == v4l2.Integer64:
		text += fmt.Sprintf(", %d to %d, by default %d", c.Min, c.Max, c.Default)
	}
	for _, flag := range []struct {
		set  bool
		name string
	}{{c.ReadOnly, "read-only"}, {c.Inactive, "inactive"}, {c.Volatile, "changes by itself"}} {
		if flag.set {
			text += ", " + flag.name
		}
	}
	return text
}
