package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
)

// numbered writes files a0, a1 … whose content is their index.
func numbered(t *testing.T, indices ...int) string {
	t.Helper()
	dir := t.TempDir()
	for _, i := range indices {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("a%d", i)), fmt.Appendf(nil, "%d", i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "a%d")
}

func TestMultifilesrcOrder(t *testing.T) {
	location := numbered(t, 0, 1, 2, 3)
	for _, tt := range []struct{ props, want string }{
		{"", "0123"}, {"index=2", "23"}, {"start-index=1", "123"}, {"stop-index=1", "01"},
		{"start-index=1 stop-index=2 loop=true num-buffers=5", "12121"},
		{"loop=true num-buffers=6", "012301"}, {"index=3 start-index=2 loop=true num-buffers=4", "3232"},
	} {
		got := ""
		for _, g := range mustRun(t, "multifilesrc location="+location+" "+tt.props) {
			got += string(g.data)
		}
		if got != tt.want {
			t.Errorf("%s reads %q, want %q", tt.props, got, tt.want)
		}
	}
	one := numbered(t, 7)
	one = one[:len(one)-2] + "7"
	if g := mustRun(t, "multifilesrc num-buffers=3 location="+one); len(g) != 3 {
		t.Errorf("one file was read %d times, want 3", len(g))
	}
	// The index can be read, and a second run begins anew.
	p := graphtest.Launch(t, "multifilesrc name=m location="+location+" ! collect name=out")
	for range 2 {
		if err := p.Run(graphtest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.Element("out").(*collect).got); n != 8 {
		t.Errorf("two runs gave %d frames", n)
	}
}

func TestMultifilesrcPictures(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.png", i)), smallPNG(t, uint8(i)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range []string{
		`multifilesrc location=` + dir + `/%03d.png caps="image/png,framerate=10/1" ! pngdec`,
		`multifilesrc location=` + dir + `/%03d.png ! decodebin`,
	} {
		g := mustRun(t, line)
		if len(g) != 3 || !g[0].format.IsVideo() {
			t.Fatalf("%s gives %d pictures", line, len(g))
		}
	}
	g := mustRun(t, `multifilesrc location=`+dir+`/%03d.png caps="image/png,framerate=10/1" ! pngdec`)
	if g[2].pts != 200*time.Millisecond || g[2].duration != 100*time.Millisecond {
		t.Errorf("the third picture is at %v for %v", g[2].pts, g[2].duration)
	}
}

func TestMultifilesrcRawVideo(t *testing.T) {
	location := numbered(t, 0)
	failing(t, `multifilesrc location=`+location+` caps="video/x-raw,format=RGB,width=2,height=2,framerate=5/1"`, "has 1 bytes", "16", "caps")
	for i := range 2 {
		if err := os.WriteFile(fmt.Sprintf(location, i), make([]byte, 16), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g := mustRun(t, `multifilesrc location=`+location+` caps="video/x-raw,format=RGB,width=2,height=2,framerate=5/1"`)
	if len(g) != 2 || g[1].pts != 200*time.Millisecond || g[1].picture.Width != 2 {
		t.Errorf("%d frames", len(g))
	}
}

func TestMultifilesrcMistakes(t *testing.T) {
	location := numbered(t, 0)
	failing(t, "multifilesrc location="+location+"x", "could not open file", "a0x", "location")
	failing(t, "multifilesrc location=%s", "not a number")
	failing(t, "multifilesrc start-index=3 stop-index=2 location="+location, "stop-index 2", "3")
	failing(t, `multifilesrc location=`+location+` caps="image/png,width=[1,5]"`, "exactly what the files hold")
	failing(t, "multifilesrc location="+t.TempDir(), "regular file")
	failing(t, "multifilesrc location="+write(t, "empty", nil), "0 bytes")
}
