package all_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/capture/v4l2"
)

// The tests of this file take every element of the registry through what all
// elements have in common. An element needs nothing here to be covered, unless
// it cannot run without a property: see needs.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func eachElement(t *testing.T, test func(t *testing.T, f *eiengine.Factory)) {
	all := eiengine.DefaultRegistry().All()
	if len(all) < 20 {
		t.Fatalf("the registry has %d elements: is a family missing from package all?", len(all))
	}
	for _, f := range all {
		t.Run(f.Name, func(t *testing.T) { test(t, f) })
	}
}

var (
	kebab = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	plain = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

func TestElementsSayWhatTheyAre(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		if !plain.MatchString(f.Name) {
			t.Errorf("name %q: want small letters and digits, with - between words at most", f.Name)
		}
		if _, err := f.Kind(); err != nil {
			t.Error(err)
		}
		for what, text := range map[string]string{"long name": f.LongName, "class": f.Class, "description": f.Description} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("it has no %s", what)
			}
		}
		for _, p := range f.Pads {
			if p.Name == "" || p.Caps.IsEmpty() {
				t.Errorf("pad %q with caps %q: a pad has a name and takes something", p.Name, p.Caps)
			}
			if many := p.Presence != eiengine.Always; many != strings.Contains(p.Name, "%u") {
				t.Errorf("pad %q exists %q: pads that come in numbers have %%u in their names, and no others", p.Name, p.Presence)
			}
		}
	})
}

func TestPropertiesAreDocumented(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		props, err := f.Properties()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(props, func(a, b eiengine.Property) int { return strings.Compare(a.Name, b.Name) }) {
			t.Error("the properties are not sorted by name")
		}
		for i, p := range props {
			switch {
			case !kebab.MatchString(p.Name):
				t.Errorf("%q: want words of small letters with - between them", p.Name)
			case p.Name == "name":
				t.Error("name is every element's and not declared")
			case i > 0 && props[i-1].Name == p.Name:
				t.Errorf("%q is declared twice", p.Name)
			case len(p.Doc) < 8 || strings.HasSuffix(p.Doc, "."):
				t.Errorf("%s: doc %q: want a sentence without a full stop", p.Name, p.Doc)
			case p.Live && p.ReadOnly:
				t.Errorf("%s is live and read-only", p.Name)
			case p.Type == "enum" && len(p.Enum) == 0:
				t.Errorf("%s has no values", p.Name)
			}
		}
	})
}

// TestSignalsAreDocumentedAndBound: Signals itself finds what nothing is bound to.
func TestSignalsAreDocumentedAndBound(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		signals, err := f.Signals()
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range signals {
			switch {
			case !kebab.MatchString(s.Name):
				t.Errorf("%q: want words of small letters with - between them", s.Name)
			case i > 0 && signals[i-1].Name == s.Name:
				t.Errorf("%q is declared twice", s.Name)
			case len(s.Doc) < 8 || strings.HasSuffix(s.Doc, "."):
				t.Errorf("%s: doc %q: want a sentence without a full stop", s.Name, s.Doc)
			}
		}
	})
}

// TestDefaultsRoundTrip sets each property to what it is, and each enum to each
// of its values, and reads the same.
func TestDefaultsRoundTrip(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		props, err := f.Properties()
		if err != nil {
			t.Fatal(err)
		}
		engine := eiengine.New(eiengine.Options{})
		defer closeEngine(t, engine)
		var spec eiengine.Spec
		name := spec.Add(f.Name, "")
		p, err := engine.Build(spec)
		if err != nil {
			t.Fatalf("alone, with defaults: %v", err)
		}
		for _, prop := range props {
			value, err := p.Get(name, prop.Name)
			if err != nil {
				t.Errorf("%s: %v", prop.Name, err)
				continue
			}
			if prop.ReadOnly {
				if p.Set(name, prop.Name, value) == nil {
					t.Errorf("%s is read-only and was set", prop.Name)
				}
				continue
			}
			values := []string{value}
			for _, v := range prop.Enum {
				values = append(values, v.Nick)
			}
			if prop.Repeat {
				continue // setting adds
			}
			for _, v := range values {
				if err := p.Set(name, prop.Name, v); err != nil {
					t.Errorf("%s=%q: %v", prop.Name, v, err)
				} else if got, err := p.Get(name, prop.Name); err != nil || got != v {
					t.Errorf("%s=%q reads as %q, %v", prop.Name, v, got, err)
				}
			}
			if p.Set(name, prop.Name, "\x00no value") == nil && prop.Type != "string" && prop.Type != "caps" {
				t.Errorf("%s took nonsense", prop.Name)
			}
		}
	})
}

