package repotest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fenced = regexp.MustCompile("(?ms)^```.*?^```")
	inline = regexp.MustCompile("`[^`\n]*`")
	title  = regexp.MustCompile(`(?m)^#+ +(.+)$`)
)

// prose is a document without its code.
func prose(text string) string { return inline.ReplaceAllString(fenced.ReplaceAllString(text, ""), "") }

func TestLinksLeadSomewhere(t *testing.T) {
	for _, f := range files(t, ".md") {
		text := read(t, f)
		for _, m := range link.FindAllStringSubmatch(prose(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := f
			if target != "" {
				to = filepath.Join(filepath.Dir(f), target)
			}
			info, err := os.Stat(filepath.Join(root, to))
			if err != nil {
				t.Errorf("%s links to %s, which does not exist", f, m[1])
				continue
			}
			if anchor != "" && !info.IsDir() && strings.HasSuffix(to, ".md") && !hasTitle(read(t, to), anchor) {
				t.Errorf("%s links to %s, but %s has no such heading", f, m[1], to)
			}
		}
	}
}

// hasTitle looks for the heading that an anchor stands for.
func hasTitle(text, anchor string) bool {
	for _, m := range title.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		if anchorOf(m[1]) == anchor {
			return true
		}
	}
	return false
}

// anchorOf is how GitHub names a heading.
func anchorOf(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(heading)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		}
	}
	return b.String()
}
