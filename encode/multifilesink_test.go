package encode

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestMultifilesinkPicturesDecodeAgain(t *testing.T) {
	dir := t.TempDir()
	p := graphtest.Launch(t, "testpictures num-buffers=3 ! pngenc ! multifilesink name=m post-messages=true index=8 location="+dir+"/p%03d.png")
	sub := p.Bus().Subscribe(0, bus.TypeElement)
	defer sub.Close()
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	if got := list(t, dir); !slices.Equal(got, []string{"p008.png", "p009.png", "p010.png"}) {
		t.Errorf("files %v", got)
	}
	for i, name := range list(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		picture := frames.NewPicture(frames.RGB, 33, 17)
		if err := png.DecodeInto(&picture, data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if b := picture.Row(0, 0)[0]; b != byte(16+20*i) {
			t.Errorf("%s has pixels of %d", name, b)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	var told []FileWritten
	for m, w := range bus.Payloads[*FileWritten](graphtest.Context(t), sub) {
		if m.Src != "m" {
			t.Errorf("told by %s", m.Src)
		}
		told = append(told, *w)
	}
	if len(told) != 3 || told[2].Filename != dir+"/p010.png" || told[2].Index != 10 || told[2].Timestamp != 200*time.Millisecond {
		t.Errorf("messages %+v", told)
	}
}

func TestMultifilesinkKeepsMaxFiles(t *testing.T) {
	dir := t.TempDir()
	graphtest.Run(t, "testbytes num-buffers=9 ! multifilesink max-files=3 location="+dir+"/%d")
	if got := list(t, dir); !slices.Equal(got, []string{"6", "7", "8"}) {
		t.Errorf("files %v, want the newest three", got)
	}
}

func TestMultifilesinkWithoutNumberReplaces(t *testing.T) {
	dir := t.TempDir()
	graphtest.Run(t, "testbytes num-buffers=9 ! multifilesink location="+dir+"/last")
	if got := read(t, dir+"/last"); got != "line 8\n" {
		t.Errorf("the file holds %q, want the last frame", got)
	}
}

func TestMultifilesinkTellsItsIndex(t *testing.T) {
	ctx := graphtest.Context(t)
	dir := t.TempDir()
	p := graphtest.Launch(t, "testbytes num-buffers=4 ! multifilesink name=m location="+dir+"/%d")
	if v, err := p.Get("m", "index"); v != "0" || err != nil {
		t.Errorf("index is %s, %v", v, err)
	}
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if v, err := p.Get("m", "index"); v != "4" || err != nil {
		t.Errorf("index is %s after four files, %v", v, err)
	}
}

func TestMultifilesinkErrorsSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	wantFailure(t, "testbytes ! multifilesink location="+dir+"/%d%d", "more than one number")
	wantFailure(t, "testbytes ! multifilesink location="+dir+"/%s", "not a number format")
	wantFailure(t, "testbytes ! multifilesink location="+dir+"/none/%d", "create the directory")
	if err := os.WriteFile(dir+"/file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, "testbytes ! multifilesink location="+dir+"/file/%d", "not a directory")
	if err := os.Mkdir(dir+"/2", 0o700); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, "testbytes ! multifilesink location="+dir+"/%d", dir+"/2", "is a directory")
}

// scripted gives frames of a letter each, a second apart: a capital stands alone,
// a small one does not, ! comes before a frame that does not follow the one before,
// # before a header, and ? is the wish for another file.
type scripted struct {
	eiengine.Settings[scriptedProps]
	at, n int
	flags frames.Flags
}

type scriptedProps struct {
	Script string `prop:"script" doc:"What to give"`
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "testscript", LongName: "Script", Class: "Source", Description: "Gives frames as told, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(scripted) },
	})
}

func (s *scripted) Read(c *eiengine.Ctx) error {
	script := s.Load().Script
	if s.at == len(script) {
		return io.EOF
	}
	letter := script[s.at]
	s.at++
	switch letter {
	case '!':
		s.flags |= frames.Discont
		return nil
	case '#':
		s.flags |= frames.Header
		return nil
	case '?':
		return c.SendEvent(eiengine.CustomEvent{Name: "GstForceKeyUnit"})
	}
	if letter >= 'a' {
		s.flags |= frames.DeltaUnit
	}
	f := frames.NewFrame(c.OutFormat(0), frames.WrapMemory([]byte{letter}, nil))
	f.PTS, f.Duration, f.Flags = time.Duration(s.n)*time.Second, time.Second, s.flags
	s.n++
	s.flags = 0
	return c.Push(0, f)
}

func TestMultifilesinkCutsStreams(t *testing.T) {
	for _, tt := range []struct {
		props, script string
		want          []string
	}{
		{"", "AbC", []string{"A", "b", "C"}},
		{"next-file=discont", "!Ab!cd!!E", []string{"Ab", "cd", "E"}},
		{"next-file=key-frame min-keyframe-distance=0", "AbCdeF", []string{"Ab", "Cde", "F"}},
		{"next-file=key-frame min-keyframe-distance=3000000000", "AbCdeFGhIjK", []string{"AbCde", "F", "GhIj", "K"}},
		{"next-file=key-unit-event", "AbC?De?F", []string{"AbC", "De", "F"}},
		{"next-file=max-size max-file-size=3", "AbCdeFg", []string{"AbC", "deF", "g"}},
		{"next-file=max-duration max-file-duration=2000000000", "AbCde", []string{"Ab", "Cd", "e"}},
		{"next-file=max-duration max-file-duration=500000000", "AbC", []string{"A", "b", "C"}},
		{"next-file=max-size max-file-size=3", "#X#YAbC", []string{"XYA", "XYb", "XYC"}},
		{"aggregate-gops=true", "AbCdeF", []string{"Ab", "Cde", "F"}},
		{"aggregate-gops=true next-file=max-size max-file-size=5", "AbCdeFg", []string{"AbCde", "Fg"}},
		{"aggregate-gops=true next-file=max-size max-file-size=1", "Abc", []string{"Abc"}},
		{"next-file=max-size max-file-size=1 max-files=2", "AbCd", []string{"C", "d"}},
	} {
		dir := t.TempDir()
		graphtest.Run(t, "testscript script="+tt.script+" ! multifilesink location="+dir+"/%02d "+tt.props)
		var got []string
		for _, name := range list(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(data))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %s became %q, want %q", tt.props, tt.script, got, tt.want)
		}
	}
}

func TestMultifilesinkTellsOfEachPart(t *testing.T) {
	dir := t.TempDir()
	p := graphtest.Launch(t, "testscript script=AbCde ! multifilesink name=m post-messages=true next-file=max-size max-file-size=2 location="+dir+"/%d")
	sub := p.Bus().Subscribe(0, bus.TypeElement)
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	var told []FileWritten
	for _, w := range bus.Payloads[*FileWritten](graphtest.Context(t), sub) {
		told = append(told, *w)
	}
	if len(told) != 3 || told[1].Filename != dir+"/1" || told[1].Timestamp != 2*time.Second || told[1].Duration != 2*time.Second || told[2].Index != 2 {
		t.Errorf("told %+v", told)
	}
}
