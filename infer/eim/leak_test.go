package eim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// counts are what must not grow.
type counts struct {
	fds, goroutines int
	tempDirs        string
}

func count(t *testing.T, tmp string) counts {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return counts{
		fds: len(fds), goroutines: runtime.NumGoroutine(),
		tempDirs: strings.Join(names(t, tmp+"/*"), " "),
	}
}

func TestOpenAndCloseLeaveNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	cycle := func() {
		m := openEcho(t, Options{}, "ECHO_OUTPUTS=1")
		if _, err := m.Classify(context.Background()); err != nil {
			t.Fatal(err)
		}
		if left := shmOf(t, m.PID()); left != "" {
			t.Fatalf("names of shared memory are still there while the model runs: %s", left)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	cycle()
	before := count(t, tmp)
	for range 200 {
		cycle()
	}
	after := count(t, tmp)
	// The runtime's own goroutines and its poller come and go by one or two.
	if after.fds > before.fds+2 || after.goroutines > before.goroutines+2 || after.tempDirs != "" {
		t.Errorf("before %+v, after 200 cycles %+v", before, after)
	}
}

// shmOf lists the names of shared memory that a process maps and that are not
// unlinked; other programs may have theirs.
func shmOf(t *testing.T, pid int) string {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	found := false
	for l := range strings.Lines(string(maps)) {
		if _, name, ok := strings.Cut(l, "/dev/shm/"); ok {
			found = true
			if !strings.HasSuffix(strings.TrimSpace(name), "(deleted)") {
				left = append(left, strings.TrimSpace(name))
			}
		}
	}
	if !found {
		t.Fatalf("process %d maps no shared memory", pid)
	}
	return strings.Join(left, " ")
}

func TestCloseDuringARequest(t *testing.T) {
	m, err := openScript(t, Options{Timeout: time.Minute}, "SCRIPT=late")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := m.Classify(context.Background())
		done <- err
	}()
	// Close may come before, in or after the request's start: all must end.
	began := time.Now()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || errors.Is(err, ErrTimeout) {
		t.Errorf("request ended with %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("close took %v", took)
	}
}

func TestWhatTheModelStartedEndsWithIt(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	m, err := openScript(t, Options{Limits: Limits{Processes: 1}}, "GRANDCHILD="+pidFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 3000); n != 1 {
		syscall.Kill(pid, syscall.SIGKILL)
		t.Errorf("process %d, started by the model, still lives (%v)", pid, err)
	}
}
