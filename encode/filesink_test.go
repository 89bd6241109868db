package encode

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFilesinkWritesEverything(t *testing.T) {
	const three = "line 0\nline 1\nline 2\n"
	for _, settings := range []string{"", "buffer-mode=line", "buffer-mode=unbuffered", "buffer-size=3", "o-sync=true"} {
		name := filepath.Join(t.TempDir(), "out.txt")
		graphtest.Run(t, "testbytes num-buffers=3 ! filesink "+settings+" location="+name)
		if got := read(t, name); got != three {
			t.Errorf("%s: the file holds %q", settings, got)
		}
		graphtest.Run(t, "testbytes num-buffers=3 ! filesink append=true location="+name)
		if got := read(t, name); got != three+three {
			t.Errorf("append=true: the file holds %q", got)
		}
		graphtest.Run(t, "testbytes num-buffers=1 ! filesink location="+name)
		if got := read(t, name); got != "line 0\n" {
			t.Errorf("append=false: the file holds %q", got)
		}
	}
}

func TestFilesinkWritesWhatArrivedBeforeAStop(t *testing.T) {
	ctx := graphtest.Context(t)
	name := filepath.Join(t.TempDir(), "out.txt")
	p := graphtest.Launch(t, "testbytes ! filesink name=f location="+name)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	for written := uint64(0); written < 5; {
		for _, s := range p.Stats() {
			if s.Name == "f" {
				written = s.In
			}
		}
		if ctx.Err() != nil {
			t.Fatal("no frames came")
		}
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); !strings.HasPrefix(got, "line 0\nline 1\n") || !strings.HasSuffix(got, "\n") {
		t.Errorf("the file begins with %.40q", got)
	}
}

func TestFilesinkLineModeIsSeenAtOnce(t *testing.T) {
	ctx := graphtest.Context(t)
	name := filepath.Join(t.TempDir(), "out.txt")
	p := graphtest.Launch(t, "testbytes ! filesink buffer-mode=line sync=true location="+name)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for read(t, name) == "" {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("nothing was written while the pipeline played")
		}
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestFilesinkErrorsSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	wantFailure(t, "testbytes ! filesink", "location is not set")
	wantFailure(t, "testbytes ! filesink location="+dir, dir, "is a directory", "name of a file")
	wantFailure(t, "testbytes ! filesink location="+dir+"/no/such/file", "create the directory "+dir+"/no/such")
	if err := os.WriteFile(dir+"/file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, "testbytes ! filesink location="+dir+"/file/x", "a file, not a directory")
}

func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	wantFailure(t, "testbytes ! filesink location=/dev/full", "no space left", "make room")
	wantFailure(t, "testbytes num-buffers=2 ! filesink location=/dev/full", "no space left") // found when the buffer is emptied
	wantFailure(t, "testbytes ! multifilesink location=/dev/full", "no space left", "make room")
	err := graphtest.Launch(t, "testbytes ! filesink location=/dev/full").Run(graphtest.Context(t))
	var element *eiengine.ElementError
	if !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &element) || !strings.HasPrefix(element.Element, "filesink") {
		t.Errorf("err = %v, want an ENOSPC of filesink", err)
	}
}
