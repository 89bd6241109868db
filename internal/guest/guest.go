package guest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Patience is the deadline of whatever is waited for.
const Patience = 5 * time.Minute

// Need skips a test anywhere but in the guest.
func Need(t testing.TB) {
	t.Helper()
	if os.Getenv("EIENGINE_GUEST") == "" {
		t.Skip("this test needs the emulated machine: make guest")
	}
}

// Context ends with the test, or when patience does.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), Patience)
	t.Cleanup(stop)
	return ctx
}

// Program is the path of a program that was built with the tests, such as eiengine.
func Program(name string) string {
	return filepath.Join(os.Getenv("EIENGINE_GUEST_PROGRAMS"), name)
}

// Vivid is the node of the first (0) or second (1) camera of the driver vivid.
func Vivid(t testing.TB, n int) string {
	t.Helper()
	return wait(t, "vivid-00"+string(rune('0'+n))+"-vid-cap", "")
}

// USBCamera is one that can be pulled out.
type USBCamera struct {
	t    testing.TB
	args []string
	cmd  *exec.Cmd
}

// PlugIn connects a USB camera; the test's end unplugs it. args are those of the
// command usbcam.
func PlugIn(t testing.TB, args ...string) *USBCamera {
	t.Helper()
	c := &USBCamera{t: t, args: args}
	t.Cleanup(c.Unplug)
	c.Replug()
	return c
}

// Replug connects it again, and returns once there is a node.
func (c *USBCamera) Replug() {
	c.t.Helper()
	c.cmd = exec.Command(Program("usbcam"), c.args...)
	c.cmd.Stdout, c.cmd.Stderr = os.Stdout, os.Stderr
	if err := c.cmd.Start(); err != nil {
		c.t.Fatalf("the guest has no usbcam: %v", err)
	}
	c.Node()
}

// Unplug pulls it out, and returns once the kernel has noticed.
func (c *USBCamera) Unplug() {
	if c.cmd == nil {
		return
	}
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait() // it was killed
	c.cmd = nil
}

// Stall stops the pictures, or lets them go on.
func (c *USBCamera) Stall() { c.signal(syscall.SIGUSR1) }

// Damage marks the next picture as damaged.
func (c *USBCamera) Damage() { c.signal(syscall.SIGUSR2) }

func (c *USBCamera) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// Node is where its pictures come from now.
func (c *USBCamera) Node() string { return wait(c.t, "webcam", "0") }

// wait gives the node whose name begins with prefix, once there is one. Of several on one
// device that of the index is meant.
func wait(t testing.TB, prefix, index string) string {
	t.Helper()
	ctx := Context(t)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		dirs, _ := filepath.Glob("/sys/class/video4linux/video*") // the pattern is right
		for _, dir := range dirs {
			node := "/dev/" + filepath.Base(dir)
			if !strings.HasPrefix(line(dir, "name"), prefix) || index != "" && line(dir, "index") != index {
				continue
			}
			if _, err := os.Stat(node); err == nil {
				return node
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("no camera %q has come", prefix)
		}
	}
}

func line(dir, name string) string {
	b, _ := os.ReadFile(filepath.Join(dir, name)) // gone, perhaps
	return strings.TrimSpace(string(b))
}

// Pause is the time between two looks at what is waited for. The error is that of ctx.
func Pause(ctx context.Context) error {
	select {
	case <-time.After(20 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Frames is how many frames a test of leaks takes: n, or GUEST_FRAMES for a soak.
func Frames(n int) int {
	if more, err := strconv.Atoi(os.Getenv("GUEST_FRAMES")); err == nil {
		return more
	}
	return n
}
