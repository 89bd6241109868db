package eiengine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Branch is a part of a pipeline that was added to a tee while data flowed.
type Branch struct {
	pipe   *Pipeline
	tee    *node
	group  *group
	pad    *srcPad
	spec   Spec // what it was built from, with the names that it got
	nodes  []*node
	chains []*chain

	mu      sync.Mutex
	err     error
	ended   chan struct{} // closed when every sink saw the end of the stream
	removed bool
}

// AddBranch builds elements from launch text and links the first to a new pad of
// the element named tee, while the pipeline is paused or playing; they get data
// from the next frame on. Names must be new. No frame of the other branches is
// held up or lost. A branch that fails does so alone; see Branch.Err.
func (p *Pipeline) AddBranch(ctx context.Context, tee, text string) (*Branch, error) {
	spec, err := ParseLaunch(text)
	if err != nil {
		return nil, err
	}
	return p.AddBranchSpec(ctx, tee, spec)
}

// AddBranchSpec is AddBranch with a description instead of text. Its first node
// is linked to the tee.
func (p *Pipeline) AddBranchSpec(ctx context.Context, tee string, spec Spec) (*Branch, error) {
	at := p.find(tee)
	if at == nil {
		return nil, fmt.Errorf("no element named %q in %s; it has %v", tee, p.name, p.Elements())
	}
	if state, _ := p.State(); state < Paused {
		return nil, fmt.Errorf("%s is %s: branches can be added while it is paused or playing; before that, write them into its description", p.name, state)
	}
	b := &Branch{pipe: p, tee: at, ended: make(chan struct{})}
	groupCtx, cancel := context.WithCancel(at.group.ctx)
	b.group = &group{pipe: p, branch: b, ctx: groupCtx, cancel: cancel}
	if err := b.build(spec); err != nil {
		cancel()
		return nil, err
	}
	if err := b.start(ctx); err != nil {
		cancel()
		b.tearDown()
		return nil, err
	}
	p.mu.Lock()
	p.branches[b] = struct{}{}
	p.mu.Unlock()
	b.attach()
	return b, nil
}

func (b *Branch) build(spec Spec) error {
	p := b.pipe
	p.mu.Lock()
	known := map[string]*node{}
	for name, n := range p.byName {
		known[name] = n
	}
	p.mu.Unlock()
	spec = renumber(spec, known)
	b.spec = spec
	build := &builder{pipe: p, group: b.group, byName: known}
	build.build(spec)
	if len(build.problems) == 0 {
		build.checkFormats()
	}
	t, padName, err := b.tee.requestPad(Src, "", b.tee.nextPad())
	if err != nil {
		build.problem(err)
	}
	if len(build.problems) > 0 {
		build.discard()
		return &BuildError{build.problems}
	}
	b.nodes = build.nodes
	if b.nodes[0].kind == kindBundle {
		build.discard()
		return fmt.Errorf("a branch cannot begin with %s: put a queue before it", b.nodes[0].name)
	}
	entrance, err := b.nodes[0].sinkPad("")
	if err != nil {
		build.discard()
		return err
	}
	b.pad = &srcPad{node: b.tee, name: padName, template: t, removable: true, branch: b}
	build.assignChains(b.tee.chain)
	for _, n := range b.nodes {
		if n.chain.head == n {
			b.chains = append(b.chains, n.chain)
		}
	}
	b.pad.peer.Store(entrance)
	entrance.peer.Store(b.pad)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.nodes = append(p.nodes[:len(p.nodes):len(p.nodes)], b.nodes...)
	for _, n := range b.nodes {
		p.byName[n.name] = n
	}
	return nil
}

// renumber gives automatic names, such as queue0, the next free number where the
// pipeline has such an element already.
func renumber(spec Spec, known map[string]*node) Spec {
	taken := map[string]bool{}
	for name := range known {
		taken[name] = true
	}
	for _, n := range spec.Nodes {
		taken[n.Name] = taken[n.Name] || !isAutomatic(n)
	}
	renamed := map[string]string{}
	out := Spec{Name: spec.Name, Nodes: slices.Clone(spec.Nodes), Links: slices.Clone(spec.Links)}
	for i, n := range out.Nodes {
		if !isAutomatic(n) {
			continue
		}
		name := n.Name
		for number := 0; taken[name]; number++ {
			name = fmt.Sprintf("%s%d", n.Element, number)
		}
		taken[name] = true
		renamed[n.Name], out.Nodes[i].Name = name, name
	}
	for i := range out.Links {
		for _, ref := range []*PadRef{&out.Links[i].From, &out.Links[i].To} {
			if name, ok := renamed[ref.Node]; ok {
				ref.Node = name
			}
		}
	}
	return out
}

