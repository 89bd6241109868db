package eimcheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Options says how to check. The zero value is right for most.
type Options struct {
	// Wait bounds each step: the start, one answer, the end; default 10 s.
	Wait time.Duration
	// Requests is how many requests measure the speed, each way; default 50.
	Requests int
	// OnFinding is told of each finding as it is made; nil is fine.
	OnFinding func(Finding)
}

func (o Options) withDefaults() Options {
	if o.Wait <= 0 {
		o.Wait = 10 * time.Second
	}
	if o.Requests <= 0 {
		o.Requests = 50
	}
	if o.OnFinding == nil {
		o.OnFinding = func(Finding) {}
	}
	return o
}

// checker is one run over a file.
type checker struct {
	Options
	path   string
	report *Report
	c      *client
	hello  *hello
	shm    *sharedMemory // nil if the model offers none that works
}

// Run checks the model file at path. What is wrong with it stands in the
// report; when ctx ends, so does the report.
func Run(ctx context.Context, path string, o Options) *Report {
	k := &checker{Options: o.withDefaults(), path: path, report: &Report{File: path}}
	if abs, err := filepath.Abs(path); err == nil {
		k.path = abs
	}
	if !k.file() {
		return k.report
	}
	k.printInfo(ctx)
	if k.begin(ctx) {
		k.dialogue(ctx)
		k.hangUp()
	}
	if ctx.Err() == nil && k.hello != nil {
		k.terminate(ctx)
	}
	return k.report
}

func (k *checker) found(s Status, check, format string, args ...any) {
	f := Finding{Check: check, Status: s, Detail: fmt.Sprintf(format, args...)}
	k.report.Findings = append(k.report.Findings, f)
	k.OnFinding(f)
}

// judge notes a failure, or that all is well.
func (k *checker) judge(check string, err error, format string, args ...any) bool {
	if err != nil {
		k.found(Failed, check, "%v", err)
		return false
	}
	k.found(OK, check, format, args...)
	return true
}

func (k *checker) file() bool {
	info, err := os.Stat(k.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errors.New("there is no such file")
	case err == nil && !info.Mode().IsRegular():
		err = errors.New("it is no regular file")
	case err == nil && info.Mode()&0o111 == 0:
		err = fmt.Errorf("it is not executable: chmod +x %s", k.report.File)
	}
	return k.judge("is an executable file", err, "%s", sizeOf(info))
}

func sizeOf(info os.FileInfo) string {
	if info == nil {
		return ""
	}
	return fmt.Sprintf("%d bytes", info.Size())
}

// printInfo asks for the description without serving. Models from before 2025
// take the option for the name of a socket and wait for ever.
func (k *checker) printInfo(ctx context.Context) {
	const check = "describes itself with --print-info"
	dir, err := os.MkdirTemp("", "eimcheck-")
	if err != nil {
		k.found(Failed, check, "%v", err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, min(k.Wait, 3*time.Second))
	defer cancel()
	cmd := exec.CommandContext(ctx, k.path, "--print-info")
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	var printed bytes.Buffer
	cmd.Stdout = &printed
	end, err := begin(cmd)
	if err == nil {
		err = <-end
	}
	out := printed.Bytes()
	switch {
	case ctx.Err() != nil:
		k.found(Warning, check, "it does not end: models from before February 2025 do not know the option")
	case err != nil:
		k.found(Warning, check, "%v: %s", err, oneLine(out))
	default:
		h, err := parseHello(jsonPart(out))
		if err != nil {
			k.found(Warning, check, "what it prints is no description: %v", err)
			return
		}
		k.found(OK, check, "%s, %s", h.Project.Name, h.Parameters.Type)
	}
}

func (k *checker) begin(ctx context.Context) bool {
	began := time.Now()
	var err error
	if k.c, err = start(ctx, k.path, k.Wait); err != nil {
		return k.judge("starts and listens", err, "")
	}
	k.found(OK, "starts and listens", "after %v", time.Since(began).Round(100*time.Microsecond))
	return true
}

// hangUp ends the conversation as a runner does.
func (k *checker) hangUp() {
	const check = "ends when its client hangs up"
	err := k.c.hangUp()
	switch {
	case err != nil:
		k.found(Failed, check, "%v", err)
	case k.c.err != nil:
		k.found(Warning, check, "with %v, where exit status 0 is usual", k.c.cmd.ProcessState)
	default:
		k.found(OK, check, "with exit status 0")
	}
	if err := k.c.kill(); err != nil {
		k.found(Warning, check, "%v", err)
	}
	if k.shm == nil {
		return
	}
	if err := k.shm.close(); err != nil {
		k.found(Warning, check, "%v", err)
	}
	k.nothingLeft("leaves no shared memory when hung up on", k.shm)
}

func (k *checker) nothingLeft(check string, m *sharedMemory) {
	if _, err := os.Stat(m.file()); err == nil {
		k.found(Warning, check, "%s stays; runners that unlink it once they have mapped it do not mind", m.file())
		if err := os.Remove(m.file()); err != nil {
			k.found(Warning, check, "%v", err)
		}
		return
	}
	k.found(OK, check, "")
}

// terminate starts the model once more and ends it by a signal.
func (k *checker) terminate(ctx context.Context) {
	const check = "ends on SIGTERM"
	c, err := start(ctx, k.path, k.Wait)
	if err != nil {
		k.found(Failed, "starts a second time", "%v", err)
		return
	}
	defer func() {
		if err := c.kill(); err != nil {
			k.found(Warning, check, "%v", err)
		}
	}()
	a, err := c.ask(`"hello":1`)
	if err != nil {
		k.found(Failed, "starts a second time", "%v", err)
		return
	}
	h, err := parseHello(a.line)
	if err != nil {
		k.found(Failed, "starts a second time", "%v", err)
		return
	}
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		k.found(Failed, check, "%v", err)
		return
	}
	if !k.judge(check, c.awaitEnd(), "") {
		return
	}
	if m := h.Input; m != nil && k.shm != nil {
		k.nothingLeft("leaves no shared memory after SIGTERM", m)
	}
}
