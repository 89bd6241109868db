package infer

import (
	"context"
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"log/slog"
)

// raised shows debugging lines at level Info: somebody asked for them by name.
type raised struct{ slog.Handler }

func raiseLevel(l *slog.Logger) *slog.Logger { return slog.New(raised{l.Handler()}) }

// Enabled implements slog.Handler.
func (r raised) Enabled(ctx context.Context, level slog.Level) bool {
	return r.Handler.Enabled(ctx, max(level, slog.LevelInfo))
}

// Handle implements slog.Handler.
func (r raised) Handle(ctx context.Context, rec slog.Record) error {
	rec.Level = max(rec.Level, slog.LevelInfo)
	return r.Handler.Handle(ctx, rec)
}

// WithAttrs implements slog.Handler.
func (r raised) WithAttrs(a []slog.Attr) slog.Handler { return raised{r.Handler.WithAttrs(a)} }

// WithGroup implements slog.Handler.
func (r raised) WithGroup(name string) slog.Handler { return raised{r.Handler.WithGroup(name)} }

// logExchange logs what was asked and answered, if the model was loaded for that.
func (m *model) logExchange(c *eiengine.Ctx, inf *bus.Inference) {
	if !m.debug {
		return
	}
	text, err := inf.ResultJSON()
	if err != nil {
		text = []byte(err.Error())
	}
	c.Log().Info("model answered", "model", m.path, "pts", inf.Timestamp, "features", m.info.InputFeatures,
		"resize", inf.Resize, "took", inf.Timing, "timing", inf.Result.Timing, "result", string(text))
}
