package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestFileSrc(t *testing.T) {
	data := make([]byte, 10000)
	for i := range data {
		data[i] = byte(i * 11)
	}
	path := write(t, "data", data)
	for _, tt := range []struct {
		props         string
		buffers, want int
	}{
		{"", 3, 10000}, {"blocksize=1", 10000, 10000}, {"blocksize=20000", 1, 10000},
		{"num-buffers=2", 2, 8192}, {"blocksize=-1", 3, 10000}, {"blocksize=5000", 2, 10000},
	} {
		g := mustRun(t, "filesrc location="+path+" "+tt.props)
		if len(g) != tt.buffers || !bytes.Equal(join(g), data[:tt.want]) {
			t.Errorf("%q: %d buffers, %d bytes", tt.props, len(g), len(join(g)))
		}
		if g[0].format != frames.Untyped {
			t.Errorf("format %s", g[0].format)
		}
	}
	if g := mustRun(t, "filesrc location="+write(t, "empty", nil)); len(g) != 0 {
		t.Errorf("an empty file gave %d buffers", len(g))
	}
}

func TestFileSrcErrors(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.png")
	failing(t, "filesrc location="+missing, "filesrc0", fmt.Sprintf("could not open file %q for reading", missing), "no such file", "location")
	failing(t, "filesrc location="+dir, "is a directory", dir, "location")
	failing(t, "filesrc", "no file name", "set location")
	_, _, err := run(t, "filesrc location="+missing)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	if os.Geteuid() == 0 {
		t.Log("no test of a file without permission: root may read all files")
		if err := openError("x", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}); !errors.Is(err, fs.ErrPermission) {
			t.Error(err)
		}
		return
	}
	path := write(t, "secret", []byte("x"))
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	failing(t, "filesrc location="+path, "permission denied", "right to read")
}

// A pipe that nobody writes to holds nothing up; one that is written to is read.
func TestFileSrcPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	// Opening both ways does not wait for a peer.
	w, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.WriteString("hello"); err != nil {
		t.Fatal(err)
	}
	p := graphtest.Launch(t, "filesrc location="+path+" ! collect name=out")
	ctx, cancel := context.WithTimeout(graphtest.Context(t), 15*time.Second)
	defer cancel()
	p.SetState(eiengine.Playing)
	if err := p.WaitState(ctx, eiengine.Playing); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.Element("out").(*collect).arrived:
	case <-ctx.Done():
		t.Fatal("what was written did not arrive")
	}
	begin := time.Now()
	if err := p.Stop(ctx); err != nil { // while Read waits for more
		t.Fatal(err)
	}
	if d := time.Since(begin); d > 10*time.Second {
		t.Errorf("stopping took %v", d)
	}
	if got := join(p.Element("out").(*collect).got); string(got) != "hello" {
		t.Errorf("read %q", got)
	}
}

func TestFilesrcLoops(t *testing.T) {
	file := write(t, "abc", []byte("abcdefg"))
	got := mustRun(t, "filesrc loop=true num-buffers=7 blocksize=3 location="+file)
	text := ""
	for i, g := range got {
		text += string(g.data) + "|"
		if g.seq != uint64(i) || (g.flags&frames.Discont != 0) != (i > 0 && g.data[0] == 'a') {
			t.Errorf("buffer %d is number %d with flags %b", i, g.seq, g.flags)
		}
	}
	if text != "abc|def|g|abc|def|g|abc|" {
		t.Errorf("%q", text)
	}
	if got := mustRun(t, "filesrc loop=true location="+write(t, "empty", nil)); len(got) != 0 {
		t.Errorf("an empty file gives %d buffers", len(got))
	}
}
