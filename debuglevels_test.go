package eiengine_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

func TestDebugLevelsFilterByElement(t *testing.T) {
	for _, c := range []struct {
		levels, kind, name string
		level              slog.Level
		want               bool
	}{
		{"", "queue", "queue0", slog.LevelError, false},
		{"0", "queue", "queue0", slog.LevelError, false},
		{"1", "queue", "queue0", slog.LevelError, true},
		{"1", "queue", "queue0", slog.LevelWarn, false},
		{"3", "queue", "queue0", slog.LevelWarn, true},
		{"3", "queue", "queue0", slog.LevelInfo, false},
		{"*:4", "queue", "queue0", slog.LevelInfo, true},
		{"*:info", "queue", "queue0", slog.LevelInfo, true},
		{"*:WARNING", "queue", "queue0", slog.LevelInfo, false},
		{"videotestsrc:5,queue*:6", "queue2", "q", eiengine.LevelLog, true},
		{"videotestsrc:5,queue*:6", "videotestsrc", "v", eiengine.LevelLog, false},
		{"videotestsrc:5,queue*:6", "videotestsrc", "v", slog.LevelDebug, true},
		{"videotestsrc:5,queue*:6", "fakesink", "f", slog.LevelError, false},
		{"*:2,queue:5", "queue", "q", slog.LevelDebug, true},
		{"queue:5,*:2", "queue", "q", slog.LevelDebug, false}, // the last that fits
		{" queue : 5 ,", "queue", "q", slog.LevelDebug, true},
		{"front:9", "queue", "front", eiengine.LevelMemdump, true}, // by name
		{"f*t:trace", "queue", "front", eiengine.LevelTrace, true},
		{"fr?nt:trace", "queue", "front", eiengine.LevelTrace, true},
		{"decodebin*:5", "pngdec", "decodebin0/pngdec0", slog.LevelDebug, true},
		{"QUEUE:5", "queue", "q", slog.LevelError, false},
	} {
		var l eiengine.DebugLevels
		if err := l.Set(c.levels); err != nil {
			t.Errorf("%q: %v", c.levels, err)
		}
		log := slog.New(l.Handler(nil)).With("element", c.name, "kind", c.kind)
		if got := log.Enabled(context.Background(), c.level); got != c.want {
			t.Errorf("%q: level %d of %s %s: shown %v, want %v", c.levels, c.level, c.kind, c.name, got, c.want)
		}
	}
}

func TestDebugLevelsNameWhatIsWrong(t *testing.T) {
	for levels, word := range map[string]string{
		"foo": "foo", "queue:": "queue:", ":5": ":5", "*:2,queue:loud": "queue:loud", "10": "10", "-1": "-1",
	} {
		var l eiengine.DebugLevels
		err := l.Set(levels)
		if err == nil || !strings.Contains(err.Error(), `"`+word+`"`) || !strings.Contains(err.Error(), "videotestsrc:5") {
			t.Errorf("%q: %v", levels, err)
		}
	}
}

func TestDebugLevelsChangeWhileRunning(t *testing.T) {
	var out strings.Builder
	var l eiengine.DebugLevels
	log := slog.New(l.Handler(&out)).With("element", "q", "kind", "queue")
	log.Error("first")
	if err := l.Set("queue:5"); err != nil {
		t.Fatal(err)
	}
	log.Debug("second", "n", 2)
	if err := l.Set("queue:nonsense"); err == nil {
		t.Error("nonsense was taken")
	}
	log.Log(context.Background(), eiengine.LevelFixme, "third")
	if err := l.Set("0"); err != nil {
		t.Fatal(err)
	}
	log.Error("fourth")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], " level=DEBUG msg=second element=q kind=queue n=2") ||
		!strings.Contains(lines[1], " level=FIXME msg=third ") {
		t.Errorf("have\n%s", &out)
	}
}

func FuzzDebugLevels(f *testing.F) {
	f.Add("*:2,queue*:LOG", "queue")
	f.Add("3", "")
	f.Add("***a*?:5", "aaaaab")
	f.Fuzz(func(t *testing.T, levels, kind string) {
		var l eiengine.DebugLevels
		if err := l.Set(levels); err != nil {
			return
		}
		slog.New(l.Handler(nil)).With("kind", kind).Enabled(context.Background(), slog.LevelDebug)
	})
}
