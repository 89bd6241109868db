package eiengine

import (
	"strconv"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// String is the pipeline as launch text. [ParseLaunch] reads it back as an equal
// Spec, provided that the Spec could be text at all: it has no Name of its own,
// elements, properties and pads are named like identifiers, no two elements or
// bins share a name, and the elements of a bin stand together, those of bins in
// it too. Automatic names are left out; a capsfilter in the middle of a chain
// becomes inline caps.
func (s Spec) String() string {
	w := specWriter{spec: s, index: make(map[string]int, len(s.Nodes)), ends: make(map[string]int, len(s.Nodes)),
		named: explicitNames(s.namings()), bins: make(map[string]int, len(s.Bins))}
	for i, b := range s.Bins {
		w.bins[b.Name] = i
	}
	for i, n := range s.Nodes {
		w.index[n.Name] = i
	}
	for _, l := range s.Links {
		w.ends[l.From.Node]++
		w.ends[l.To.Node]++
	}
	for l := 0; l < len(s.Links); {
		l = w.chain(l)
	}
	w.defineUpTo(len(s.Nodes))
	w.closeBins("")
	return w.b.String()
}

// explicitNames says for each name whether it needs name=, because parsing would
// not give it by itself.
func explicitNames(list []naming) []bool {
	explicit := make([]bool, len(list))
	for i, n := range list {
		number, found := strings.CutPrefix(n.name, n.element)
		_, err := strconv.Atoi(number)
		explicit[i] = !found || err != nil
	}
	// A name that is given moves the automatic ones behind it, so settle them
	// one by one from the first; a pipeline that needs many rounds gets all names.
	for range 100 {
		trial := make([]naming, len(list))
		for i, n := range list {
			trial[i].element = n.element
			if explicit[i] {
				trial[i].name = n.name
			}
		}
		giveNames(trial)
		wrong := -1
		for i := range list {
			if !explicit[i] && trial[i].name != list[i].name {
				wrong = i
				break
			}
		}
		if wrong < 0 {
			return explicit
		}
		explicit[wrong] = true
	}
	for i := range explicit {
		explicit[i] = true
	}
	return explicit
}

// specWriter writes the nodes in their order and the links in theirs, joined to
// chains as long as the orders allow.
type specWriter struct {
	b       strings.Builder
	spec    Spec
	index   map[string]int // of nodes by name
	ends    map[string]int // of links, by the name of the node there
	named   []bool         // of nodes, then of bins
	bins    map[string]int // by name
	open    string         // the bin that is open; "" for none
	defined int            // the first nodes, which are written already
}

// word puts a blank between words.
func (w *specWriter) word(s string) {
	if w.b.Len() > 0 {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s)
}

// chain writes link l and those behind it that go on where it ends, and gives
// the number of the next link back.
func (w *specWriter) chain(l int) int {
	link := w.spec.Links[l]
	from, known := w.index[link.From.Node]
	to, toKnown := w.index[link.To.Node]
	if toKnown && to > max(w.defined, w.after(from, known)) {
		// Other elements come before the right end. Define them first, and refer
		// to the left end, if that is one of them.
		w.defineUpTo(to)
	}
	if known && from >= w.defined {
		w.defineUpTo(from)
		w.define(from)
		w.leave(link)
		w.padBehind(link.From.Pad)
	} else {
		if toKnown && to == w.defined {
			w.closeBins(w.spec.Nodes[to].Bin)
		}
		w.reference(link.From)
	}
	for {
		if link.All {
			w.word(":")
			if link.Caps != "" {
				w.word(link.Caps + " :")
			}
		} else {
			w.word("!")
		}
		if w.isInlineCaps(l) {
			w.word(w.spec.Nodes[w.defined].Props[0].Value)
			w.defined++
			l++
			link = w.spec.Links[l]
			continue
		}
		l++
		to, known := w.index[link.To.Node]
		if !known || to != w.defined {
			w.reference(link.To)
			return l
		}
		if link.To.Pad != "" {
			w.word("." + escapeIdentifier(link.To.Pad))
		}
		w.define(to)
		if !w.goesOn(to, l) {
			return l
		}
		link = w.spec.Links[l]
		w.leave(link)
		w.padBehind(link.From.Pad)
	}
}

// after is the node that may be defined right behind from in a chain.
func (w *specWriter) after(from int, known bool) int {
	if known && from >= w.defined {
		return from + 1
	}
	return w.defined
}

// goesOn says whether link l can be written right behind node i.
func (w *specWriter) goesOn(i, l int) bool {
	if l == len(w.spec.Links) || w.spec.Links[l].From.Node != w.spec.Nodes[i].Name {
		return false
	}
	to, known := w.index[w.spec.Links[l].To.Node]
	return !known || to <= w.defined
}

// isInlineCaps says whether link l goes into a capsfilter that can be written as
// caps between it and the next link.
func (w *specWriter) isInlineCaps(l int) bool {
	i := w.defined
	if i == len(w.spec.Nodes) || l+1 >= len(w.spec.Links) || w.named[i] {
		return false
	}
	n := w.spec.Nodes[i]
	if n.Element != "capsfilter" || len(n.Props) != 1 || n.Props[0].Name != "caps" || !isInline(n.Props[0].Value) {
		return false
	}
	in, out := w.spec.Links[l], w.spec.Links[l+1]
	if in.All || out.All || n.Bin != w.open {
		return false
	}
	if in.To != (PadRef{Node: n.Name}) || out.From != (PadRef{Node: n.Name}) || out.To.Node == n.Name {
		return false
	}
	to, known := w.index[out.To.Node]
	if known && to == i+1 && w.isFilterOnly(to) {
		return false // two inline caps in a row are no launch text
	}
	if known && to == i+1 && !w.isWithin(w.spec.Nodes[to].Bin, n.Bin) {
		return false // the bin would have to close behind the caps
	}
	return w.ends[n.Name] == 2 && (!known || to <= i+1)
}

// isFilterOnly says whether node i would itself be written as inline caps.
func (w *specWriter) isFilterOnly(i int) bool {
	n := w.spec.Nodes[i]
	return n.Element == "capsfilter" && !w.named[i] && len(n.Props) == 1
}

// isInline says whether this text between two links reads back as itself.
func isInline(text string) bool {
	c, err := frames.ParseCaps(text)
	if err != nil || c.String() != text {
		return false
	}
	s := scanner{text: text + " !"}
	if s.mediaType() == 0 {
		return false
	}
	raw, ok := s.capsText()
	return ok && s.pos == len(text)+1 && strings.TrimSpace(unescape(raw)) == text
}

// defineUpTo writes the nodes before n that are not written, without links.
func (w *specWriter) defineUpTo(n int) {
	for w.defined < n {
		w.define(w.defined)
	}
}

func (w *specWriter) define(i int) {
	n := w.spec.Nodes[i]
	w.closeBins(n.Bin)
	w.openBins(n.Bin)
	w.word(escapeIdentifier(n.Element))
	w.properties(n.Name, w.named[i], n.Props)
	w.defined = i + 1
}

func (w *specWriter) properties(name string, named bool, props []PropSpec) {
	if named {
		w.word("name=" + quoteValue(name))
	}
	for _, p := range props {
		if p.Name == PresetProp {
			w.word(PresetProp + "=" + quoteValue(p.Value))
			continue
		}
		w.word(escapeIdentifier(p.Name) + "=" + quoteValue(p.Value))
	}
}

// leave closes the bins that the link goes out of, if its end is the next node.
func (w *specWriter) leave(l LinkSpec) {
	if to, known := w.index[l.To.Node]; known && to == w.defined {
		w.closeBins(w.spec.Nodes[to].Bin)
	}
}

// isWithin says whether bin is outer or a bin somewhere in it.
func (w *specWriter) isWithin(bin, outer string) bool {
	for range len(w.bins) + 1 { // bins that hold each other end too
		if bin == outer {
			return true
		}
		i, known := w.bins[bin]
		if !known {
			return false
		}
		bin = w.spec.Bins[i].Bin
	}
	return false
}

// closeBins closes bins until what comes next can stand in the open one.
func (w *specWriter) closeBins(next string) {
	for w.open != "" && !w.isWithin(next, w.open) {
		w.word(")")
		w.open = w.spec.Bins[w.bins[w.open]].Bin
	}
}

// openBins opens the bins from the open one to the one of that name.
func (w *specWriter) openBins(name string) {
	i, known := w.bins[name]
	if name == w.open || !known || !w.isWithin(name, w.open) {
		return
	}
	b := w.spec.Bins[i]
	w.openBins(b.Bin)
	kind := ""
	if b.Element != "bin" || strings.HasSuffix(w.b.String(), ".") { // "t. (" is a bin of the kind t
		kind = escapeIdentifier(b.Element) + "."
	}
	w.word(kind + "(")
	w.properties(b.Name, w.named[len(w.spec.Nodes)+i], b.Props)
	w.open = name
}

func (w *specWriter) reference(r PadRef) {
	w.word(escapeIdentifier(r.Node) + "." + escapeIdentifier(r.Pad))
}

// padBehind names the pad of the element that was written last.
func (w *specWriter) padBehind(pad string) {
	if pad != "" {
		w.word("." + escapeIdentifier(pad))
	}
}

// quoteValue writes a value so that the parser reads it back, in quotes only if
// it has to be.
func quoteValue(v string) string {
	if v != "" && v != "!" && !strings.ContainsAny(v, " \t\r\n\v\f\"'\\") {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}
