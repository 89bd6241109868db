package portaudio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// closeGrace is how long a child may take to close its device before it is ended.
const closeGrace = 500 * time.Millisecond

// process is a child, as its parent sees it.
type process struct {
	cmd      *exec.Cmd
	down, up *os.File
	raw      syscall.RawConn // of up
	done     chan struct{}   // closed when it has ended
	end      error           // how, after done
}

// startProcess executes this program again as a child. What it prints goes to log.
func startProcess(log *slog.Logger) (*process, error) {
	var files [6]*os.File
	for i := 0; i < len(files); i += 2 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(files[:i])
			return nil, err
		}
		files[i], files[i+1] = r, w
	}
	p := &process{down: files[1], up: files[2], done: make(chan struct{})}
	var err error
	if p.raw, err = p.up.SyscallConn(); err != nil {
		closeAll(files[:])
		return nil, err
	}
	p.cmd = exec.Command("/proc/self/exe") // also if the file was replaced meanwhile
	p.cmd.Args = []string{childName}
	p.cmd.Stdout, p.cmd.Stderr = files[5], files[5]
	p.cmd.ExtraFiles = []*os.File{files[0], files[3]}
	// A session of its own: keys of the terminal mean this program.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go p.attend(started)
	err = <-started
	closeAll([]*os.File{files[0], files[3], files[5]})
	if err != nil {
		closeAll([]*os.File{files[1], files[2], files[4]})
		return nil, fmt.Errorf("the process that runs PortAudio cannot be started: %w", err)
	}
	go listen(files[4], log.With("pid", p.cmd.Process.Pid))
	return p, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close() // of pipes that nobody uses
	}
}

// attend starts the child and waits for its end on one thread: the kernel sends the
// parent-death signal when the thread that forked ends.
func (p *process) attend(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	p.end = p.cmd.Wait()
	close(p.done)
}

// longestLine is how much of a line that libraries print is kept.
const longestLine = 512

// listen logs what is printed, until everybody who could print has ended.
func listen(printed *os.File, log *slog.Logger) {
	defer printed.Close()
	lines := bufio.NewReaderSize(printed, longestLine)
	for {
		line, _, err := lines.ReadLine()
		if err != nil {
			return
		}
		if len(line) > 0 {
			log.Debug("PortAudio's process printed", "line", string(line))
		}
	}
}

// kill ends the child and returns when it has gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// hangUp tells the child to end, which has so long for it.
func (p *process) hangUp(grace time.Duration) {
	_ = p.down.Close() // a pipe: it cannot fail twice
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-p.done:
	case <-t.C:
		p.kill()
	}
	_ = p.up.Close()
}

// why says how the child ended, if the connection broke.
func (p *process) why(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, syscall.EPIPE) {
		return err
	}
	p.kill()
	if p.end == nil {
		return errors.New("the process that runs PortAudio has left")
	}
	return fmt.Errorf("the process that runs PortAudio has ended: %w", p.end)
}

// hold bounds how many bytes wait in a pipe, as near as pages go.
func hold(pipe *os.File, bytes int) {
	raw, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, max(bytes, os.Getpagesize())) // a larger one does no harm
	})
}
