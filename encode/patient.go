package encode

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"
)

// patientWriter goes on trying for a while when a write is denied.
type patientWriter struct {
	ctx      context.Context // ends the trying
	to       io.Writer
	patience time.Duration
}

// retryEvery is the time between two attempts.
const retryEvery = 10 * time.Millisecond

func (w *patientWriter) Write(b []byte) (written int, err error) {
	var denied time.Time
	for {
		n, err := w.to.Write(b[written:])
		written += n
		if err == nil || w.patience <= 0 || !errors.Is(err, fs.ErrPermission) {
			return written, err
		}
		now := time.Now()
		if n > 0 || denied.IsZero() {
			denied = now
		}
		if now.Sub(denied) >= w.patience {
			return written, err
		}
		select {
		case <-time.After(retryEvery):
		case <-w.ctx.Done():
			return written, err
		}
	}
}
