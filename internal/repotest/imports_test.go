package repotest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// leaves never import the root, so that programs without a graph can use them.
// A name that ends with / stands for everything below it too.
var leaves = []string{
	"frames", "frames/pixel", "frames/pcm", "bus", "capture/camera", "capture/fabric", "capture/mediadevices/", "capture/microphone", "capture/portaudio", "capture/scene", "capture/soundscape", "capture/testpattern", "capture/v4l2", "encode/codec/", "encode/mux/", "overlay/raster",
	"infer/backend", "infer/eim", "infer/eimserve", "infer/linuxsdk", "infer/models", "infer/onnx", "infer/internal/", "infer/builtin/", "hwaccel/", "ingest/spool",
}

func isLeaf(short string) bool {
	return slices.ContainsFunc(leaves, func(l string) bool {
		return short == strings.TrimSuffix(l, "/") || strings.HasSuffix(l, "/") && strings.HasPrefix(short, l)
	})
}

func TestLeavesDoNotImportTheRoot(t *testing.T) {
	for _, p := range packages(t) {
		if isLeaf(p.short()) && slices.Contains(p.depends(), ".") {
			t.Errorf("%s is a leaf but needs the root package: move what needs the graph to the package of the elements", p.short())
		}
	}
}

func TestRootImportsOnlyLeaves(t *testing.T) {
	for _, p := range packages(t) {
		if p.short() != "." {
			continue
		}
		for _, d := range p.depends() {
			if !isLeaf(d) {
				t.Errorf("the root package needs %s, which is no leaf", d)
			}
		}
	}
}

func TestFramesDoNotKnowTheBus(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.short(), "frames") && isLeaf(p.short()) && slices.Contains(p.depends(), "bus") {
			t.Errorf("%s needs bus: the bus imports frames, never the reverse", p.short())
		}
	}
}

// registers reports whether a file of the package registers elements.
func registers(t *testing.T, p goPackage) bool {
	t.Helper()
	return slices.ContainsFunc(p.GoFiles, func(f string) bool {
		b, err := os.ReadFile(filepath.Join(p.Dir, f))
		if err != nil {
			t.Fatal(err)
		}
		return registerCall.Match(stripComments(b))
	})
}

func TestFamiliesOfElementsDoNotImportEachOther(t *testing.T) {
	families := map[string][]string{}
	for _, p := range packages(t) {
		// Examples are programs, which may need several families.
		if p.Name != "main" && registers(t, p) {
			families[p.short()] = p.depends()
		}
	}
	if len(families) == 0 {
		t.Fatal("no package registers elements")
	}
	for name, needs := range families {
		for _, n := range needs {
			if _, ok := families[n]; ok {
				t.Errorf("%s needs %s: packages that register elements share only leaves", name, n)
			}
		}
	}
}

func TestAllHasEveryFamily(t *testing.T) {
	var all []string
	for _, p := range packages(t) {
		if p.short() == "all" {
			all = p.depends()
		}
	}
	for _, p := range packages(t) {
		if p.Name != "main" && registers(t, p) && !slices.Contains(all, p.short()) {
			t.Errorf("package all does not import %s: its elements are missing from the program", p.short())
		}
	}
}
