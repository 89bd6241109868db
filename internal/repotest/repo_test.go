package repotest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is the import path of the root package.
const module = "github.com/eiengine/eiengine"

// root is where the repository lies, seen from this package.
var root = filepath.Join("..", "..")

// goPackage is what the go tool tells of a package.
type goPackage struct {
	Dir, ImportPath, Name string
	GoFiles               []string
	Deps                  []string
}

// short is the path below the root, "." for the root itself.
func (p goPackage) short() string {
	if p.ImportPath == module {
		return "."
	}
	return strings.TrimPrefix(p.ImportPath, module+"/")
}

// depends lists the packages of this module that it needs, directly or not.
func (p goPackage) depends() []string {
	var own []string
	for _, d := range p.Deps {
		if d == module {
			own = append(own, ".")
		} else if short, ok := strings.CutPrefix(d, module+"/"); ok {
			own = append(own, short)
		}
	}
	return own
}

var loadPackages = sync.OnceValues(func() ([]goPackage, error) {
	cmd := exec.Command("go", "list", "-json=Dir,ImportPath,Name,GoFiles,Deps", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []goPackage {
	t.Helper()
	all, err := loadPackages()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return all
}

// files lists what belongs to the repository, by paths below its root. Where
// there is no git it is everything but what is built.
func files(t *testing.T, suffix string) []string {
	t.Helper()
	all, err := tracked()
	if err != nil {
		if all, err = walked(); err != nil {
			t.Fatal(err)
		}
	}
	var list []string
	for _, f := range all {
		if info, err := os.Lstat(filepath.Join(root, f)); err == nil && info.Mode().IsRegular() && strings.HasSuffix(f, suffix) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		t.Fatalf("found no files that end with %q", suffix)
	}
	return list
}

func tracked() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-co", "--exclude-standard", "-z")
	cmd.Dir = root
	out, err := cmd.Output()
	return strings.Split(strings.TrimRight(string(out), "\x00"), "\x00"), err
}

func walked() (list []string, err error) {
	return list, fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path == ".git" || path == "bin" || path == "demo-out" || path == ".cache"):
			return fs.SkipDir
		case !d.IsDir():
			list = append(list, path)
		}
		return nil
	})
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
