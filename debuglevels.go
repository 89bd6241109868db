package eiengine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The levels of logging that GStreamer has besides those of [slog].
const (
	LevelMemdump = slog.Level(-16)
	LevelTrace   = slog.Level(-12)
	LevelLog     = slog.Level(-8)
	LevelFixme   = slog.Level(2)
)

// debugLevels are GStreamer's levels by number, each with what it shows at least.
var debugLevels = []struct {
	name string
	at   slog.Level
}{
	{"NONE", slog.LevelError + 1}, {"ERROR", slog.LevelError}, {"WARN", slog.LevelWarn}, {"FIXME", LevelFixme}, {"INFO", slog.LevelInfo},
	{"DEBUG", slog.LevelDebug}, {"LOG", LevelLog}, {"TRACE", LevelTrace}, {"8", LevelTrace}, {"MEMDUMP", LevelMemdump},
}

// DebugLevels say which log lines are written, by element. They are written as in
// the variable GST_DEBUG of GStreamer:
//
//	3                          warnings and errors of every element, and what is to be fixed
//	*:4                        the same with information
//	videotestsrc:5,queue*:LOG  more of those elements, nothing of others
//
// A level is a number (0 none, 1 error, 2 warning, 3 fixme, 4 info, 5 debug,
// 6 log, 7 trace, 9 memdump) or its name. What is before the colon is the kind of
// an element or its name in the pipeline, with * for any letters and ? for one. Of
// several that fit the last counts. The zero value shows nothing. It may be used
// from any goroutine.
type DebugLevels struct{ rules atomic.Pointer[[]debugRule] }

type debugRule struct {
	pattern string
	at      slog.Level
}

// Set replaces the levels, also while pipelines run. On an error, which names the
// word that is wrong, they stay.
func (l *DebugLevels) Set(text string) error {
	var rules []debugRule
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		pattern, level := "*", word
		if i := strings.LastIndexByte(word, ':'); i >= 0 {
			pattern, level = strings.TrimSpace(word[:i]), strings.TrimSpace(word[i+1:])
		}
		at, ok := parseDebugLevel(level)
		if !ok || pattern == "" {
			return fmt.Errorf("debug levels: %q is not a level or PATTERN:LEVEL; levels are 0 to 9, NONE, ERROR, WARN, FIXME, INFO, DEBUG, LOG, TRACE or MEMDUMP, as in *:2,videotestsrc:5", word)
		}
		rules = append(rules, debugRule{pattern, at})
	}
	l.rules.Store(&rules)
	return nil
}

func parseDebugLevel(s string) (at slog.Level, ok bool) {
	if n, err := strconv.Atoi(s); err == nil {
		if n < 0 || n >= len(debugLevels) {
			return 0, false
		}
		return debugLevels[n].at, true
	}
	if strings.EqualFold(s, "WARNING") {
		s = "WARN"
	}
	for _, l := range debugLevels {
		if strings.EqualFold(s, l.name) {
			return l.at, true
		}
	}
	return 0, false
}

// Of is the name of the level that holds for an element of that kind and name, such
// as "WARN"; "NONE" if nothing of it is shown.
func (l *DebugLevels) Of(kind, name string) string {
	at, ok := l.find(kind, name)
	if !ok || at > slog.LevelError {
		return debugLevels[0].name
	}
	return debugLevelName(at)
}

// shows says whether lines of that level are written for an element.
func (l *DebugLevels) shows(level slog.Level, kind, name string) bool {
	at, ok := l.find(kind, name)
	return ok && level >= at
}

// find is the least level that is shown of an element.
func (l *DebugLevels) find(kind, name string) (at slog.Level, ok bool) {
	rules := l.rules.Load()
	if rules == nil {
		return 0, false
	}
	for i := len(*rules) - 1; i >= 0; i-- {
		if r := (*rules)[i]; wildcard(r.pattern, kind) || wildcard(r.pattern, name) {
			return r.at, true
		}
	}
	return 0, false
}

// wildcard reports whether s is what the pattern describes: * stands for any
// bytes, ? for one.
func wildcard(pattern, s string) bool {
	retry, from := -1, 0 // behind the latest *, and where in s it was tried last
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			p++
			retry, from = p, i
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case retry >= 0:
			from++
			p, i = retry, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// Handler writes the log lines that the levels show, one line each: the time since
// now, the level, what happened, the element and its kind. Give a logger with it
// to [Options].
func (l *DebugLevels) Handler(w io.Writer) slog.Handler {
	began := time.Now()
	text := slog.NewTextHandler(w, &slog.HandlerOptions{Level: LevelMemdump, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		switch {
		case len(groups) > 0:
		case a.Key == slog.TimeKey:
			return slog.String(slog.TimeKey, strconv.FormatFloat(a.Value.Time().Sub(began).Seconds(), 'f', 6, 64))
		case a.Key == slog.LevelKey:
			return slog.String(slog.LevelKey, debugLevelName(a.Value.Any().(slog.Level)))
		}
		return a
	}})
	return &debugHandler{levels: l, text: text}
}

func debugLevelName(level slog.Level) string {
	for _, l := range debugLevels[1:] {
		if level >= l.at {
			return l.name
		}
	}
	return debugLevels[len(debugLevels)-1].name
}

// debugHandler leaves out what the levels do not show.
type debugHandler struct {
	levels     *DebugLevels
	text       slog.Handler
	kind, name string
	grouped    bool
}

func (h *debugHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.levels.shows(level, h.kind, h.name)
}

func (h *debugHandler) Handle(ctx context.Context, r slog.Record) error { return h.text.Handle(ctx, r) }

func (h *debugHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	next := *h
	next.text = h.text.WithAttrs(attrs)
	for _, a := range attrs {
		switch {
		case h.grouped:
		case a.Key == "element":
			next.name = a.Value.String()
		case a.Key == "kind":
			next.kind = a.Value.String()
		}
	}
	return &next
}

func (h *debugHandler) WithGroup(name string) slog.Handler {
	next := *h
	next.text, next.grouped = h.text.WithGroup(name), true
	return &next
}
