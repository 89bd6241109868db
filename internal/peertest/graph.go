package peertest

import (
	"slices"
	"strings"
)

// Graph is a pipeline as chains of elements, in a form from which single
// elements can be taken out.
type Graph struct {
	// Seed and Number say which graph of the generator this is.
	Seed, Number uint64
	Chains       []Chain
}

// Chain is a row of elements that are linked with "!".
type Chain struct {
	From  string // the name of the element that the chain branches off from, or ""
	Nodes []Node
	To    string // the name of the element that the chain leads into, or ""
}

// Node is an element with its properties, or the caps of a filter.
type Node struct {
	Element string
	Name    string // "" where nothing refers to it
	Props   []string
	Caps    string // if not "", the node is a filter and has no Element
}

// String is the graph as launch text. Values hold no blanks and need no quotes.
func (g Graph) String() string { return strings.Join(g.words(), " ") }

func (g Graph) words() []string {
	var words []string
	for _, c := range g.Chains {
		var row []string
		if c.From != "" {
			row = append(row, c.From+".")
		}
		for _, n := range c.Nodes {
			row = append(row, n.String())
		}
		if c.To != "" {
			row = append(row, c.To+".")
		}
		words = append(words, strings.Join(row, " ! "))
	}
	return strings.Fields(strings.Join(words, " "))
}

// String is the node as it stands in launch text.
func (n Node) String() string {
	if n.Caps != "" {
		return n.Caps
	}
	words := []string{n.Element}
	if n.Name != "" {
		words = append(words, "name="+n.Name)
	}
	return strings.Join(append(words, n.Props...), " ")
}

// Sinks are the names of the sinks at which the graph is observed.
func (g Graph) Sinks() []string {
	var names []string
	for _, c := range g.Chains {
		for _, n := range c.Nodes {
			if n.Element == "fakesink" {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// smaller lists the graphs that have an element or a property less.
func (g Graph) smaller() []Graph {
	var out []Graph
	for i, c := range g.Chains {
		for j, n := range c.Nodes {
			if n.Name == "" && j >= c.fixed() {
				s := g.clone()
				s.Chains[i].Nodes = slices.Delete(s.Chains[i].Nodes, j, j+1)
				out = append(out, s)
			}
			for k, p := range n.Props {
				if strings.HasPrefix(p, "silent=") || strings.HasPrefix(p, "num-buffers=") {
					continue
				}
				s := g.clone()
				props := &s.Chains[i].Nodes[j].Props
				*props = slices.Delete(*props, k, k+1)
				out = append(out, s)
			}
		}
	}
	for i, c := range g.Chains {
		if c.From == "" && c.To == "" || g.leadsOn(c) {
			continue
		}
		s := g.clone()
		s.Chains = slices.Delete(s.Chains, i, i+1)
		out = append(out, s)
	}
	return out
}

// fixed is how many nodes a chain needs: the source and its format.
func (c Chain) fixed() int {
	if c.From == "" && len(c.Nodes) > 1 && c.Nodes[1].Caps != "" {
		return 2
	}
	return 1
}

// leadsOn says whether other chains branch off from this one.
func (g Graph) leadsOn(c Chain) bool {
	return slices.ContainsFunc(c.Nodes, func(n Node) bool {
		return n.Name != "" && slices.ContainsFunc(g.Chains, func(d Chain) bool { return d.From == n.Name })
	})
}

func (g Graph) clone() Graph {
	g.Chains = slices.Clone(g.Chains)
	for i := range g.Chains {
		g.Chains[i].Nodes = slices.Clone(g.Chains[i].Nodes)
		for j := range g.Chains[i].Nodes {
			n := &g.Chains[i].Nodes[j]
			n.Props = slices.Clone(n.Props)
		}
	}
	return g
}

// Shrink takes out what can be taken out while differs stays true, in at most
// budget runs.
func Shrink(g Graph, budget int, differs func(Graph) bool) Graph {
	for again := true; again; {
		again = false
		for _, s := range g.smaller() {
			if budget--; budget < 0 {
				return g
			}
			if differs(s) {
				g, again = s, true
				break
			}
		}
	}
	return g
}

// behind says whether an element of a kind stands before a sink.
func (g Graph) behind(element, sink string) bool {
	for _, c := range g.Chains {
		i := slices.IndexFunc(c.Nodes, func(n Node) bool { return n.Name == sink })
		if i < 0 {
			continue
		}
		if slices.ContainsFunc(c.Nodes[:i], func(n Node) bool { return n.Element == element }) {
			return true
		}
		return c.From != "" && g.behind(element, c.From)
	}
	return false
}

// timed says whether the times of frames at a sink can be compared.
func (g Graph) timed(sink, caps string) bool {
	return !g.joined() && !strings.HasPrefix(caps, "image/")
}

// joined says whether streams are led together, in an order that is a matter of
// time.
func (g Graph) joined() bool {
	return slices.ContainsFunc(g.Chains, func(c Chain) bool { return c.To != "" })
}
