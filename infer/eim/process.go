package eim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// socketName is what the model gets as its argument: it runs in the directory
// of the socket, so that its own buffer for the path cannot overflow.
const socketName = "runner.sock"

// maxSocketPath is what fits sockaddr_un with its closing zero.
const maxSocketPath = 107

// strayGrace is how long output is read after the process ended, for the case
// that something which left its group still holds the pipe.
const strayGrace = 250 * time.Millisecond

// process is one run of a model: its directory, its group, what it printed and
// how it ended.
type process struct {
	path string
	dir  string
	pid  int
	out  *output

	// done is closed when the process is reaped and its output read to the end.
	done chan struct{}
	// Valid after done.
	code int
	sig  syscall.Signal

	mu     sync.Mutex
	reaped bool
}

// startProcess starts path with args and the socket's name.
func startProcess(path string, args, env []string, out *output) (*process, error) {
	dir, err := socketDir()
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	p := &process{path: path, dir: dir, out: out, done: make(chan struct{})}

	stdout, childOut, err := os.Pipe()
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	stderr, childErr, err := os.Pipe()
	if err != nil {
		stdout.Close()
		childOut.Close()
		os.RemoveAll(dir)
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	cmd := exec.Command(path, append(append([]string{}, args...), socketName)...)
	cmd.Dir = dir
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = childOut, childErr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}

	started := make(chan error)
	go p.run(cmd, started, stdout, stderr)
	err = <-started
	childOut.Close()
	childErr.Close()
	if err != nil {
		stdout.Close()
		stderr.Close()
		os.RemoveAll(dir)
		return nil, explainStart(path, err)
	}
	return p, nil
}

// run starts the process, waits for its end and reaps it, on one thread: the
// kernel sends the parent-death signal when the thread that forked ends.
func (p *process) run(cmd *exec.Cmd, started chan<- error, stdout, stderr *os.File) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err != nil {
		started <- err
		return
	}
	p.pid = cmd.Process.Pid

	var drains sync.WaitGroup
	drains.Go(func() { p.out.drain("stdout", stdout) })
	drains.Go(func() { p.out.drain("stderr", stderr) })
	started <- nil

	// Seen but not yet reaped: the number still names our group, so that what
	// is left of it can be killed without hitting a stranger.
	for {
		err = unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			break
		}
	}
	p.mu.Lock()
	syscall.Kill(-p.pid, syscall.SIGKILL) // fails if nobody else is left, as it should be
	cmd.Wait()                            // its error is the exit status, read below
	p.reaped = true
	p.mu.Unlock()

	p.code = -1
	// There is no state if somebody else in this program waits for all children.
	if st := cmd.ProcessState; st != nil {
		ws := st.Sys().(syscall.WaitStatus)
		p.code = ws.ExitStatus()
		if ws.Signaled() {
			p.sig = ws.Signal()
		}
	}
	limit := time.Now().Add(strayGrace)
	stdout.SetReadDeadline(limit)
	stderr.SetReadDeadline(limit)
	drains.Wait()
	stdout.Close()
	stderr.Close()
	close(p.done)
}

// kill ends the process and its group. Harmless after the end.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		syscall.Kill(-p.pid, syscall.SIGKILL)
	}
}

// end waits at most grace for the process to end by itself, then kills it, and
// removes its directory.
func (p *process) end(grace time.Duration) error {
	if grace > 0 {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-p.done:
		case <-t.C:
		}
	}
	p.kill()
	<-p.done
	return os.RemoveAll(p.dir)
}

func (p *process) socket() string { return filepath.Join(p.dir, socketName) }

// socketDir makes a directory in which the path of the socket is short enough.
func socketDir() (string, error) {
	var firstErr error
	for _, base := range []string{os.TempDir(), "/tmp", "/dev/shm"} {
		dir, err := os.MkdirTemp(base, "eim-")
		if err != nil {
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		if len(filepath.Join(dir, socketName)) <= maxSocketPath {
			return dir, nil
		}
		os.RemoveAll(dir)
	}
	if firstErr == nil {
		firstErr = fmt.Errorf("no directory with a path short enough for a socket (%d bytes); set TMPDIR to a short path", maxSocketPath)
	}
	return "", firstErr
}
