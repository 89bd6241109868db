package main

import "testing"

func TestKernelsAreCurrent(t *testing.T) {
	if old := files.Old("../.."); len(old) > 0 {
		t.Errorf("%v are old: run go generate ./frames/pcm", old)
	}
}
