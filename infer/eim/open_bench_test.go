package eim

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkOpen is the whole life of a model without requests. The echo model is
// this test program, which starts slowly; EIMS names real ones.
func BenchmarkOpen(b *testing.B) {
	programs := map[string]Options{testProgram(b): {Args: []string{roleEcho}}}
	if dir := os.Getenv("EIMS"); dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "kws*.eim"))
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range files {
			programs[f] = Options{}
		}
	}
	for program, o := range programs {
		b.Run(filepath.Base(program), func(b *testing.B) {
			for _, o.Confine = range []Confine{ConfineAuto, ConfineOff} {
				b.Run("confine="+string(o.Confine), func(b *testing.B) { openAndClose(b, program, o) })
			}
		})
	}
}

func openAndClose(b *testing.B, program string, o Options) {
	for b.Loop() {
		m, err := Open(context.Background(), program, o)
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
