package eiengine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

// TestFileBuild gives for each pipeline what is said when it is built.
func TestFileBuild(t *testing.T) {
	const text = `pipelines:
  good: {launch: counter ! buffer ! collect}
  kind:
    elements:
      - countr
      - collect
  property:
    launch: |
      counter !
      pass nosuch=1 ! collect
  value:
    elements:
      - counter: {num-buffers: many}
      - collect
  secret:
    elements:
      - counter: {num-buffers: "${SECRET}"}
      - collect
  link:
    elements:
      - counter
      - pngonly
  pad:
    elements: [counter, pass, collect]
    links:
      - {from: counter0.more, elements: [collect]}
  range:
    elements:
      - counter: {num-buffers: "${RANGE}"}
      - collect
`
	f, err := eiengine.ParseFile("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"SECRET": "hush", "RANGE": "-77"}[name]
		return v, ok
	}
	e := eiengine.New(eiengine.Options{Registry: testRegistry()})
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, tt := range []struct{ name, want string }{
		{"good", ""},
		{"kind", `f.yaml:5:9: no element "countr"; did you mean counter`},
		{"property", `f.yaml:10:12: no property "nosuch" in element "pass"`},
		{"value", `f.yaml:13:32: could not set property "num-buffers" in element "counter" to "many": want an integer`},
		{"secret", `f.yaml:17:32: could not set property "num-buffers" in element "counter" to "${SECRET}": want an integer`},
		{"link", `f.yaml:22:9: could not link counter0 to pngonly0: counter0 gives`},
		{"pad", `f.yaml:26:42: could not link counter0 to collect1: counter0 has no src pad "more"`},
		{"range", `f.yaml:29:32: could not set property "num-buffers" in element "counter" to "${RANGE}": want -1 to 2147483647; the default is used`},
		{"goods", `f.yaml has no pipeline "goods"; did you mean good?`},
	} {
		p, err := f.Build(e, tt.name, env)
		if err == nil {
			err = errors.Join(p.Warnings...)
			if p.Name() != tt.name {
				t.Errorf("it is named %q, want %q", p.Name(), tt.name)
			}
		}
		if got := errorText(err); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s\n got %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
