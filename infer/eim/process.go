package eim

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/eiengine/eiengine/infer/eim/internal/keeper"
)

// socketName is what the model gets as its argument: it runs in the directory
// of the socket, so that its own buffer for the path cannot overflow.
const socketName = "runner.sock"

// maxSocketPath is what fits sockaddr_un with its closing zero.
const maxSocketPath = 107

// strayGrace is how long output is read after the process ended, for the case
// that something which outlived its keeper still holds the pipe.
const strayGrace = 250 * time.Millisecond

// process is one run of a model: its keeper, its directory, what it printed and
// how it ended.
type process struct {
	path  string
	dir   string
	pid   int
	out   *output
	child *keeper.Child

	mu      sync.Mutex
	refused []string // what it tried and may not do, once each

	// done is closed when the process and all that it started are reaped and its
	// output is read to the end.
	done chan struct{}
	// Valid after done.
	end keeper.End
}

// startProcess starts path with the arguments of o and the socket's name.
func startProcess(path string, o *Options, out *output) (*process, error) {
	spec, err := o.spec(path)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	stdout, childOut, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	stderr, childErr, err := os.Pipe()
	if err != nil {
		stdout.Close()
		childOut.Close()
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	p := &process{path: path, out: out, done: make(chan struct{})}
	started := make(chan error)
	go p.run(spec, started, stdout, stderr, childOut, childErr, o)
	if err := <-started; err != nil {
		return nil, explainStart(path, err)
	}
	o.tellMissing(path, p.child.Missing)
	return p, nil
}

// run starts the keeper and waits for its end on one thread: the kernel sends
// the parent-death signal when the thread that forked ends.
func (p *process) run(spec *keeper.Spec, started chan<- error, stdout, stderr, childOut, childErr *os.File, o *Options) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer stdout.Close()
	defer stderr.Close()
	child, err := keeper.Start(spec, childOut, childErr)
	childOut.Close()
	childErr.Close()
	if err != nil {
		started <- err
		return
	}
	p.child, p.pid, p.dir = child, child.PID, child.Dir
	var drains sync.WaitGroup
	drains.Go(func() { p.out.drain("stdout", stdout) })
	drains.Go(func() { p.out.drain("stderr", stderr) })
	started <- nil
	p.end = child.Wait(func(what string) {
		p.mu.Lock()
		p.refused = append(p.refused, what)
		p.mu.Unlock()
		o.tellRefused(p.path, what)
	})
	limit := time.Now().Add(strayGrace)
	stdout.SetReadDeadline(limit)
	stderr.SetReadDeadline(limit)
	drains.Wait()
	close(p.done)
}

// refusals is what the process tried in vain so far.
func (p *process) refusals() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.refused)
}

// kill ends the process and all that it started. Harmless after the end.
func (p *process) kill() { p.child.Kill() }

// stop waits at most grace for the process to end by itself, then kills it. Its
// directory is gone after that.
func (p *process) stop(grace time.Duration) {
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
}

func (p *process) socket() string { return filepath.Join(p.dir, socketName) }

// socketDirs are names of directories in which the path of the socket is short
// enough, the best first.
func socketDirs() []string {
	var dirs []string
	for _, base := range []string{os.TempDir(), "/tmp", "/dev/shm"} {
		dir := keeper.NewDir(base)
		if len(filepath.Join(dir, socketName)) > maxSocketPath || slices.ContainsFunc(dirs, func(d string) bool { return filepath.Dir(d) == base }) {
			continue
		}
		sweepOnce(base)
		dirs = append(dirs, dir)
	}
	return dirs
}

var swept sync.Map // directories that were looked through

// sweepOnce removes what engines left that were killed with all their helpers.
func sweepOnce(base string) {
	if _, again := swept.LoadOrStore(base, true); !again {
		keeper.RemoveStale(base)
	}
}
