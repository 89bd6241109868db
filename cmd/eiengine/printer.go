package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// printer writes what happens to a pipeline in the words of gst-launch-1.0, or
// as JSON. It is used by one goroutine, but for write.
type printer struct {
	p              *eiengine.Pipeline
	flags          launchFlags
	stdout, stderr io.Writer
	json           *json.Encoder
	logger         *slog.Logger      // nil if nothing is logged
	kinds          map[string]string // element name → kind
	failureTold    bool
	leaving        bool // the pipeline is on its way to NULL
	began          time.Time

	mu  sync.Mutex // of stdout
	err error      // the first of writing to stdout
}

func newPrinter(p *eiengine.Pipeline, flags launchFlags, stdout, stderr io.Writer) *printer {
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	return &printer{p: p, flags: flags, stdout: stdout, stderr: stderr, json: enc, began: time.Now()}
}

// say prints a line of progress.
func (w *printer) say(line string) {
	if w.flags.quiet || w.flags.json {
		return
	}
	w.write(line + "\n")
}

// write prints as it is, from any goroutine.
func (w *printer) write(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := io.WriteString(w.stdout, text)
	w.note(err)
}

// note keeps the first error of writing; w.mu is held.
func (w *printer) note(err error) {
	if w.err == nil {
		w.err = err
	}
}

// encode prints a message as a line of JSON.
func (w *printer) encode(m *bus.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.note(w.json.Encode(m))
}

// message tells one message of the bus.
func (w *printer) message(m *bus.Message) {
	w.log(m)
	if w.flags.json {
		w.encode(m)
	} else if w.tellsMessage(m) {
		w.say(messageText(m))
	}
	switch p := m.Payload.(type) {
	case *bus.Error:
		w.complain("ERROR", m.Src, p.Text, p.Detail)
		w.failureTold = true
	case *bus.Warning:
		text := p.Text
		if p.Suppressed > 0 {
			text = fmt.Sprintf("%s (and %d more like it)", text, p.Suppressed)
		}
		w.complain("WARNING", m.Src, text, "")
	case *bus.Info:
		w.say(fmt.Sprintf("INFO: from element %s: %s", w.path(m.Src), oneLine(p.Text)))
	case *bus.EOS:
		w.say(fmt.Sprintf("Got EOS from element %q.", m.Src))
	case *bus.PropertyNotify:
		w.property(p)
	case *bus.StateChanged:
		if m.Src == w.p.Name() {
			w.dotState(p)
		}
	case *bus.Tags:
		w.found(w.flags.tags, tagLines(m.Src, p.Tags))
	case *bus.TOC:
		w.found(w.flags.toc, tocLines(m.Src, p.Entries))
	case *bus.Dropped:
		fmt.Fprintf(w.stderr, "WARNING: %d messages were lost: the output is read too slowly\n", p.Count)
	}
	if m.Type == bus.TypeNewClock {
		w.say("New clock: GstSystemClock")
		w.say("Redistribute latency...") // it was added up while the pipeline was paused
	}
	if m.Type == bus.TypeLatency {
		w.say("Redistribute latency...")
	}
}

// tellsMessage says whether -m prints a message. As by gst-launch-1.0, changes of
// properties are messages with -v only, and what happens on the way to NULL is none.
func (w *printer) tellsMessage(m *bus.Message) bool {
	switch m.Type {
	case bus.TypePropertyNotify:
		return w.flags.messages && w.flags.verbose
	case bus.TypeStateChanged, bus.TypeStreamStatus:
		return w.flags.messages && !w.leaving
	}
	return w.flags.messages
}

// found tells what a stream says of itself to those who asked for it.
func (w *printer) found(asked bool, lines []string) {
	if asked {
		w.say(strings.Join(lines, "\n"))
	}
}

// failure tells the error that ended the pipeline, if the bus has not.
func (w *printer) failure(err error) {
	if w.failureTold {
		return
	}
	w.failureTold = true
	src := w.p.Name()
	var of *eiengine.ElementError
	if errors.As(err, &of) {
		src, err = of.Element, of.Err
	}
	w.complain("ERROR", src, err.Error(), "")
}

// complain writes one line on standard error; detail is for developers.
func (w *printer) complain(what, src, text, detail string) {
	fmt.Fprintf(w.stderr, "%s: from element %s: %s\n", what, w.path(src), oneLine(text))
	if detail != "" && w.flags.verbose {
		fmt.Fprintf(w.stderr, "Additional debug info:\n%s\n", detail)
	}
}

func (w *printer) property(n *bus.PropertyNotify) {
	if !w.flags.verbose || slices.Contains(w.flags.exclude, n.Property) {
		return
	}
	path := fmt.Sprintf("/GstPipeline:%s/%s:%s", w.p.Name(), typeName(n.Kind), n.Element)
	if n.Pad != "" {
		path += ".GstPad:" + n.Pad
	}
	w.say(fmt.Sprintf("%s: %s = %s", path, n.Property, n.Value))
}

// path is GStreamer's path of an element of the pipeline. The name of one inside
// of a bin begins with that of the bin.
func (w *printer) path(name string) string {
	path := "/GstPipeline:" + w.p.Name()
	if name == w.p.Name() {
		return path
	}
	parts := strings.Split(name, "/")
	for i, part := range parts {
		path += "/"
		if kind := w.kind(strings.Join(parts[:i+1], "/")); kind != "" {
			path += typeName(kind) + ":"
		}
		path += part
	}
	return path
}

// kind is the factory of an element, "" if there is none of that name.
func (w *printer) kind(name string) string {
	if _, ok := w.kinds[name]; !ok {
		w.kinds = map[string]string{}
		for _, s := range w.p.Stats() {
			w.kinds[s.Name] = s.Element
		}
	}
	return w.kinds[name]
}
