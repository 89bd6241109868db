package linuxsdk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eimserve"
)

// serveShapes in the environment makes the test binary the .eim of
// builtin:shapes.
const serveShapes = "LINUXSDK_TEST_SERVES_SHAPES"

func TestMain(m *testing.M) {
	if os.Getenv(serveShapes) != "" {
		model, err := builtin.Open("shapes")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(eimserve.Options{}.Main(model, os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

// shapesFile is a model file that both drivers can start by its path alone.
func shapesFile(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(serveShapes, "yes")
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	file := filepath.Join(t.TempDir(), "shapes.eim")
	if err := os.Symlink(exe, file); err != nil {
		t.Fatal(err)
	}
	return file
}
