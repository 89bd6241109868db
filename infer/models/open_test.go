package models_test

import (
	"context"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/models"
)

func TestPathsChooseWhatOpensThem(t *testing.T) {
	m, err := models.Open(context.Background(), "builtin:shapes", eim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if name := m.Info().Project.Name; name != "shapes" {
		t.Errorf("opened %s", name)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	for path, want := range map[string]string{
		"builtin:none":      "no built-in model",
		"missing/file.onnx": "check its path: stat missing/file.onnx",
		"missing/file.eim":  "missing/file.eim",

		"https://example.com/a.eim":  "download the file and name its path",
		"https://example.com/a.onnx": "download the file and name its path",
		"file:///models/a.eim":       "name the path alone: /models/a.eim",
		"~/a.eim":                    "write $HOME/a.eim",
		"shapes":                     "builtin:shapes",
	} {
		m, err := models.Open(context.Background(), path, eim.Options{})
		if err == nil || m != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v, which lacks %q", path, m, err, want)
		}
	}
}
