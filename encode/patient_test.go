package encode

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"syscall"
	"testing"
	"time"
)

// denying refuses some writes, after half of their bytes.
type denying struct {
	bytes.Buffer
	refuse int
}

func (d *denying) Write(b []byte) (int, error) {
	if d.refuse == 0 {
		return d.Buffer.Write(b)
	}
	d.refuse--
	n, _ := d.Buffer.Write(b[:len(b)/2])
	return n, &fs.PathError{Op: "write", Path: "x", Err: syscall.EACCES}
}

func TestPatientWriterGoesOnTrying(t *testing.T) {
	to := &denying{refuse: 3}
	w := &patientWriter{ctx: context.Background(), to: to, patience: time.Minute}
	if n, err := w.Write([]byte("hello")); n != 5 || err != nil || to.String() != "hello" {
		t.Errorf("%d bytes, %v: %q", n, err, to)
	}
}

func TestPatientWriterGivesUp(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	for name, w := range map[string]*patientWriter{
		"none":    {ctx: context.Background()},
		"over":    {ctx: context.Background(), patience: time.Nanosecond},
		"stopped": {ctx: ended, patience: time.Hour},
	} {
		to := &denying{refuse: 1 << 30}
		w.to = to
		if _, err := w.Write([]byte("x")); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
