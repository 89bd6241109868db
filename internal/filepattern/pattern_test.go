package filepattern

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	for location, want := range map[string]string{
		"%05d": "00042", "a/%d.png": "a/42.png", "frame-%03u": "frame-042", "%i": "42", "%lld": "42",
		"plain.png": "plain.png", "100%%": "100%", "100%%-%d": "100%-42", "%x": "2a", "%08X": "0000002A", "%o": "52",
		"%-4d|": "42  |", "%+d": "+42", "%.4d": "0042",
	} {
		p, err := Parse(location)
		if err != nil {
			t.Errorf("%s: %v", location, err)
			continue
		}
		if got := p.Name(42); got != want {
			t.Errorf("%s names %q, want %q", location, got, want)
		}
	}
	for location, says := range map[string]string{
		"": "not set", "%d-%d": "more than one", "%s": "not a number", "%": "not a number", "%5": "not a number",
		"%n": "not a number", "%*d": "not a number", "%999999999d": "not a number", "a\x00": "zero byte",
	} {
		if _, err := Parse(location); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: err = %v, want one that says %q", location, err, says)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{"%05d", "a%%b%x", "%s", "%-+ 0#12.3lld", "%d%d", "%999d"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, location string, index int) {
		p, err := Parse(location)
		if err != nil {
			return
		}
		if name := p.Name(max(index, 0)); strings.Contains(name, "%!") && !strings.Contains(location, "%!") && !strings.Contains(location, "%%") {
			t.Errorf("%q names %q", location, name)
		}
	})
}
