package keeper

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a keeper may take to say that it has started a program,
// and to leave when it is told to.
const patience = 10 * time.Second

// Child is a program under a keeper.
type Child struct {
	// PID is the program's.
	PID int
	// Dir is its folder, which the keeper removes.
	Dir string
	// Missing is what the policy asks for and this kernel lacks.
	Missing []string

	spec    *Spec
	began   time.Time
	failed  bool     // and said so: there is nothing to sweep
	refused []string // before it was said to run
	cmd     *exec.Cmd
	control *os.File
	lines   *bufio.Reader

	mu       sync.Mutex
	told     bool // to end
	reaped   bool
	backstop *time.Timer
}

// Start runs the program. It must be called on a locked thread that lives as
// long as the program: the keeper is told by its end. The caller keeps stdout
// and stderr. An error of the system is in the chain if the program cannot be
// executed; nothing is left then.
func Start(spec *Spec, stdout, stderr *os.File) (*Child, error) {
	ours, theirs, err := socketPair(unix.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	c := &Child{spec: spec, began: time.Now(), control: ours, lines: bufio.NewReader(ours)}
	self := spec.Keeper
	if self == "" {
		self = "/proc/self/exe" // also if the file was replaced meanwhile
	}
	c.cmd = exec.Command(self)
	c.cmd.Args = []string{keeperName}
	c.cmd.Dir = "/"
	c.cmd.Stdout, c.cmd.Stderr = stdout, stderr
	c.cmd.ExtraFiles = []*os.File{theirs}
	// A session of its own: keys of the terminal mean the engine, and what the
	// keeper leaves if it is killed is known by its session.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
	if err := c.cmd.Start(); err != nil {
		ours.Close()
		return nil, fmt.Errorf("the keeper of the model cannot be started from %s: %w", self, errors.New(err.Error()))
	}
	theirs.Close()
	if err := c.begin(); err != nil {
		c.Kill()
		c.Wait(nil)
		return nil, err
	}
	return c, nil
}

// begin hands the spec over and waits for the word that the program runs.
func (c *Child) begin() error {
	limit := time.Now().Add(patience)
	if err := c.control.SetDeadline(limit); err != nil {
		return err
	}
	b, err := json.Marshal(c.spec)
	if err != nil {
		return err
	}
	if _, err := c.control.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("the keeper of the model ended at once; name a program that can keep models: %w", err)
	}
	m, err := c.next()
	for err == nil && m.Refused != "" { // the program may be quicker than the word of its start
		c.refused = append(c.refused, m.Refused)
		m, err = c.next()
	}
	c.failed = m.Failed != ""
	switch {
	case err != nil:
		return fmt.Errorf("the keeper of the model says nothing; name a program that can keep models: %w", err)
	case m.Errno != 0:
		return m.Errno
	case m.Failed != "":
		return errors.New(m.Failed)
	case m.PID == 0:
		return errors.New("the keeper of the model is of another version; start the program again")
	}
	c.PID, c.Dir, c.Missing = m.PID, m.Dir, m.Missing
	return c.control.SetDeadline(time.Time{})
}

func (c *Child) next() (message, error) {
	var m message
	line, err := c.lines.ReadBytes('\n')
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(line, &m)
}

// Kill ends the program and everything below it. Harmless after the end.
func (c *Child) Kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told || c.reaped {
		return
	}
	c.told = true
	if raw, err := c.control.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_WR) })
	}
	// Not even a stopped keeper holds the engine up.
	c.backstop = time.AfterFunc(patience, func() { _ = c.cmd.Process.Kill() })
}

// Wait returns when the program and everything below it is gone, and calls tell
// with what the program is refused until then. Once, on the thread of Start.
func (c *Child) Wait(tell func(what string)) End {
	var end *End
	for _, what := range c.refused {
		if tell != nil {
			tell(what)
		}
	}
	for {
		m, err := c.next()
		if err != nil {
			break
		}
		if m.Refused != "" && tell != nil {
			tell(m.Refused)
		}
		if m.End != nil {
			end = m.End
		}
	}
	// Seen but not yet reaped: its number still names the session.
	for unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	if end == nil && !c.failed {
		c.sweep()
	}
	c.mu.Lock()
	err := c.cmd.Wait()
	c.reaped = true
	if c.backstop != nil {
		c.backstop.Stop()
	}
	c.mu.Unlock()
	c.control.Close()
	if end == nil {
		end = &End{Code: -1, Lost: fmt.Sprintf("its keeper ended: %v", err)}
	}
	return *end
}

// sweep does what the keeper did not live to do.
func (c *Child) sweep() {
	session, mark := c.cmd.Process.Pid, []byte(markOf(c.spec))
	for range 100 {
		left := processes(func(p stat) bool {
			return p.session == session && p.pid != session && p.state != 'Z' || marked(p.pid, mark)
		})
		if len(left) == 0 {
			break
		}
		for _, p := range left {
			_ = unix.Kill(p.pid, unix.SIGKILL) // it may have ended
		}
		time.Sleep(time.Millisecond)
	}
	removeLeftShared(c.began)
	for _, dir := range c.spec.Dirs {
		os.RemoveAll(dir)
	}
}

// markOf is an entry of the environment that no other program has: the name of
// the folder is random.
func markOf(s *Spec) string { return "EIENGINE_MODEL=" + s.Dirs[0] }

func marked(pid int, mark []byte) bool {
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return err == nil && bytes.Contains(append(env, 0), append(mark, 0)) && pid != os.Getpid()
}

func socketPair(kind int) (a, b *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socket pair: %w", err)
	}
	// Ours is polled, so that its deadlines and Close work.
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, nil, err
	}
	return os.NewFile(uintptr(fds[0]), "control"), os.NewFile(uintptr(fds[1]), "control"), nil
}
