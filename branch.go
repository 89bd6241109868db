package eiengine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
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
	at     where // of its elements that the tee's goroutine calls

	mu      sync.Mutex
	err     error
	ended   chan struct{} // closed when every sink saw the end of the stream
	started bool          // AddBranch is through with it
	removed bool
	drained chan struct{} // closed when Drain is through, nil before
	gone    chan struct{} // closed when its elements are closed

	panicked atomic.Bool // frames may never come back
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
	p.seeking.RLock()
	defer p.seeking.RUnlock()
	b := &Branch{pipe: p, tee: at, ended: make(chan struct{}), gone: make(chan struct{})}
	b.group = &group{pipe: p, branch: b}
	b.group.begin(at.group.whole())
	if err := b.build(spec); err != nil {
		b.group.cancel()
		return nil, err
	}
	err := b.start(ctx)
	b.mu.Lock()
	b.started = true
	stopped := b.removed // and left to us to take down
	b.removed = stopped || err != nil
	b.mu.Unlock()
	if stopped {
		err = errors.New("the pipeline was stopped meanwhile")
	}
	if err != nil {
		b.tearDown()
		return nil, fmt.Errorf("adding a branch to %s: %w", tee, err)
	}
	if s := at.segment.Load(); s != nil {
		if err := b.pad.send(*s); err != nil && !isFlow(err) {
			b.fail(err)
		}
	}
	late := b.attach()
	p.latencyChanged()
	if late {
		if err := b.pad.send(EOSEvent{}); err != nil && !isFlow(err) {
			b.fail(err)
		}
	}
	return b, nil
}

func (b *Branch) build(spec Spec) error {
	p := b.pipe
	p.adding.Lock()
	defer p.adding.Unlock()
	p.mu.Lock()
	taken := maps.Clone(p.byName)
	maps.Copy(taken, p.reserved)
	p.mu.Unlock()
	b.spec = renumber(spec, taken)
	build := &builder{pipe: p, group: b.group, byName: map[string]*node{}, taken: taken}
	build.build(b.spec)
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
	if b.group.ending() || p.state < Paused {
		build.discard()
		return fmt.Errorf("%s stops", p.name)
	}
	for _, n := range b.nodes {
		p.reserved[n.name] = n
	}
	p.branches[b] = struct{}{}
	for _, warning := range build.warnings {
		defer p.warn(b.tee.name, warning)
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
// with the one it has begun. late is true if the stream has ended there already.
func (b *Branch) attach() (late bool) {
	p := b.pipe
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.isRemoved() {
		return false // stopped just now
	}
	p.nodes = append(p.nodes[:len(p.nodes):len(p.nodes)], b.nodes...)
	for _, n := range b.nodes {
		delete(p.reserved, n.name)
		p.byName[n.name] = n
	}
	pads := append(slices.Clone(b.tee.srcPads()), b.pad)
	b.tee.srcs.Store(&pads)
	p.possible.change()
	return b.tee.passed
}

func (b *Branch) detach() {
	p := b.pipe
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range b.nodes {
		delete(p.reserved, n.name)
	}
	pads := slices.DeleteFunc(slices.Clone(b.tee.srcPads()), func(p *srcPad) bool { return p == b.pad })
	b.tee.srcs.Store(&pads)
	p.possible.change()
}

func (b *Branch) isRemoved() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.removed
}

// Remove takes the branch away. With drain the end of the stream is sent into it
// first and what is under way arrives at its sinks, so that files are complete;
// without, or when ctx ends, it is cut where it stands. It returns the branch's
// failure, if it had one.
func (b *Branch) Remove(ctx context.Context, drain bool) error {
	if !b.claim() {
		return errors.New("the branch was removed already")
	}
	if drain {
		b.drain(ctx)
	}
	b.tearDown()
	return b.Err()
}

// claim reports whether the caller is the one to take the branch down. A seek
// under way is through with it then, and others pass it by.
func (b *Branch) claim() bool {
	b.pipe.seeking.RLock()
	defer b.pipe.seeking.RUnlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	first := !b.removed
	b.removed = true
	return first
}

// drain sends the end of the stream into the branch and waits for its sinks.
func (b *Branch) drain(ctx context.Context) {
	cut := context.AfterFunc(ctx, b.group.cancel)
	defer cut()
	if !b.seal() {
		return
	}
	// Nobody else enters any more, so the tee need not wait for this.
	b.drained = make(chan struct{})
	go func() {
		defer close(b.drained)
		err := guard(func() error { return b.pad.peer.Load().event(EOSEvent{}) })
		switch {
		case err == nil:
		case isFlow(err):
			b.group.cancel()
		default:
			b.at.fail(b.nodes[0], err)
		}
	}()
	select {
	case <-b.ended:
	case <-b.group.whole().Done():
	}
}

// seal turns away what the tee pushes and waits until its goroutine is out of the
// branch: false if it is not some time after the branch had to stop.
func (b *Branch) seal() bool {
	left := make(chan struct{})
	go func() {
		b.pad.mu.Lock()
		b.pad.closed = true
		b.pad.mu.Unlock()
		close(left)
	}()
	return patient(b.group.whole(), left)
}

// patient waits for done, after the end of ctx for as long as goroutines have to
// return. It reports whether it is done.
func patient(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
	}
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-done:
		return true
	case <-limit.C:
		return false
	}
}

// tearDown ends the goroutines of the branch and closes its elements.
func (b *Branch) tearDown() {
	defer close(b.gone)
	p := b.pipe
	b.group.cancel()
	for _, inner := range b.inner() {
		inner.discard()
	}
	b.detach()
	left := b.seal()
	if b.drained != nil {
		left = patient(b.group.whole(), b.drained) && left
	}
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
	if !left {
		hung = append(hung, b.tee.chain)
	}
	nodes := slices.Clone(b.nodes)
	for _, n := range b.nodes {
		if n.kind == kindBin {
			nodes = append(nodes, n.bin.nodes...)
		}
	}
	for _, n := range nodes {
		if n.isIn(hung) {
			n.abandoned = true
			continue
		}
		n.stop()
	}
	p.dropExpansions(b.nodes)
	p.removeNodes(b.nodes)
	if !p.main.ending() {
		p.latencyChanged()
	}
	if len(hung) > 0 {
		b.fail(fmt.Errorf("an element did not return within %v after it was told to stop; it is left behind", stopLimit))
	}
	p.mu.Lock()
	delete(p.branches, b)
	p.mu.Unlock()
	p.checkEnd()
	if len(hung) > 0 || b.panicked.Load() {
		for _, n := range nodes {
			n.account.Load().WriteOff()
		}
	}
}

// inner are the branches that were added to tees in this one.
func (b *Branch) inner() []*Branch {
	b.pipe.mu.Lock()
	defer b.pipe.mu.Unlock()
	var list []*Branch
	for other := range b.pipe.branches {
		if other.tee.group == b.group {
			list = append(list, other)
		}
	}
	return list
}

// discard takes the branch of a pipeline that stops down, or waits for whoever is
// at it.
func (b *Branch) discard() {
	b.mu.Lock()
	mine := b.started && !b.removed
	b.removed = true
	b.mu.Unlock()
	b.group.cancel()
	if mine {
		b.tearDown()
		return
	}
	patient(b.group.whole(), b.gone)
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
	b.pipe.checkEnd()
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
