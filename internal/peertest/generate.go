package peertest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// Generator makes graphs of what a catalogue holds. The same seed and number
// give the same graph as long as the catalogue is the same.
type Generator struct {
	catalogue *Catalogue
	filters   []*Element // that stand between one pad and another
	seed      uint64

	r     *rand.Rand
	g     Graph
	names map[string]int
}

// NewGenerator makes a generator.
func NewGenerator(c *Catalogue, seed uint64) *Generator {
	gen := &Generator{catalogue: c, seed: seed}
	for i := range c.Elements {
		e := &c.Elements[i]
		if passes(e) && left[e.Name] == "" {
			gen.filters = append(gen.filters, e)
		}
	}
	return gen
}

// passes says whether an element has one pad for input and one for output.
func passes(e *Element) bool {
	if len(e.Pads) != 2 || (e.Kind != "filter" && e.Kind != "queue") {
		return false
	}
	return e.Pads[0].Presence == eiengine.Always && e.Pads[1].Presence == eiengine.Always && e.Pads[0].Direction != e.Pads[1].Direction
}

// Graph makes graph number n.
func (gen *Generator) Graph(n uint64) Graph {
	gen.r = rand.New(rand.NewPCG(gen.seed, n))
	gen.g = Graph{Seed: gen.seed, Number: n}
	gen.names = map[string]int{}
	if gen.chance(0.1) {
		gen.join()
	} else {
		nodes, media := gen.source()
		gen.chain(Chain{Nodes: nodes}, media, 0, true)
	}
	return gen.g
}

// join makes two or three sources of the same format that lead into one element.
func (gen *Generator) join() {
	e := pick(gen.r, joins)
	nodes, media := gen.source()
	name := gen.name("j")
	gen.chain(Chain{Nodes: []Node{{Element: e, Name: name}}}, media, maxDepth, false)
	for range 2 + gen.r.IntN(2) {
		again := make([]Node, len(nodes))
		copy(again, nodes)
		gen.g.Chains = append(gen.g.Chains, Chain{Nodes: append(again, Node{Element: "queue"}), To: name})
	}
}

// source is a source and the caps that fix what matters of its format.
func (gen *Generator) source() (nodes []Node, media string) {
	element, media := "videotestsrc", "video/x-raw"
	if gen.chance(0.4) {
		element, media = "audiotestsrc", "audio/x-raw"
	}
	n := gen.node(gen.element(element))
	n.Props = append([]string{fmt.Sprintf("num-buffers=%d", 1+gen.r.IntN(20))}, n.Props...)
	return []Node{n, {Caps: gen.sourceCaps(media)}}, media
}

// maxDepth is how often a chain may branch.
const maxDepth = 2

// chain appends a chain, which begins with the nodes that it has, and the chains
// that branch off from it. If it is not free, only elements follow that neither
// change frames nor ask for a format.
func (gen *Generator) chain(c Chain, media string, depth int, free bool) {
	for range gen.r.IntN(6) {
		var n Node
		if !free || media == "audio/x-wav" {
			n = gen.plain()
		} else {
			n, media = gen.next(media)
		}
		c.Nodes = append(c.Nodes, n)
	}
	if depth < maxDepth && gen.chance(0.25) {
		n := gen.node(gen.element("tee"))
		n.Name = gen.name("t")
		c.Nodes = append(c.Nodes, n)
		gen.g.Chains = append(gen.g.Chains, c)
		for range 2 + gen.r.IntN(2) {
			gen.chain(Chain{From: n.Name, Nodes: []Node{{Element: "queue"}}}, media, depth+1, free)
		}
		return
	}
	c.Nodes = append(c.Nodes, Node{Element: "fakesink", Name: gen.name("s"), Props: []string{"silent=false"}})
	gen.g.Chains = append(gen.g.Chains, c)
}

// next is an element that fits behind a media type, mostly, and what comes out.
func (gen *Generator) next(media string) (Node, string) {
	if gen.chance(0.25) {
		m := media
		if gen.chance(0.03) {
			m = pick(gen.r, []string{"video/x-raw", "audio/x-raw", "image/png"})
		}
		return Node{Caps: gen.filterCaps(m)}, media
	}
	in := frames.MustCaps(media)
	for {
		e := pick(gen.r, gen.filters)
		sink, src := e.Pads[0].Caps, e.Pads[1].Caps
		if e.Pads[0].Direction == eiengine.Src {
			sink, src = src, sink
		}
		if !sink.CanIntersect(in) && !gen.chance(0.01) {
			continue
		}
		if !src.IsAny() && !src.CanIntersect(in) {
			media = src.Structures()[0].Media
		}
		return gen.node(e), media
	}
}

// plain is an element that does the same to frames in any order.
func (gen *Generator) plain() Node {
	return Node{Element: pick(gen.r, []string{"queue", "queue2", "identity"})}
}

// element is one that every graph may need; without properties if it is not in
// the catalogue.
func (gen *Generator) element(name string) *Element {
	if e, ok := gen.catalogue.Find(name); ok {
		return e
	}
	return &Element{Factory: &eiengine.Factory{Name: name}}
}

func (gen *Generator) node(e *Element) Node {
	n := Node{Element: e.Name}
	for _, p := range e.Props {
		if !gen.chance(0.2) {
			continue
		}
		if v, ok := gen.value(e.Name, p); ok {
			n.Props = append(n.Props, p.Name+"="+v)
		}
	}
	for _, pair := range apart {
		if slices.Contains(n.Props, pair[0]) {
			n.Props = slices.DeleteFunc(n.Props, func(p string) bool { return strings.HasPrefix(p, pair[1]) })
		}
	}
	return n
}

// small is how far numbers go from the lowest or the default one.
const small = 10

func (gen *Generator) value(element string, p Prop) (string, bool) {
	if _, known := leftProps[p.Name]; known {
		return "", false
	}
	if _, known := leftProps[element+"."+p.Name]; known {
		return "", false
	}
	if values, ok := chosen[element+"."+p.Name]; ok {
		return pick(gen.r, values), true
	}
	switch p.Type {
	case "bool":
		return strconv.FormatBool(gen.chance(0.5)), true
	case "enum":
		if len(p.Nicks) > 0 {
			return pick(gen.r, p.Nicks), true
		}
	case "int", "int64", "uint", "uint64":
		if gen.chance(0.2) {
			return p.Default, true
		}
		low := max(p.Min, -1)
		return strconv.FormatInt(int64(low)+gen.r.Int64N(int64(min(p.Max-low, small))+1), 10), true
	case "double":
		low := max(p.Min, 0)
		return strconv.FormatFloat(low+gen.r.Float64()*min(p.Max-low, small), 'f', 3, 64), true
	}
	return "", false
}

func (gen *Generator) chance(p float64) bool { return gen.r.Float64() < p }

func (gen *Generator) name(prefix string) string {
	n := gen.names[prefix]
	gen.names[prefix]++
	return prefix + strconv.Itoa(n)
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some picks a list of one to n values as caps have it.
func some(r *rand.Rand, list []string, n int) string {
	n = 1 + r.IntN(n)
	if n == 1 {
		return pick(r, list)
	}
	var out []string
	for _, i := range r.Perm(len(list))[:n] {
		out = append(out, list[i])
	}
	return "{" + strings.Join(out, ",") + "}"
}
