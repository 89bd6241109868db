package builtin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/eiengine/eiengine/infer/backend"
)

// models says how each model is opened.
var models = map[string]func() (backend.Model, error){
	"faults":       openFaults,
	"shapes":       openShapes,
	"shapes-class": openShapesClass,
	"sounds":       openSounds,
}

// Names lists the models, sorted.
func Names() []string {
	names := make([]string, 0, len(models))
	for name := range models {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Open opens the model of that name. Each call gives a model of its own, with
// its own memory; models may be used at the same time.
func Open(name string) (backend.Model, error) {
	open, ok := models[name]
	if !ok {
		return nil, fmt.Errorf("no built-in model %q: there is %s", name, strings.Join(Names(), ", "))
	}
	return open()
}
