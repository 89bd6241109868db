package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
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
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, ".onnx") {
		return opened(onnx.Open(path, onnx.Options{}))
	}
	return opened(eim.Open(ctx, path, o))
}

// checkPath finds what people write in place of the path of a file.
func checkPath(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // it is there, or its trouble is another
	}
	scheme, rest, isURL := strings.Cut(path, "://")
	switch {
	case isURL && scheme == "file":
		return fmt.Errorf("model %s: is a URL; name the path alone: %s", path, rest)
	case isURL:
		return fmt.Errorf("model %s: is a URL; download the file and name its path", path)
	case strings.HasPrefix(path, "~/"):
		return fmt.Errorf("model %s: the shell did not replace ~; write $HOME%s", path, path[1:])
	case slices.Contains(builtin.Names(), path):
		return fmt.Errorf("model %s: no such file; the model of the engine is %s%s", path, BuiltinScheme, path)
	}
	return nil
}

// opened keeps a nil pointer from becoming a model that is not nil.
func opened[M backend.Model](m M, err error) (backend.Model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}
