package filepattern

import (
	"fmt"
	"strings"
)

// Pattern makes file names out of a location with at most one printf verb for
// an integer, such as "%05d".
type Pattern struct {
	format   string // Go's
	Numbered bool   // there is a verb
}

// maxPad bounds the digits that a pattern may ask for.
const maxPad = 100

// Parse reads a location as C's printf does: flags, width, precision and
// one of d, i, u, x, X, o; "%%" is a percent sign. Errors: no location, another
// verb, more than one.
func Parse(location string) (Pattern, error) {
	var p Pattern
	var out strings.Builder
	if location == "" {
		return p, fmt.Errorf("location is not set: give the names of the files, such as location=%%05d.png")
	}
	if strings.ContainsRune(location, 0) {
		return p, fmt.Errorf("location %q has a zero byte, which no file name can have", location)
	}
	rest := location
	for {
		text, after, found := strings.Cut(rest, "%")
		out.WriteString(text)
		if !found {
			break
		}
		if strings.HasPrefix(after, "%") {
			out.WriteString("%%")
			rest = after[1:]
			continue
		}
		verb, n, ok := parseVerb(after)
		if !ok {
			return p, fmt.Errorf("location %q: what follows the %% at %q is not a number format: write %%05d or the like, and %%%% for a percent sign",
				location, "%"+after)
		}
		if p.Numbered {
			return p, fmt.Errorf("location %q has more than one number: a file has only its index to be named by", location)
		}
		p.Numbered = true
		out.WriteString(verb)
		rest = after[n:]
	}
	p.format = out.String()
	return p, nil
}

// parseVerb reads what follows a percent sign and gives Go's form of it and its
// length.
func parseVerb(s string) (verb string, length int, ok bool) {
	flags := len(s) - len(strings.TrimLeft(s, "-+ 0#"))
	end := flags
	width, end := digits(s, end)
	precision := 0
	if end < len(s) && s[end] == '.' {
		precision, end = digits(s, end+1)
	}
	if width > maxPad || precision > maxPad {
		return "", 0, false
	}
	spec := s[:end]
	for end < len(s) && strings.IndexByte("hlqjzt", s[end]) >= 0 {
		end++ // the size of C's integer says nothing here
	}
	if end == len(s) {
		return "", 0, false
	}
	switch c := s[end]; c {
	case 'd', 'i', 'u':
		return "%" + spec + "d", end + 1, true
	case 'x', 'X', 'o':
		return "%" + spec + string(c), end + 1, true
	}
	return "", 0, false
}

// digits reads a number from s[at:], capped beyond maxPad, and says where it ends.
func digits(s string, at int) (n, end int) {
	for at < len(s) && s[at] >= '0' && s[at] <= '9' {
		n = min(n*10+int(s[at]-'0'), maxPad+1)
		at++
	}
	return n, at
}

// Name is the file of that index.
func (p Pattern) Name(index int) string {
	if !p.Numbered {
		return strings.ReplaceAll(p.format, "%%", "%")
	}
	return fmt.Sprintf(p.format, index)
}
