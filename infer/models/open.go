package models

import (
	"context"
	"strings"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/onnx"
)

// BuiltinScheme begins the paths of models that come with the engine.
const BuiltinScheme = "builtin:"

// Builtin reports whether path names a model that comes with the engine, and
// which.
func Builtin(path string) (name string, ok bool) { return strings.CutPrefix(path, BuiltinScheme) }

// Open opens builtin:NAME, NAME.onnx with its description beside it, or a .eim
// file, which is any other path. The options are of .eim files; ctx bounds their
// start.
func Open(ctx context.Context, path string, o eim.Options) (backend.Model, error) {
	if name, ok := Builtin(path); ok {
		return builtin.Open(name)
	}
	if strings.HasSuffix(path, ".onnx") {
		return opened(onnx.Open(path, onnx.Options{}))
	}
	return opened(eim.Open(ctx, path, o))
}

// opened keeps a nil pointer from becoming a model that is not nil.
func opened[M backend.Model](m M, err error) (backend.Model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}
