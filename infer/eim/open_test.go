package eim

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func writeFile(t *testing.T, data []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.eim")
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// foreignELF is the head of a program for another processor.
func foreignELF() []byte {
	b := make([]byte, 64)
	copy(b, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(b[16:], 2)  // executable
	binary.LittleEndian.PutUint16(b[18:], 22) // S/390
	binary.LittleEndian.PutUint32(b[20:], 1)
	binary.LittleEndian.PutUint16(b[52:], 64)
	binary.LittleEndian.PutUint16(b[54:], 56)
	binary.LittleEndian.PutUint16(b[58:], 64)
	return b
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	script := []byte("#!/bin/sh\necho no model here\nexit 7\n")
	cases := []struct {
		name, path string
		is         error
		says       []string
	}{
		{"no name", "", nil, []string{"no file given"}},
		{"missing", dir + "/none.eim", fs.ErrNotExist, []string{"none.eim", "no such file", "check the path"}},
		{"directory", dir, syscall.EISDIR, []string{dir, "directory"}},
		{"empty", writeFile(t, nil, 0o755), nil, []string{"empty"}},
		{"not executable", writeFile(t, script, 0o644), fs.ErrPermission, []string{"not executable", "chmod +x"}},
		{"text that is not executable", writeFile(t, []byte("just words\n"), 0o644), syscall.ENOEXEC, []string{"not a .eim model"}},
		{"text", writeFile(t, []byte("just words\n"), 0o755), syscall.ENOEXEC, []string{"not a .eim model"}},
		{"other processor", writeFile(t, foreignELF(), 0o755), syscall.ENOEXEC, []string{"EM_S390", "download the model for"}},
		{"no interpreter", writeFile(t, []byte("#!/no/such/shell\n"), 0o755), fs.ErrNotExist, []string{"first line"}},
		{"exits", writeFile(t, script, 0o755), nil, []string{"exited with status 7", "is it a .eim model?", `"no model here"`}},
		{"device", "/dev/null", nil, []string{"not a regular file"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			m, err := Open(context.Background(), c.path, Options{})
			if err == nil {
				m.Close()
				t.Fatal("opened")
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is not %v", err, c.is)
			}
			for _, part := range append(c.says, c.path) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if c.is != nil && strings.HasSuffix(err.Error(), ": "+c.is.Error()) {
				t.Errorf("error %q says it twice", err)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestOpenDoesNotChangeTheFile(t *testing.T) {
	path := writeFile(t, []byte("#!/bin/sh\n"), 0o644)
	if _, err := Open(context.Background(), path, Options{}); err == nil {
		t.Fatal("opened")
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o644 {
		t.Errorf("mode is %v, %v", st.Mode(), err)
	}
}

func TestStartFaults(t *testing.T) {
	cases := []struct {
		fault string
		limit time.Duration
		is    error
		says  []string
	}{
		{"exit at start", 0, nil, []string{"exited with status 3", "loading weights", "libtensor.so"}},
		{"hang at start", 300 * time.Millisecond, ErrTimeout, []string{"did not open its socket", "thinking"}},
		{"regular file", 300 * time.Millisecond, ErrTimeout, []string{"did not open its socket"}},
		{"hang at hello", 300 * time.Millisecond, ErrTimeout, []string{"no answer to hello"}},
		{"exit at hello", 0, nil, []string{"no answer to hello", "exited with status 4", "bad weights"}},
		{"refuse hello", 0, nil, []string{"hello refused", "licence expired"}},
		{"garbage hello", 0, nil, []string{"not understood", "HTTP/1.1"}},
		{"empty hello", 0, nil, []string{"input_features_count is 0"}},
	}
	for _, c := range cases {
		t.Run(c.fault, func(t *testing.T) {
			tmp := t.TempDir()
			t.Setenv("TMPDIR", tmp)
			_, err := openScript(t, Options{StartTimeout: c.limit}, "SCRIPT="+c.fault)
			// A busy machine may need longer to come as far as the fault.
			for limit := c.limit; c.limit > 0 && limit < time.Minute && !says(err, append(c.says, limit.String())); {
				limit *= 2
				_, err = openScript(t, Options{StartTimeout: limit}, "SCRIPT="+c.fault)
			}
			if err == nil {
				t.Fatal("opened")
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is not %v", err, c.is)
			}
			for _, part := range append(c.says, testProgram(t)) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if left := names(t, tmp+"/*"); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func says(err error, parts []string) bool {
	return err != nil && !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(err.Error(), part) })
}

func TestOpenCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := Open(ctx, testProgram(t), Options{Args: []string{roleScript}, Env: append(os.Environ(), "SCRIPT=hang at start")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestBadSharedMemoryOffer(t *testing.T) {
	m, err := openScript(t, Options{}, "SCRIPT=bad shm name")
	if err != nil {
		t.Fatal(err)
	}
	if m.SharedMemory() {
		t.Error("took it")
	}
	mustClassify(t, m)
	_, err = openScript(t, Options{SharedMemory: SharedMemoryAlways}, "SCRIPT=bad shm name")
	if err == nil || !strings.Contains(err.Error(), "is not valid") {
		t.Errorf("got %v", err)
	}
	_, err = openScript(t, Options{SharedMemory: "sometimes"})
	if err == nil || !strings.Contains(err.Error(), "expected auto, never or always") {
		t.Errorf("got %v", err)
	}
}

func TestLongTempDirStillGivesAShortSocket(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("d", 120))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	m, err := openScript(t, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	if left := names(t, long+"/*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestOutputGoesToTheLogInBoundedLines(t *testing.T) {
	var log syncBuffer
	l := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m, err := openScript(t, Options{Log: l}, "SCRIPT=flood")
	if err != nil {
		t.Fatal(err)
	}
	mustClassify(t, m)
	m.Close()
	if !strings.Contains(log.String(), "stream=stdout") {
		t.Errorf("no line of standard output in the log")
	}
	for line := range strings.Lines(log.String()) {
		if len(line) > maxLine+500 {
			t.Errorf("line of %d bytes", len(line))
		}
	}
}
