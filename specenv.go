package eiengine

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// variable is ${NAME}, ${NAME:-default}, or $${, which stands for ${ itself.
var variable = regexp.MustCompile(`\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?`)

// expandVariables replaces the variables of a value. A variable that is empty
// counts as missing if there is a default, as in shells. Errors hold names, no
// values.
func expandVariables(text string, env func(string) (string, bool)) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	var b strings.Builder
	last := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[last:m[0]])
		last = m[1]
		switch {
		case text[m[0]:m[1]] == "$${":
			b.WriteString("${")
			continue
		case m[2] < 0:
			return "", errVariable
		}
		name := text[m[2]:m[3]]
		value, ok := env(name)
		switch {
		case m[4] >= 0 && value == "":
			value = text[m[4]:m[5]]
		case !ok:
			return "", fmt.Errorf("the environment variable %s is not set: set it, or give a default, ${%s:-default}", name, name)
		}
		b.WriteString(value)
	}
	b.WriteString(text[last:])
	return b.String(), nil
}

var errVariable = errors.New(`a variable is written ${NAME} or ${NAME:-default}; for the two characters "${" write "$${"`)

// checkVariables finds variables that are written wrongly.
func checkVariables(text string) error {
	_, err := expandVariables(text, func(string) (string, bool) { return "", true })
	return err
}

// hasVariables says whether the environment has a part in a value.
func hasVariables(text string) bool {
	for _, m := range variable.FindAllString(text, -1) {
		if m != "$${" {
			return true
		}
	}
	return false
}

// escapeVariables writes a value so that expandVariables gives it back.
func escapeVariables(value string) string { return strings.ReplaceAll(value, "${", "$${") }

// withoutVariables is an error about a value that shows the variables by name.
func withoutVariables(err error, v *ValueError, raw string) error {
	if !hasVariables(raw) {
		return err
	}
	shown := *v
	shown.Value = raw
	if text := v.Err.Error(); v.Value != "" && !isRange(v.Err) && !strings.HasPrefix(text, "want ") {
		shown.Err = errors.New("no such value") // the text may quote what it could not read
	}
	if isRange(v.Err) {
		return fmt.Errorf("%w; the default is used", &shown)
	}
	return &shown
}

func isRange(err error) bool {
	var r *RangeError
	return errors.As(err, &r)
}
