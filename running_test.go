package eiengine_test

import (
	"testing"

	"github.com/eiengine/eiengine"
)

// TestRunningPipelineAsText describes a pipeline before, while and after it
// changes, and builds what it says again.
func TestRunningPipelineAsText(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	const start = `counter num-buffers=1000000 is-live=true ! pass name=p text="a b" ! fork name=t ! buffer max=9 ! collect t. ! collect`
	p := launch(t, e, `counter num-buffers=1000000 is-live=yes block=false ! pass name=p text="a b" fail-at=-1 ! fork name=t ! buffer max=9 ! collect t. ! collect`)
	says := func(want string) {
		t.Helper()
		s := p.Spec()
		if got := s.String(); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
		if s.Name != p.Name() {
			t.Errorf("it is named %q", s.Name)
		}
		s.Name = ""
		again, err := e.Build(s)
		if err != nil {
			t.Fatal(err)
		}
		name := again.Name()
		if back := again.Spec(); back.String() != want || back.Name != name {
			t.Errorf("built again:\n%s", back)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	says(start)
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	says(start)

	if err := p.Set("p", "text", "new"); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("buffer0", "leak", "downstream"); err != nil {
		t.Fatal(err)
	}
	first, err := p.AddBranch(soon(t), "t", "buffer max=2 ! tee. fork name=tee ! collect name=b tee. ! collect")
	if err != nil {
		t.Fatal(err)
	}
	const changed = `counter num-buffers=1000000 is-live=true ! pass name=p text=new ! fork name=t ! buffer max=9 leak=downstream ! collect t. ! collect`
	says(changed + ` t. ! buffer max=2 ! fork name=tee ! collect name=b tee. ! collect`)
	if _, err := p.AddBranch(soon(t), "t", "collect"); err != nil {
		t.Fatal(err)
	}
	if err := first.Remove(soon(t), false); err != nil {
		t.Fatal(err)
	}
	says(changed + ` t. ! collect name=collect3`)

	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
	says(changed)
}
