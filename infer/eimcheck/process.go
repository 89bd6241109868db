package eimcheck

import (
	"os/exec"
	"runtime"
	"syscall"
)

// begin starts a command, which the kernel kills when this process ends, in whatever
// way. end gives what its Wait says.
func begin(cmd *exec.Cmd) (end <-chan error, err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		// The parent that the kernel means is the thread: it stays until the end.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	return ended, <-started
}
