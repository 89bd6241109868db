package flow

import (
	"fmt"
	"slices"
	"strings"
)

// padNumber finds the pad that a property names; an empty name is the first one.
func padNumber(names []string, name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	if n := slices.Index(names, name); n >= 0 {
		return n, nil
	}
	return 0, fmt.Errorf("active-pad=%s: there is no such pad; linked are %s", name, strings.Join(names, ", "))
}
