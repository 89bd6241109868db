package keeper

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/infer/eim/internal/confine"
)

// warden is the state of a keeper.
type warden struct {
	spec    Spec
	began   time.Time
	dir     string
	cmd     *exec.Cmd
	watcher confine.Watcher

	mu      sync.Mutex
	control *os.File
	refused map[string]bool
	limit   string

	program atomic.Pointer[os.Process]
	ending  atomic.Bool
}

// mostRefusals is how many different refusals a keeper tells of.
const mostRefusals = 32

// keep is the whole life of a keeper. It is the program's main thread that runs
// it, during initialisation, so the parent-death signal of the child holds.
func keep() {
	w := &warden{began: time.Now(), control: os.NewFile(controlFD, "control"), refused: map[string]bool{}}
	unix.CloseOnExec(controlFD)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	lines := bufio.NewReader(w.control)
	line, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &w.spec) != nil {
		leave(2) // the engine is gone, or nobody that we know
	}
	go func() {
		<-signals
		w.end()
	}()
	go func() {
		// Nothing more is ever sent: this returns when the engine hangs up.
		_, _ = io.Copy(io.Discard, lines)
		w.end()
	}()
	if err := w.start(); err != nil {
		w.clean()
		w.say(failure(err))
		leave(1)
	}
	end := w.wait()
	w.clean()
	w.say(message{End: &end})
	leave(0)
}

// leave ends the process at once: what runs at the end of a program, such as
// that of the race detector, is for others.
func leave(status int) {
	for {
		_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(status), 0, 0)
	}
}

func failure(err error) message {
	m := message{Failed: err.Error()}
	errors.As(err, &m.Errno)
	return m
}

func (w *warden) say(m message) {
	b, err := json.Marshal(m)
	if err != nil {
		return // of strings and numbers: cannot be
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.control.Write(append(b, '\n')) // nobody listens if the engine is gone
}

// start makes the folder and executes the program.
func (w *warden) start() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("subreaper: %v", err)
	}
	if err := w.makeDir(); err != nil {
		return err
	}
	missing, err := w.execute()
	if err != nil {
		return err
	}
	if w.ending.Load() {
		w.end() // it was told to end before there was anything to end
	}
	if w.spec.Memory > 0 {
		go watchMemory(w.spec.Memory, w.running, w.overMemory)
	}
	w.say(message{PID: w.cmd.Process.Pid, Dir: w.dir, Missing: missing})
	return nil
}

func (w *warden) makeDir() error {
	var first error
	for _, dir := range w.spec.Dirs {
		err := os.Mkdir(dir, 0o700)
		if err == nil {
			w.dir = dir
			return holdDir(dir)
		}
		if first == nil {
			first = err
		}
	}
	return fmt.Errorf("no folder for its socket: %v", first)
}

// execute starts the program, through a shim if it is to be confined.
func (w *warden) execute() (missing []string, err error) {
	w.cmd = exec.Command(w.spec.Program, w.spec.Args...)
	w.cmd.Dir = w.dir
	w.cmd.Env = append(w.spec.Env, markOf(&w.spec))
	w.cmd.Stdout, w.cmd.Stderr = os.Stdout, os.Stderr
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if w.spec.Policy == nil {
		if err := w.cmd.Start(); err != nil {
			return nil, err
		}
		w.program.Store(w.cmd.Process)
		return nil, nil
	}
	ours, theirs, err := socketPair(unix.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	defer ours.Close()
	w.spec.Policy.Writable = append(w.spec.Policy.Writable, w.dir)
	order, err := json.Marshal(shimOrder{Program: w.spec.Program, Args: w.spec.Args, Policy: w.spec.Policy, Parent: os.Getpid()})
	if err != nil {
		return nil, err
	}
	w.cmd.Path, w.cmd.Err = "/proc/self/exe", nil
	w.cmd.Args = []string{shimName, string(order)}
	w.cmd.Env = append(w.cmd.Env, "TMPDIR="+w.dir) // it cannot write to another
	w.cmd.ExtraFiles = []*os.File{theirs}
	err = w.cmd.Start()
	theirs.Close()
	if err != nil {
		return nil, fmt.Errorf("the program that confines the model cannot be started: %v", err)
	}
	w.program.Store(w.cmd.Process)
	listener, missing, err := shimAnswer(ours)
	if err != nil {
		w.undo()
		return nil, err
	}
	if w.spec.Strict && len(missing) > 0 {
		w.undo()
		return nil, fmt.Errorf("it cannot be confined: %s", strings.Join(missing, "; "))
	}
	if listener >= 0 {
		w.watcher.Policy, w.watcher.Tell = w.spec.Policy, w.tell
		w.watcher.Count = func() int { return len(w.running()) - 1 }
		go w.watcher.Run(listener)
	}
	return missing, nil
}

// undo ends a program that must not run.
func (w *warden) undo() {
	w.end()
	w.reapAll()
}

// running are the processes under the keeper.
func (w *warden) running() []int {
	if w.spec.Policy != nil && w.spec.Policy.Native && w.spec.Policy.Processes == 0 {
		return []int{w.cmd.Process.Pid}
	}
	return below(os.Getpid())
}

func (w *warden) tell(what string) {
	w.mu.Lock()
	known := w.refused[what] || len(w.refused) >= mostRefusals
	w.refused[what] = true
	w.mu.Unlock()
	if !known {
		w.say(message{Refused: what})
	}
}

func (w *warden) overMemory(int64) {
	w.mu.Lock()
	w.limit = "memory limit of " + bytesText(w.spec.Memory)
	w.mu.Unlock()
	w.end()
}

// end kills the program; wait sees to the rest.
func (w *warden) end() {
	w.ending.Store(true)
	w.watcher.Ending.Store(true)
	if p := w.program.Load(); p != nil {
		_ = p.Kill() // it may have ended
	}
}

// wait reaps whatever ends until the program does, and ends what is left then.
func (w *warden) wait() End {
	pid := w.cmd.Process.Pid
	for {
		var status unix.WaitStatus
		got, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return End{Code: -1, Lost: "its exit status: " + err.Error()}
		case got != pid:
			continue
		}
		w.ending.Store(true)
		w.watcher.Ending.Store(true)
		w.reapAll()
		return w.ended(status)
	}
}

func (w *warden) ended(status unix.WaitStatus) End {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := End{Code: status.ExitStatus(), Limit: w.limit}
	if status.Signaled() {
		e.Signal = status.Signal()
	}
	if e.Signal == syscall.SIGXFSZ && w.spec.Policy != nil {
		e.Limit = "limit of " + bytesText(w.spec.Policy.FileBytes) + " for a file"
	}
	return e
}

// reapAll ends everything below, again and again: a program that forks without
// end may be quicker than one look.
func (w *warden) reapAll() {
	for {
		got, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
		if err != nil && err != unix.EINTR {
			return // no children: everything came back to us and is reaped
		}
		if got > 0 {
			continue
		}
		for _, pid := range below(os.Getpid()) {
			_ = unix.Kill(pid, unix.SIGKILL) // it may have ended
		}
		time.Sleep(time.Millisecond)
	}
}

// clean removes what the program left.
func (w *warden) clean() {
	removeLeftShared(w.began)
	if w.dir != "" {
		os.RemoveAll(w.dir)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func bytesText(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= unit.size {
			return strconv.FormatFloat(float64(n)/float64(unit.size), 'g', 3, 64) + " " + unit.name
		}
	}
	return itoa(int(n)) + " bytes"
}
