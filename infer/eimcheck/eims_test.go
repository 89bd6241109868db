package eimcheck_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/infer/eimcheck"
)

// Exports of Edge Impulse, old and new, follow the protocol: what fails here is the
// checker. They lie in the directory that EIMS names.
func TestRealModelsPass(t *testing.T) {
	dir := os.Getenv("EIMS")
	if dir == "" {
		t.Skip("skipped: EIMS names no directory with .eim files")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.eim"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no .eim files in %s (%v)", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := eimcheck.Run(t.Context(), file, eimcheck.Options{Requests: 5})
			for _, f := range r.Findings {
				if f.Status == eimcheck.Failed {
					t.Errorf("%s: %s", f.Check, f.Detail)
				}
			}
			if len(r.Findings) < 15 {
				t.Errorf("%d checks only", len(r.Findings))
			}
		})
	}
}
