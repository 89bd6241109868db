package eiengine

import (
	"fmt"
	"slices"
	"strings"
)

// checkLoops refuses links that lead back to where they come from: a frame would
// go round for ever, and formats could never be settled. It reports whether all
// is well.
func (b *builder) checkLoops() bool {
	f := loopFinder{done: map[*node]bool{}}
	for _, n := range b.nodes {
		if loop := f.find(n, nil); loop != nil {
			b.problem(fmt.Errorf("could not link %s: the links form a loop; leave one of them out", strings.Join(loop, " ! ")))
			return false
		}
	}
	return true
}

type loopFinder struct {
	done map[*node]bool // no loop goes through these
}

// find gives the names of the elements of a loop behind n. path led to n.
func (f *loopFinder) find(n *node, path []*node) []string {
	if i := slices.Index(path, n); i >= 0 {
		names := make([]string, 0, len(path)-i+1)
		for _, m := range path[i:] {
			names = append(names, m.name)
		}
		return append(names, n.name)
	}
	if f.done[n] {
		return nil
	}
	path = append(path, n)
	for _, p := range n.srcPads() {
		if peer := p.peer.Load(); peer != nil {
			if loop := f.find(peer.node, path); loop != nil {
				return loop
			}
		}
	}
	f.done[n] = true
	return nil
}
