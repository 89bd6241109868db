package eimcheck

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// client is a model process and the one connection that it takes.
type client struct {
	cmd  *exec.Cmd
	dir  string
	conn net.Conn
	r    *bufio.Reader
	id   int
	out  *printed
	wait time.Duration // for an answer

	ended chan struct{} // closed when the process has ended
	err   error         // of its end
}

// printed counts what a process prints and keeps the beginning.
type printed struct {
	mu   sync.Mutex
	head bytes.Buffer
	n    int
}

const keptOutput = 1 << 10

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += len(b)
	p.head.Write(b[:min(len(b), keptOutput-p.head.Len())])
	return len(b), nil
}

func (p *printed) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

func (p *printed) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return oneLine(p.head.Bytes())
}

// oneLine shortens what a model printed or answered.
func oneLine(b []byte) string {
	b = bytes.Join(bytes.Fields(bytes.Trim(b, "\x00")), []byte(" "))
	if len(b) > 200 {
		b = append(b[:200:200], "…"...)
	}
	return string(b)
}

// start starts the model and connects.
func start(ctx context.Context, path string, wait time.Duration) (*client, error) {
	dir, err := os.MkdirTemp("", "eimcheck-")
	if err != nil {
		return nil, err
	}
	c := &client{dir: dir, out: &printed{}, wait: wait, ended: make(chan struct{})}
	c.cmd = exec.Command(path, "s")
	c.cmd.Dir = dir
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.out
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.cmd.WaitDelay = time.Second // for what it started and left behind
	end, err := begin(c.cmd)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	go func() {
		c.err = <-end
		close(c.ended)
	}()
	if err := c.connect(ctx); err != nil {
		return nil, errors.Join(err, c.kill())
	}
	return c, nil
}

// connect tries until the socket is there and listens.
func (c *client) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.wait)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("unix", filepath.Join(c.dir, "s"))
		if err == nil {
			c.conn, c.r = conn, bufio.NewReader(conn)
			return nil
		}
		select {
		case <-c.ended:
			return fmt.Errorf("it ended (%v) before it made its socket; it printed %q", c.cmd.ProcessState, c.out.text())
		case <-ctx.Done():
			return fmt.Errorf("it made no socket within %v; it printed %q", c.wait, c.out.text())
		case <-tick.C:
		}
	}
}

// answer is one reply: its fields, and the line itself.
type answer struct {
	fields map[string]json.RawMessage
	line   []byte
}

func (a *answer) ok() bool { return string(a.fields["success"]) == "true" }

// ask sends a request, given without its id, and reads one reply.
func (c *client) ask(body string) (*answer, error) {
	c.id++
	if err := c.conn.SetDeadline(time.Now().Add(c.wait)); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(c.conn, "{\"id\":%d,%s}\n", c.id, body); err != nil {
		return nil, fmt.Errorf("the request could not be sent: %w", err)
	}
	line, err := c.r.ReadBytes(0)
	if err != nil {
		return nil, fmt.Errorf("no answer that ends with a zero byte (%w after %v at most); it said %q", err, c.wait, oneLine(line))
	}
	line = bytes.TrimSpace(bytes.TrimRight(line, "\x00"))
	a := &answer{line: line}
	if err := json.Unmarshal(line, &a.fields); err != nil {
		return nil, fmt.Errorf("the answer is no JSON object: %w: %q", err, oneLine(line))
	}
	if id, ok := a.fields["id"]; ok && string(id) != fmt.Sprint(c.id) {
		return nil, fmt.Errorf("the answer has the id %s, the request had %d", id, c.id)
	}
	return a, nil
}

// hangUp closes the connection and waits for the process to end.
func (c *client) hangUp() error {
	if err := c.conn.Close(); err != nil {
		return err
	}
	return c.awaitEnd()
}

var errStillRuns = errors.New("it goes on running")

func (c *client) awaitEnd() error {
	timer := time.NewTimer(c.wait)
	defer timer.Stop()
	select {
	case <-c.ended:
		return nil
	case <-timer.C:
		return fmt.Errorf("%w %v later", errStillRuns, c.wait)
	}
}

// kill ends the process and its group in any case and removes its folder.
func (c *client) kill() error {
	if c.conn != nil {
		_ = c.conn.Close() // a second time, as a rule, which is an error
	}
	// The group is gone if all of it has ended.
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	<-c.ended
	return os.RemoveAll(c.dir)
}
