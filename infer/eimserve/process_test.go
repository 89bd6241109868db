package eimserve

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// start runs the test binary as a model process and waits until its socket
// listens, which its output tells.
func start(t *testing.T, env ...string) (cmd *exec.Cmd, out *bufio.Reader, socket string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(t.TempDir(), "s")
	cmd = exec.Command(exe, "role=serve", socket)
	cmd.Env = append(os.Environ(), env...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() // ended already, as a rule
		cmd.Wait()
	})
	out = bufio.NewReader(pipe)
	waitLine(t, out, "Waiting for connection on "+socket+"...")
	return cmd, out, socket
}

func waitLine(t *testing.T, out *bufio.Reader, want string) {
	t.Helper()
	for {
		l, err := out.ReadString('\n')
		if err != nil {
			t.Fatalf("output ended before %q: %v", want, err)
		}
		if strings.TrimSpace(l) == want {
			return
		}
	}
}

func dial(t *testing.T, socket string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(30 * time.Second))
	return c, bufio.NewReader(c)
}

func ask(t *testing.T, c net.Conn, r *bufio.Reader, req string) string {
	t.Helper()
	if _, err := c.Write([]byte(req + "\n")); err != nil {
		t.Fatal(err)
	}
	line, err := r.ReadString(0)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// hello gives the file of the input tensor.
func hello(t *testing.T, c net.Conn, r *bufio.Reader) string {
	t.Helper()
	var h struct {
		Shm struct{ Name string } `json:"features_shm"`
	}
	line := ask(t, c, r, `{"hello":1,"id":1}`)
	if err := json.Unmarshal([]byte(strings.TrimRight(line, "\x00")), &h); err != nil || h.Shm.Name == "" {
		t.Fatalf("hello: %v in %q", err, line)
	}
	return shmDir + h.Shm.Name
}

func exitStatus(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

func mustBeGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", path, err)
	}
}

func TestClientThatHangsUpEndsTheProcess(t *testing.T) {
	for name, hangUp := range map[string]func(net.Conn) error{
		"close":      func(c net.Conn) error { return c.Close() },
		"half-close": func(c net.Conn) error { return c.(*net.UnixConn).CloseWrite() },
	} {
		t.Run(name, func(t *testing.T) {
			cmd, _, socket := start(t)
			c, r := dial(t, socket)
			shm := hello(t, c, r)
			if err := hangUp(c); err != nil {
				t.Fatal(err)
			}
			if code := exitStatus(t, cmd); code != 0 {
				t.Errorf("exit status %d", code)
			}
			mustBeGone(t, shm)
			if _, err := os.Stat(socket); err != nil {
				t.Errorf("the socket file should stay: %v", err)
			}
		})
	}
}

func TestSignals(t *testing.T) {
	for sig, want := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGINT: 130, syscall.SIGHUP: 129} {
		for _, hang := range []string{"", "1"} {
			t.Run(unix.SignalName(sig)+hang, func(t *testing.T) {
				cmd, out, socket := start(t, "HANG="+hang)
				c, r := dial(t, socket)
				shm := hello(t, c, r)
				if hang != "" {
					if _, err := c.Write([]byte(`{"id":2,"classify_shm":{"elements":4}}`)); err != nil {
						t.Fatal(err)
					}
					waitLine(t, out, "hanging")
				}
				began := time.Now()
				if err := cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				if code := exitStatus(t, cmd); code != want {
					t.Errorf("exit status %d, want %d", code, want)
				}
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("took %v", took)
				}
				mustBeGone(t, shm)
			})
		}
	}
}

func TestSecondClientIsNeverAnswered(t *testing.T) {
	cmd, _, socket := start(t)
	c, r := dial(t, socket)
	hello(t, c, r)
	second, r2 := dial(t, socket)
	if _, err := second.Write([]byte(helloLine)); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c, r, `{"id":2,"dance":1}`); !strings.Contains(got, "Failed to handle") {
		t.Errorf("first client got %q", got)
	}
	c.Close()
	if code := exitStatus(t, cmd); code != 0 {
		t.Errorf("exit status %d", code)
	}
	if line, err := r2.ReadString(0); err == nil {
		t.Errorf("second client got %q", line)
	}
}

func TestClientMayUnlinkTheSharedMemory(t *testing.T) {
	cmd, _, socket := start(t)
	c, r := dial(t, socket)
	shm := hello(t, c, r)
	f, err := os.OpenFile(shm, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Remove(shm); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{0, 0, 0, 0x3f}, 0); err != nil { // 0.5
		t.Fatal(err)
	}
	if got := ask(t, c, r, `{"id":2,"classify_shm":{"elements":4}}`); !strings.Contains(got, `"value":0.5,`) {
		t.Errorf("got %q", got)
	}
	c.Close()
	if code := exitStatus(t, cmd); code != 0 {
		t.Errorf("exit status %d", code)
	}
}

func TestArguments(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(stdin string, args ...string) (string, int) {
		cmd := exec.Command(exe, append([]string{"role=serve"}, args...)...)
		cmd.Stdin = strings.NewReader(stdin)
		out, err := cmd.Output()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, code := run(""); code != 1 || !strings.Contains(out, "Usage:") {
		t.Errorf("no argument: %d %q", code, out)
	}
	if out, code := run("", "--help"); code != 0 || !strings.HasPrefix(out, "Serves a model") {
		t.Errorf("--help: %d %q", code, out)
	}
	out, code := run("", "--print-info")
	_, info, _ := strings.Cut(out, "\n")
	if code != 0 || !json.Valid([]byte(info)) || !strings.Contains(info, "\n    \"model_parameters\": {") {
		t.Errorf("--print-info: %d %q", code, out)
	}
	out, code = run(helloLine+`{"id":2,"classify":[0,0,0,0]}`, "stdin")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || len(lines) != 3 || strings.Contains(out, "\x00") || !strings.Contains(lines[2], `"id":2`) {
		t.Errorf("stdin: %d %q", code, out)
	}
	if out, code := run("", filepath.Join(t.TempDir(), "no", "such", "dir")); code != 1 || !strings.Contains(out, "ERR: Failed to bind UNIX socket") {
		t.Errorf("bad path: %d %q", code, out)
	}
}

func TestServeReplacesWhatIsAtThePath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("enough")
	done := make(chan error, 1)
	r, w := net.Pipe()
	defer r.Close()
	go func() { done <- Serve(ctx, newFake(), []string{path}, w) }()
	out := bufio.NewReader(r)
	waitLine(t, out, "Waiting for connection on "+path+"...")
	c, in := dial(t, path)
	waitLine(t, out, "Connected")
	shm := hello(t, c, in)
	cancel(reason)
	if err := <-done; !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
	mustBeGone(t, shm)
}
