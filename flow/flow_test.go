package flow

import (
	"testing"

	"github.com/eiengine/eiengine"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func stats(t *testing.T, p *eiengine.Pipeline, element string) eiengine.ElementStats {
	t.Helper()
	for _, s := range p.Stats() {
		if s.Name == element {
			return s
		}
	}
	t.Fatalf("no element %q", element)
	return eiengine.ElementStats{}
}
