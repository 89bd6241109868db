package infer

import (
	"fmt"
	"os"
	"strings"
)

// variantModel is the model for an element whose name has a suffix, as in
// edgeimpulsevideoinfer_people. Builds of the Edge Impulse plugin with such names
// have their model inside; here the environment says which it is, so that launch
// lines for them run.
func variantModel(variant string) (path string, err error) {
	name := "EIENGINE_VARIANT_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, variant)
	if path = os.Getenv(name); path == "" {
		return "", fmt.Errorf("the suffix _%s stands for a model, and none is known: set model-path, or the environment variable %s to the model's path", variant, name)
	}
	return path, nil
}
