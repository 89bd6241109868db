package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if name := carriedModel(); name != "" { // export wrote a copy of this program
		os.Exit(beModel(name, os.Args[1:], os.Stderr))
	}
	testscript.Main(m, map[string]func(){"eiengine": main})
}

// Scripts see $PHOTOS, the folder of test photographs, three commands more than
// usual: fails, appears and head, and the condition bash-completion.
func TestScripts(t *testing.T) {
	photos, err := filepath.Abs(filepath.Join("..", "..", "testdata", "photos"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PHOTOS", photos)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "bash-completion" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			_, err := os.Stat("/usr/share/bash-completion/bash_completion")
			return err == nil, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"fails": fails, "appears": appears, "head": head,
		},
	})
}

// patience is how soon a mistake has to be told. Under the race detector the
// program itself starts slowly; on a busy machine everything does.
const patience = 3 * time.Second * raceFactor

// fails STATUS ARGS... runs eiengine, which must end with that status within
// patience, having said on one line what is wrong.
func fails(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	began := time.Now()
	err = ts.Exec("eiengine", args[1:]...)
	took := time.Since(began)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("eiengine ended with %v, want exit status %d", err, want)
	}
	if took > patience {
		ts.Fatalf("it took %v to say so", took)
	}
	if text := strings.TrimSpace(ts.ReadFile("stderr")); text == "" || strings.Contains(text, "\n") {
		ts.Fatalf("want one line on standard error, have:\n%s", text)
	}
}

// appears FILE waits for a file.
func appears(ts *testscript.TestScript, _ bool, args []string) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			ts.Fatalf("%s did not appear", args[0])
		}
	}
}

// head BYTES FROM TO copies the beginning of a file.
func head(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b[:min(n, len(b))], 0o644))
}
