package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestKernelsAreCurrent(t *testing.T) {
	for name := range files {
		committed, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(committed) != program(name) {
			t.Errorf("%s is old: run go generate ./frames/pixel", name)
		}
	}
}
