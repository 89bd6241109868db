package virtscreen

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"github.com/eiengine/eiengine/frames"
)

// Width and Height are the screen's, in pixels.
const (
	Width  = 800
	Height = 600
)

// Start starts an X server for the test, which DISPLAY names, and connects to it. The test is
// skipped where Xvfb is not installed.
func Start(t *testing.T) *xgb.Conn {
	t.Helper()
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("Xvfb is not installed (apt-get install xvfb): no X server to show on")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	x := exec.CommandContext(context.Background(), "Xvfb", "-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = x.Process.Kill()
		_ = x.Wait() // killed
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb does not start: ", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		for { // its goroutines have ended when there is nothing more to come
			if e, err := conn.WaitForEvent(); e == nil && err == nil {
				return
			}
		}
	})
	return conn
}

// Shot is what the whole screen shows.
func Shot(t *testing.T, conn *xgb.Conn) frames.Picture {
	t.Helper()
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	image, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, xproto.Drawable(root), 0, 0, Width, Height, 0xffffffff).Reply()
	if err != nil {
		t.Fatal(err)
	}
	info := frames.VideoInfo{Format: frames.BGRx, Width: Width, Height: Height}
	return info.Picture(image.Data, info.DefaultLayout())
}
