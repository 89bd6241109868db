package eim

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
)

const (
	// maxLine bounds one line of a model's output; the rest of it is dropped.
	maxLine = 2048
	// keptLines is how many lines an error can quote.
	keptLines = 20
)

// output drains what a process prints. It must never stop reading while the
// process lives: a model blocks for good on a full pipe.
type output struct {
	log *slog.Logger

	mu   sync.Mutex
	ring [keptLines]string
	n    int
}

func (o *output) line(stream string, b []byte, cut bool) {
	s := cleanLine(b)
	if s == "" {
		return
	}
	if cut {
		s += " …"
	}
	o.mu.Lock()
	o.ring[o.n%keptLines] = s
	o.n++
	o.mu.Unlock()
	o.log.LogAttrs(context.Background(), slog.LevelDebug, s, slog.String("stream", stream))
}

// last gives the kept lines, oldest first.
func (o *output) last() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []string
	for i := max(0, o.n-keptLines); i < o.n; i++ {
		out = append(out, o.ring[i%keptLines])
	}
	return out
}

// drain reads lines until the end or until the reader's deadline.
func (o *output) drain(stream string, r io.Reader) {
	var line []byte
	var cut bool
	buf := make([]byte, 16<<10)
	for {
		n, err := r.Read(buf)
		for b := buf[:n]; len(b) > 0; {
			part, rest, ended := bytes.Cut(b, []byte{'\n'})
			room := min(len(part), maxLine-len(line))
			line = append(line, part[:room]...)
			cut = cut || room < len(part)
			if ended {
				o.line(stream, line, cut)
				line, cut = line[:0], false
			}
			b = rest
		}
		if err != nil {
			o.line(stream, line, cut)
			return
		}
	}
}

// cleanLine makes foreign bytes fit for a log: valid UTF-8, no control
// characters that could play tricks on a terminal.
func cleanLine(b []byte) string {
	s := strings.ToValidUTF8(string(b), "�")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0:
			return -1
		}
		return r
	}, s)
	return strings.TrimRight(s, " ")
}
