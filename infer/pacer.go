package infer

// calm is how many frames in a row have to find the model without any other of
// their stream before the interval is made shorter again.
const calm = 30

// pacer chooses by the interval which frames are judged. It belongs to the goroutine
// that submits.
type pacer struct {
	begun  bool
	passed uint // frames since the last one that was judged
	now    uint // the interval; it moves between the two of the rules
	easily uint // frames in a row that found the model free
}

// due reports whether a frame is to be judged, when unasked frames of its stream
// wait for a worker and all are under way.
func (p *pacer) due(r *rules, unasked, all int) bool {
	p.now = min(max(p.now, r.interval), max(r.interval, r.maxInterval))
	if p.begun && p.passed < p.now {
		p.passed++
		return false
	}
	if r.maxInterval > r.interval {
		p.adapt(r, unasked, all)
	}
	p.begun, p.passed = true, 0
	return true
}

// adapt makes the interval longer by one if a frame still waits when the next one
// comes, and shorter by one after calm.
func (p *pacer) adapt(r *rules, unasked, all int) {
	switch {
	case unasked > 0:
		p.now, p.easily = min(p.now+1, r.maxInterval), 0
	case all > 0:
		p.easily = 0
	default:
		p.easily++
	}
	if p.easily >= calm && p.now > r.interval {
		p.now, p.easily = p.now-1, 0
	}
}
