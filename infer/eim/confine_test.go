package eim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// misdeed tries something, in the model.
func misdeed(what string) error {
	switch what {
	case "tcp":
		return socket(unix.AF_INET, unix.SOCK_STREAM)
	case "udp":
		return socket(unix.AF_INET6, unix.SOCK_DGRAM)
	case "netlink":
		return socket(unix.AF_NETLINK, unix.SOCK_RAW)
	case "syslog":
		return socket(unix.AF_UNIX, unix.SOCK_DGRAM)
	case "connect":
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		if err != nil {
			return fmt.Errorf("not even a socket: %w", err)
		}
		return unix.Connect(fd, &unix.SockaddrUnix{Name: os.Getenv("OUTSIDE")})
	case "write":
		return os.WriteFile(os.Getenv("OUTSIDE"), []byte("x"), 0o600)
	case "write by a link":
		if err := os.Symlink(os.Getenv("OUTSIDE"), "link"); err != nil {
			return fmt.Errorf("not even a link: %w", err)
		}
		return os.WriteFile("link", []byte("x"), 0o600)
	case "remove":
		return os.Remove(os.Getenv("OUTSIDE"))
	case "cut":
		return os.Truncate(os.Getenv("OUTSIDE"), 0)
	case "chmod":
		return os.Chmod(os.Getenv("OUTSIDE"), 0o777)
	case "read":
		_, err := os.ReadFile(os.Getenv("OUTSIDE"))
		return err
	case "write at home":
		return errors.Join(os.WriteFile("here", []byte("x"), 0o600), os.WriteFile(os.TempDir()+"/there", []byte("x"), 0o600))
	case "fork":
		return exec.Command("/bin/true").Run()
	case "signal":
		return unix.Kill(os.Getppid(), syscall.SIGTERM)
	case "ptrace":
		return unix.PtraceAttach(os.Getppid())
	case "user namespace":
		_, err := syscall.ForkExec("/bin/true", []string{"true"}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}})
		return err
	case "io_uring":
		_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
		return errno
	case "privileges":
		if v, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); v != 1 {
			return fmt.Errorf("no_new_privs is %d (%v)", v, err)
		}
		return nil
	case "memory":
		var all [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
			_ = all
		}
	case "bomb":
		for range 8 {
			go func() {
				for {
					if c := exec.Command("sleep", "1000"); c.Start() == nil {
						go c.Wait()
					}
				}
			}()
		}
		select {}
	}
	return fmt.Errorf("nothing known by that name")
}

func socket(family, kind int) error {
	_, err := unix.Socket(family, kind, 0)
	return err
}

// needConfinement skips where this kernel lacks a part.
func needConfinement(t *testing.T) {
	t.Helper()
	for _, p := range Confinement() {
		if p.Lacks != "" {
			t.Skipf("skipped, since this kernel does not confine %s: %s", p.Name, p.Lacks)
		}
	}
}

// TestWhatAConfinedModelMayDo: what no model needs fails, is told once, and does
// no harm to the requests around it, which go by shared memory.
func TestWhatAConfinedModelMayDo(t *testing.T) {
	needConfinement(t)
	cases := []struct{ misdeed, answer, told string }{
		{"tcp", "permission denied", "a socket (IPv4)"},
		{"udp", "permission denied", "a socket (IPv6)"},
		{"netlink", "permission denied", "a socket (netlink)"},
		{"syslog", "permission denied", "a socket (Unix datagram)"},
		{"connect", "operation not permitted", "connecting a socket"},
		{"write", "permission denied", `writing "OUTSIDE"`},
		{"write by a link", "permission denied", `writing "OUTSIDE"`},
		{"remove", "permission denied", `removing "OUTSIDE"`},
		{"cut", "permission denied", `cutting "OUTSIDE"`},
		{"chmod", "operation not permitted", "changing the mode of a file"},
		{"fork", "resource temporarily unavailable", "starting a process"},
		{"signal", "operation not permitted", ""}, // Landlock refuses silently
		{"ptrace", "operation not permitted", "tracing another process"},
		{"user namespace", "operation not permitted", "another namespace"},
		{"io_uring", "operation not permitted", "io_uring"},
		{"read", "<nil>", ""},
		{"write at home", "<nil>", ""},
		{"privileges", "<nil>", ""},
	}
	for _, c := range cases {
		t.Run(c.misdeed, func(t *testing.T) {
			outside := filepath.Join(t.TempDir(), "outside")
			if err := os.WriteFile(outside, []byte("as it was"), 0o600); err != nil {
				t.Fatal(err)
			}
			var log syncBuffer
			hook, events := eventLog()
			m, err := openScript(t, Options{
				SharedMemory: SharedMemoryAlways, OnEvent: hook,
				Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			}, "MISDEED="+c.misdeed, "OUTSIDE="+outside)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				mustClassify(t, m)
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			if want := c.answer + `"`; !strings.Contains(log.String(), "tried "+c.misdeed) || !strings.Contains(log.String(), want) {
				t.Errorf("want the answer %q in the log:\n%s", c.answer, log.String())
			}
			told := strings.ReplaceAll(c.told, "OUTSIDE", outside)
			if got := refusals(events); got != told {
				t.Errorf("told of %q, want %q", got, told)
			}
			if b, err := os.ReadFile(outside); err != nil || string(b) != "as it was" {
				t.Errorf("the file outside holds %q (%v)", b, err)
			}
			if st, err := os.Stat(outside); err != nil || st.Mode().Perm() != 0o600 {
				t.Errorf("the mode of the file outside is %v (%v)", st.Mode(), err)
			}
		})
	}
}

