package repotest

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const maxLines = 500

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFilesStayShort(t *testing.T) {
	for _, f := range files(t, ".go") {
		text := read(t, f)
		if n := strings.Count(text, "\n"); n > maxLines && !generated.MatchString(text) {
			t.Errorf("%s has %d lines, more than %d: take a concept out into a file of its own", f, n, maxLines)
		}
	}
}

func TestPackagesExplainThemselves(t *testing.T) {
	const want = 3
	for _, p := range packages(t) {
		best := 0
		for _, f := range p.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if parsed.Doc != nil {
				best = max(best, strings.Count(strings.TrimSpace(parsed.Doc.Text()), "\n")+1)
			}
		}
		if best < want && len(p.GoFiles) > 0 {
			t.Errorf("the package comment of %s has %d lines: write a doc.go that says what it is for and how it is used", p.short(), best)
		}
	}
}

// machinePath finds absolute paths that exist only on somebody's machine.
var machinePath = regexp.MustCompile(`(^|[^\w.~/-])/(work|home|root)/[\w.-]+`)

func TestNoPathsOfAMachine(t *testing.T) {
	for _, f := range files(t, "") {
		b, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
			continue // not text
		}
		if m := machinePath.Find(b); m != nil {
			t.Errorf("%s names %q, a path of one machine: use a relative one", f, strings.TrimSpace(string(m)))
		}
	}
}

var registerCall = regexp.MustCompile(`\beiengine\.Register\(`)

func TestOneElementOneFileOneTest(t *testing.T) {
	for _, p := range packages(t) {
		if p.Name == "main" {
			continue
		}
		for _, f := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			n := len(registerCall.FindAll(stripComments(b), -1))
			if n > 1 {
				t.Errorf("%s/%s registers %d elements: give each a file of its own", p.short(), f, n)
			}
			if n == 0 {
				continue
			}
			test := strings.TrimSuffix(f, ".go") + "_test.go"
			if _, err := os.Stat(filepath.Join(p.Dir, test)); err != nil {
				t.Errorf("%s/%s registers an element and has no %s", p.short(), f, test)
			}
		}
	}
}

var lineComment = regexp.MustCompile(`(?m)^\s*//.*$`)

func stripComments(b []byte) []byte { return lineComment.ReplaceAll(b, nil) }