// isAutomatic reports whether a name is one that nobody chose.
func isAutomatic(n NodeSpec) bool {
	number, ok := strings.CutPrefix(n.Name, n.Element)
	return ok && number != "" && strings.Trim(number, "0123456789") == ""
}

func (b *Branch) start(ctx context.Context) error {
	for _, n := range sinksFirst(b.nodes) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := n.open(); err != nil {
			return &ElementError{Element: n.name, Err: err}
		}
		if err := n.start(); err != nil {
			return &ElementError{Element: n.name, Err: err}
		}
	}
	for _, ch := range b.chains {
		ch.start()
	}
	return nil
}

// nextPad is the number of the tee's next pad.
func (n *node) nextPad() int {
	n.pipe.mu.Lock()
	defer n.pipe.mu.Unlock()
	n.padCount = max(n.padCount, len(n.srcPads())) + 1
	return n.padCount - 1
}

// attach and detach publish a new list of pads; the goroutine of the tee goes on
// with the one it has begun.
func (b *Branch) attach() {
	b.pipe.mu.Lock()
	defer b.pipe.mu.Unlock()
	pads := append(slices.Clone(b.tee.srcPads()), b.pad)
	b.tee.srcs.Store(&pads)
}

func (b *Branch) detach() {
	b.pipe.mu.Lock()
	defer b.pipe.mu.Unlock()
	pads := slices.DeleteFunc(slices.Clone(b.tee.srcPads()), func(p *srcPad) bool { return p == b.pad })
	b.tee.srcs.Store(&pads)
	delete(b.pipe.branches, b)
}

// Remove takes the branch away. With drain the end of the stream is sent into it
// first and what is under way arrives at its sinks, so that files are complete;
// without, or when ctx ends, it is cut where it stands. It returns the branch's
// failure, if it had one.
func (b *Branch) Remove(ctx context.Context, drain bool) error {
	b.mu.Lock()
	if b.removed {
		b.mu.Unlock()
		return errors.New("the branch was removed already")
	}
	b.removed = true
	b.mu.Unlock()
	if drain {
		b.drain(ctx)
	}
	b.group.cancel()
	b.detach()
	b.pad.mu.Lock()
	b.pad.closed = true
	b.pad.mu.Unlock()
	b.tearDown()
	return b.Err()
}

// drain sends the end of the stream into the branch and waits for its sinks.
func (b *Branch) drain(ctx context.Context) {
	cut := context.AfterFunc(ctx, b.group.cancel)
	defer cut()
	b.pad.mu.Lock()
	b.pad.closed = true
	err := guard(func() error { return b.pad.peer.Load().event(EOSEvent{}) })
	b.pad.mu.Unlock()
	if err != nil {
		if !isFlow(err) {
			b.fail(err)
		}
		return
	}
	select {
	case <-b.ended:
	case <-b.group.ctx.Done():
	}
}

// discard forgets the branch of a pipeline that stops.
func (b *Branch) discard() {
	b.mu.Lock()
	removed := b.removed
	b.removed = true
	b.mu.Unlock()
	if removed {
		return
	}
	b.group.cancel()
	b.detach()
	b.pad.mu.Lock()
	b.pad.closed = true
	b.pad.mu.Unlock()
	b.tearDown()
}

// tearDown ends the goroutines of the branch and closes its elements.
func (b *Branch) tearDown() {
	for _, n := range b.nodes {
		n.shut()
	}
	var running []*chain
	for _, ch := range b.chains {
		if ch.done != nil {
			running = append(running, ch)
		}
	}
	hung := joinAll(running)
	for _, n := range b.nodes {
		if slices.Contains(hung, n.chainHead()) {
			n.abandoned = true
			continue
		}
		n.stop()
	}
	if len(hung) > 0 {
		b.fail(fmt.Errorf("%s did not return within %v after it was told to stop; it is left behind", hung[0].name, stopLimit))
	}
	b.pipe.removeNodes(b.nodes)
}

// Err is why the branch failed, nil if it did not.
func (b *Branch) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// fail ends the branch alone; the pipeline is told by a warning.
func (b *Branch) fail(err error) {
	b.mu.Lock()
	if b.err != nil {
		b.mu.Unlock()
		return
	}
	b.err = err
	b.mu.Unlock()
	b.group.cancel()
	b.pipe.warn(b.nodes[0].name, fmt.Errorf("the branch failed and gets no more data: %w", err))
}

// noteEnded is called, with Pipeline.mu held, when a sink of the branch ended.
func (b *Branch) noteEnded() {
	for _, n := range b.nodes {
		if n.kind == kindSink && !n.sink.ended {
			return
		}
	}
	select {
	case <-b.ended:
	default:
		close(b.ended)
	}
}