// TestOpenAndClose takes elements to ready and back, twice. What cannot be
// opened without settings has to say so in a sentence.
func TestOpenAndClose(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		engine := eiengine.New(eiengine.Options{})
		defer closeEngine(t, engine)
		var spec eiengine.Spec
		spec.Add(f.Name, "")
		p, err := engine.Build(spec)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		defer stop()
		for range 2 {
			p.SetState(eiengine.Ready)
			if err := p.WaitState(ctx, eiengine.Ready); err != nil {
				if errors.Is(err, ctx.Err()) || strings.Contains(err.Error(), "panic") {
					t.Errorf("open: %v", err)
				}
				if len(err.Error()) < 30 {
					t.Errorf("open: %q says neither what is missing nor what to do", err)
				}
			}
			if err := p.Stop(ctx); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	})
}

// needs are properties without which an element cannot run. %d is a folder.
var needs = map[string]string{
	"filesrc":          "location=" + filepath.ToSlash(filepath.Join("..", "testdata", "photos", "camera.png")),
	"imagesequencesrc": "location=" + filepath.ToSlash(filepath.Join("..", "testdata", "photos", "camera.png")),
	"multifilesrc":     "location=" + filepath.ToSlash(filepath.Join("..", "testdata", "photos", "camera.png")),
	"filesink":         "location=%d/out",
	"multifilesink":    "location=%d/out max-files=1",

	"alsasrc":  "device=null",
	"alsasink": "device=null",

	"edgeimpulsevideoinfer": "model-path=builtin:shapes",
}

// feeds are what elements that take data are fed with, the first that fits.
var feeds = []string{
	"videotestsrc",
	"audiotestsrc samplesperbuffer=64",
	"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! pngenc",
	"videotestsrc ! video/x-raw,format=I420,width=64,height=48 ! jpegenc",
	"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! gdppay",
	"filesrc location=" + filepath.ToSlash(filepath.Join("..", "testdata", "photos", "camera.png")),
	"fakesrc",
}

// special are lines for elements that cannot simply stand between two others.
// %d is a folder in which there is a tone.wav.
var special = map[string]string{
	"appsrc":   "appsrc is-live=true ! fakesink",
	"wavparse": "filesrc location=%d/tone.wav blocksize=100 ! wavparse ! fakesink",
}

// sound names the devices of elements that need ALSA's library, or a sound server, to
// run: without them they are opened in vain, and tested in their own package only.
var sound = map[string]string{"alsasrc": "null", "alsasink": "null", "pulsesrc": "pulse", "autoaudiosrc": "default", "autoaudiosink": "default"}

