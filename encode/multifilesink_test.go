package encode

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
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
	p := launch(t, "testpictures num-buffers=3 ! pngenc ! multifilesink name=m post-messages=true index=8 location="+dir+"/p%03d.png")
	sub := p.Bus().Subscribe(0, bus.TypeElement)
	defer sub.Close()
	if err := p.Run(testContext(t)); err != nil {
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
	for m, w := range bus.Payloads[*FileWritten](testContext(t), sub) {
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
	run(t, "testbytes num-buffers=9 ! multifilesink max-files=3 location="+dir+"/%d")
	if got := list(t, dir); !slices.Equal(got, []string{"6", "7", "8"}) {
		t.Errorf("files %v, want the newest three", got)
	}
}

func TestMultifilesinkWithoutNumberReplaces(t *testing.T) {
	dir := t.TempDir()
	run(t, "testbytes num-buffers=9 ! multifilesink location="+dir+"/last")
	if got := read(t, dir+"/last"); got != "line 8\n" {
		t.Errorf("the file holds %q, want the last frame", got)
	}
}

func TestMultifilesinkTellsItsIndex(t *testing.T) {
	ctx := testContext(t)
	dir := t.TempDir()
	p := launch(t, "testbytes num-buffers=4 ! multifilesink name=m location="+dir+"/%d")
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