// refusals joins what was told of.
func refusals(events <-chan Event) string {
	var all []string
	for {
		select {
		case e := <-events:
			var r *RefusedError
			if e.Kind == Refused && errors.As(e.Reason, &r) {
				all = append(all, r.What)
			}
		default:
			return strings.Join(all, ", ")
		}
	}
}

// TestModelThatAllocatesWithoutEnd is ended at its limit, says so, and starts anew.
func TestModelThatAllocatesWithoutEnd(t *testing.T) {
	m, err := openScript(t, Options{Limits: Limits{Memory: 400 << 20}, Timeout: time.Minute}, "MISDEED=memory")
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Classify(context.Background())
	var lost *LostError
	if !errors.As(err, &lost) || lost.Limit != "memory limit of 400 MiB" || !strings.Contains(err.Error(), "ended at its memory limit of 400 MiB") {
		t.Fatalf("got %v", err)
	}
}

// TestModelThatForksWithoutEnd: some processes are allowed, the rest is refused,
// and nothing is left of any.
func TestModelThatForksWithoutEnd(t *testing.T) {
	needConfinement(t)
	mark := newMark(t)
	hook, events := eventLog()
	m, err := openScript(t, Options{Limits: Limits{Processes: 5}, Timeout: time.Minute, OnEvent: hook}, "MISDEED=bomb", mark.env())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := m.Classify(ctx)
		done <- err
	}()
	e := wait(t, events, Refused)
	if !strings.Contains(e.Reason.Error(), "starting more than 5 processes") {
		t.Errorf("told %v", e.Reason)
	}
	// One may be counted between its start and the next.
	if n := len(mark.processes()); n > 8 {
		t.Errorf("%d processes", n)
	}
	cancel()
	<-done
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	mark.gone(t)
}

// TestModelThatWritesALargeFile is ended, and the error says by which limit.
func TestModelThatWritesALargeFile(t *testing.T) {
	path := writeFile(t, []byte("#!/bin/sh\nexec head -c 3000000 /dev/zero >large\n"), 0o755)
	_, err := Open(context.Background(), path, Options{Limits: Limits{File: 1 << 20}})
	if err == nil || !strings.Contains(err.Error(), "ended at its limit of 1 MiB for a file") {
		t.Errorf("got %v", err)
	}
}

// TestRefusalsAreInTheErrorOfAStart: it is the likely reason.
func TestRefusalsAreInTheErrorOfAStart(t *testing.T) {
	needConfinement(t)
	path := writeFile(t, []byte("#!/bin/sh\ntrue & wait\nexit 3\n"), 0o755)
	_, err := Open(context.Background(), path, Options{})
	if err == nil || !strings.Contains(err.Error(), "it is confined and was refused starting a process") {
		t.Errorf("got %v", err)
	}
}

func TestUnconfinedModelMayDoAnything(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	m, err := openScript(t, Options{Confine: ConfineOff}, "MISDEED=write", "OUTSIDE="+outside)
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	if _, err := os.Stat(outside); errors.Is(err, fs.ErrNotExist) {
		t.Error("it could not write")
	}
}

func TestWritableByTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(WritableVariable, dir)
	m, err := openScript(t, Options{}, "MISDEED=write", "OUTSIDE="+dir+"/outside")
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	if _, err := os.Stat(dir + "/outside"); err != nil {
		t.Error(err)
	}
	t.Setenv(WritableVariable, dir+"/none")
	if _, err := openScript(t, Options{}); err == nil || !strings.Contains(err.Error(), WritableVariable) {
		t.Errorf("got %v", err)
	}
}

func TestConfinementOptionsAreChecked(t *testing.T) {
	cases := []struct {
		o    Options
		says string
	}{
		{Options{Confine: "perhaps"}, "expected auto, on or off"},
		{Options{Writable: []string{"/none"}}, "no such file"},
		{Options{Writable: []string{"."}}, "absolute path"},
		{Options{Devices: []string{"dev/[a"}}, "syntax error"},
		{Options{Devices: []string{"nvidia0"}}, "absolute"},
		{Options{Keeper: "/none"}, "the keeper of the model cannot be started from /none"},
		{Options{Keeper: "/bin/true"}, "name a program that can keep models"},
	}
	for _, c := range cases {
		_, err := openScript(t, c.o)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.o, err, c.says)
		}
	}
}

// TestStrictConfinement works where nothing is lacking.
func TestStrictConfinement(t *testing.T) {
	needConfinement(t)
	m, err := openScript(t, Options{Confine: ConfineOn, SharedMemory: SharedMemoryAlways})
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
}

// marked processes are those with an entry in their environment.
type mark struct{ entry string }

func newMark(t *testing.T) mark {
	return mark{fmt.Sprintf("EIM_TEST_MARK=%d-%s", os.Getpid(), t.Name())}
}

func (k mark) env() string { return k.entry }

func (k mark) processes() []string {
	dirs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return nil
	}
	var found []string
	for _, d := range dirs {
		env, err := os.ReadFile(d)
		if err == nil && bytes.Contains(append(env, 0), append([]byte(k.entry), 0)) {
			found = append(found, strings.Split(d, "/")[2])
		}
	}
	return found
}

// gone waits until no such process is left.
func (k mark) gone(t *testing.T) {
	t.Helper()
	eventually(t, "processes", func() string { return strings.Join(k.processes(), " ") })
}

// eventually waits until there is nothing left.
func eventually(t *testing.T, what string, left func() string) {
	t.Helper()
	limit := time.After(30 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for left() != "" {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s are left: %s", what, left())
		}
	}
}