// needsDevice skips a test of an element whose device this machine does not have.
func needsDevice(t *testing.T, element string) {
	t.Helper()
	if element == "v4l2src" || element == "autovideosrc" || element == "avfvideosrc" {
		camera, err := v4l2.Open("/dev/video0")
		if err != nil {
			t.Skip(err)
		}
		if err := camera.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	if strings.HasPrefix(element, "portaudio") {
		needsPortAudio(t)
		return
	}
	device, ok := sound[element]
	if !ok {
		return
	}
	p, err := pcm.Open(device, pcm.Playback)
	if err != nil {
		t.Skip(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// needsPortAudio skips a test where PortAudio has nothing to record from and to play on.
func needsPortAudio(t *testing.T) {
	t.Helper()
	all, err := portaudio.Devices(t.Context(), nil)
	if err != nil {
		t.Skip(err)
	}
	in := slices.ContainsFunc(all, func(d portaudio.Device) bool { return d.DefaultInput })
	out := slices.ContainsFunc(all, func(d portaudio.Device) bool { return d.DefaultOutput })
	if !in || !out {
		t.Skip("PortAudio has no default device")
	}
}

// idle elements give nothing of themselves: they are stopped while they wait.
var idle = []string{"appsrc"}

// writeTone writes ten seconds of sound.
func writeTone(t *testing.T, folder string) {
	t.Helper()
	samples := make([]byte, 2*16000*10)
	for i := range samples {
		samples[i] = byte(i * 7)
	}
	var file []byte
	file = append(file, "RIFF"...)
	file = binary.LittleEndian.AppendUint32(file, uint32(36+len(samples)))
	file = append(file, "WAVEfmt "...)
	file = binary.LittleEndian.AppendUint32(file, 16)
	for _, v := range []uint16{1, 1, 16000, 0, 32000, 0, 2, 16} { // PCM, mono, 16 kHz, 16 bits
		file = binary.LittleEndian.AppendUint16(file, v)
	}
	file = append(file, "data"...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(samples)))
	if err := os.WriteFile(filepath.Join(folder, "tone.wav"), append(file, samples...), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines are the pipelines that an element may run in; the first that can be
// built is taken.
func lines(t *testing.T, f *eiengine.Factory) []string {
	folder := t.TempDir()
	if line, ok := special[f.Name]; ok {
		writeTone(t, folder)
		return []string{strings.ReplaceAll(line, "%d", folder)}
	}
	self := strings.TrimSpace(f.Name + " " + strings.ReplaceAll(needs[f.Name], "%d", folder))
	kind, err := f.Kind()
	if err != nil {
		t.Fatal(err)
	}
	if kind == "source" {
		return []string{self + " ! fakesink"}
	}
	var all []string
	for _, feed := range feeds {
		if kind == "sink" {
			all = append(all, feed+" ! "+self)
		} else {
			all = append(all, feed+" ! "+self+" ! fakesink")
		}
	}
	return all
}

// TestCancelledInMidStream stops a pipeline while data flows through the
// element: it has a second to end, and every frame has to come back.
func TestCancelledInMidStream(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		needsDevice(t, f.Name)
		engine := eiengine.New(eiengine.Options{})
		defer closeEngine(t, engine)
		p := buildFirst(t, engine, lines(t, f))
		defer p.Close()

		limit, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		defer stop()
		if err := p.Play(limit); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(idle, f.Name) {
			if err := someData(limit, p); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		if err := p.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v to stop", took)
		}
		if n := engine.Pool().Stats().InUse; n != 0 {
			t.Errorf("%d bytes of frames were not released", n)
		}
	})
}

// TestStoppedWhilePaused stops a pipeline that holds its first frames.
func TestStoppedWhilePaused(t *testing.T) {
	eachElement(t, func(t *testing.T, f *eiengine.Factory) {
		needsDevice(t, f.Name)
		engine := eiengine.New(eiengine.Options{})
		defer closeEngine(t, engine)
		p := buildFirst(t, engine, lines(t, f))
		defer p.Close()
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		defer stop()
		for range 2 {
			p.SetState(eiengine.Paused)
			if err := p.WaitState(ctx, eiengine.Paused); err != nil {
				t.Fatal(err)
			}
			if err := p.Stop(ctx); err != nil {
				t.Fatal(err)
			}
			if n := engine.Pool().Stats().InUse; n != 0 {
				t.Fatalf("%d bytes of frames were not released", n)
			}
		}
	})
}

func buildFirst(t *testing.T, engine *eiengine.Engine, lines []string) *eiengine.Pipeline {
	t.Helper()
	var problems []error
	for _, line := range lines {
		p, err := engine.Launch(line)
		if err == nil {
			t.Log(line)
			return p
		}
		problems = append(problems, fmt.Errorf("%s: %w", line, err))
	}
	t.Fatalf("no pipeline of this test suits the element, add one to special: %v", errors.Join(problems...))
	return nil
}

// someData returns when the element that is tested, and all others, have seen a
// frame, or the stream has ended.
func someData(ctx context.Context, p *eiengine.Pipeline) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		now, stop := context.WithCancel(ctx)
		stop()
		if err := p.Wait(now); !errors.Is(err, context.Canceled) {
			return err // the end, or a failure
		}
		if !slices.ContainsFunc(p.Stats(), func(s eiengine.ElementStats) bool { return s.In+s.Out == 0 }) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("no data: %+v", p.Stats())
		}
	}
}

func closeEngine(t *testing.T, e *eiengine.Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
