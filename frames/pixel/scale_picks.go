package pixel

// picks says for each byte that is wanted where in a row of the source it is.
type picks struct {
	at []int32
	// of is how many bytes the row of the source has.
	of int
	// windows are the same as the function of this processor wants them, none if it
	// has no use for them.
	windows windows
}

// windows of 16 bytes or 8 samples, out of which those that are wanted are shuffled
// into their places: one for each half of a register, and as many after it as steps.
type windows struct {
	offset  []int32
	shuffle []uint8
	steps   int
	// halves says that every byte is the mean of two that lie in the same places of every
	// 16, and pattern where; doubles that every sample becomes two beside each other.
	halves, doubles bool
	pattern         [16]uint8
}

// rowMap makes rows of a plane, of all the components that share it, from rows of the
// source.
type rowMap struct {
	key rowKey
	// picks are one for each byte of a row, or two, which taps weigh.
	picks
	taps []int16
	// across are the taps as the function of this processor wants them.
	across []int16
	// lines are windows of the same picks in a line of samples.
	lines windows
}

// rowKey is all that a rowMap depends on.
type rowKey struct {
	first                  axisKey
	offset, strips         int
	sourceBytes, rowLength int
	samples                int // for each byte
}

// prepare makes the map for strips whose axes are prepared, of as many samples for each
// byte, one or two, as the axes need.
func (m *rowMap) prepare(strips []strip, samples int) {
	t := &strips[0]
	key := rowKey{t.x.key, t.src.offset, len(strips), t.src.rowBytes, t.dst.rowBytes, samples}
	switch {
	case m.key == key:
	case samples == 1:
		m.key = key
		m.pickOne(strips)
	default:
		m.key = key
		m.pickTwo(strips)
	}
}

func (m *rowMap) pickOne(strips []strip) {
	m.at, m.taps = resize(m.at, m.key.rowLength), m.taps[:0]
	for i := range m.at {
		m.at[i] = -1
	}
	for i := range strips {
		strips[i].each(func(to, from, _ int) { m.at[to] = int32(from) })
	}
	for i, at := range m.at { // the luma that an odd width has none for
		if at < 0 {
			m.at[i] = m.at[i-2]
		}
	}
	m.of = m.key.sourceBytes
	layPicks(&m.picks)
}

func (m *rowMap) pickTwo(strips []strip) {
	m.at, m.taps = resize(m.at, 2*m.key.rowLength), resize(m.taps, 2*m.key.rowLength)
	for i := range m.at {
		m.at[i] = -1
	}
	for i := range strips {
		t := &strips[i]
		t.each(func(to, from, sample int) {
			taps := t.x.taps(sample)
			at, weights := m.at[2*to:2*to+2], m.taps[2*to:2*to+2]
			at[0], at[1], weights[0], weights[1] = int32(from), int32(from), taps[0], 0
			if len(taps) == 2 {
				at[1], weights[1] = int32(from+t.x.key.pos), taps[1]
			}
		})
	}
	for i, at := range m.at {
		if at < 0 {
			m.at[i], m.taps[i] = m.at[i-4], m.taps[i-4]
		}
	}
	m.of = m.key.sourceBytes
	layPicks(&m.picks)
	layLines(m)
}

// each calls f for every byte of a row of the strip: where it goes, where the first
// that it is made of is, and which sample it belongs to.
func (t *strip) each(f func(to, from, sample int)) {
	for sample, first := range t.x.first {
		for c := range t.dst.channels {
			f(t.dst.offset+sample*t.dst.step+c, t.src.offset+int(first)+c, sample)
		}
	}
}

// nearestRows copies the rows of the source that the rows from begin to before end
// take, picked by the map. Rows that take the same one are copies.
func (m *rowMap) nearestRows(t *strip, begin, end int) {
	for y := begin; y < end; y++ {
		row := t.dst.whole(y)
		if y > begin && t.y.first[y] == t.y.first[y-1] {
			copy(row, t.dst.whole(y-1))
			continue
		}
		pickRow(row, t.src.whole(int(t.y.first[y])), &m.picks)
	}
}

// pickedRows makes rows of two by two samples each, and looks at no others.
func (m *rowMap) pickedRows(t *strip, begin, end int) {
	for y := begin; y < end; y++ {
		taps, distance, down := t.y.taps(y), 0, [2]int16{tapOne, 0}
		if len(taps) == 2 {
			distance, down = t.src.stride, [2]int16(taps)
		}
		mixPicks(t.dst.whole(y), t.src.plane[int(t.y.first[y])*t.src.stride:], distance, down, m)
	}
}

// lineRows makes rows of two samples each out of the sum of the rows that they need.
func (m *rowMap) lineRows(t *strip, lines *lineBuffers, begin, end int) {
	n := t.src.rowBytes
	lines.line = resize(lines.line, n+lineSlack)
	for y := begin; y < end; y++ {
		sumRows(lines.line[:n], t.src.plane[int(t.y.first[y])*t.src.stride:], t.src.stride, t.y.taps(y))
		mixLine(t.dst.whole(y), lines.line, m)
	}
}

// whole is row y of all the components that share the plane.
func (g *samples) whole(y int) []byte { return g.plane[y*g.stride : y*g.stride+g.rowBytes] }
