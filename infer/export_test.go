package infer

import (
	"context"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// OpenInstead has model-path=path open a model of the test's own, until the test ends.
func OpenInstead(t testing.TB, path string, open func() (backend.Model, error)) {
	before := openModel
	openModel = func(ctx context.Context, p string, o eim.Options) (backend.Model, error) {
		if p == path {
			return open()
		}
		return before(ctx, p, o)
	}
	t.Cleanup(func() { openModel = before })
}
