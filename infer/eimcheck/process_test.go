package eimcheck_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/eimcheck"
)

// checkerArg makes the test binary a program that checks a model of the kind that
// comes after it.
const checkerArg = "check"

// aliveFile names a pipe that models hold open which wait for ever.
const aliveFile = "EIMCHECK_TEST_ALIVE"

func check(fault string) int {
	exe, err := os.Executable()
	if err == nil {
		err = os.Setenv(model, fault)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	eimcheck.Run(context.Background(), exe, eimcheck.Options{})
	return 0
}

// waitForEver is what models from before February 2025 do with --print-info.
func waitForEver() int {
	f, err := os.OpenFile(os.Getenv(aliveFile), os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("+")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := syscall.Pause(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

// A model does not outlive a check that is killed.
func TestKilledCheckLeavesNoModel(t *testing.T) {
	for _, fault := range []string{"old", "mute"} {
		t.Run(fault, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "alive")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(exe, checkerArg, fault)
			cmd.Env = append(os.Environ(), aliveFile+"="+pipe, "GORACE=atexit_sleep_ms=0")
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			alive, err := os.Open(pipe)
			if err != nil {
				t.Fatal(err)
			}
			defer alive.Close()
			if _, err := io.ReadFull(alive, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // its error is the signal
			if err := alive.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := alive.Read(make([]byte, 1)); err != io.EOF {
				t.Fatalf("the model lives on: %v", err)
			}
		})
	}
}
