package eim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// maxReply bounds one reply; freeform models without shared memory send long
// ones.
const maxReply = 64 << 20

// bigRequest is the size above which a write may block on a model that does
// not read, so that cancelling has to interrupt it.
const bigRequest = 16 << 10

// maxRequest is where models end, having read that much of one request.
const maxRequest = 32 << 20

// errClosing ends a request because Close was called.
var errClosing = errors.New("the model is being closed")

var errUnasked = errors.New("the model sent something that nobody asked for")

// conn is the one connection to a process: one request, one reply.
//
// A goroutine reads, so that waiting can end by reply, deadline, cancellation
// and close alike without a goroutine or a timer being made per request. The
// reader and the caller take turns with the buffer.
type conn struct {
	nc      net.Conn
	lines   chan line
	resume  chan struct{}
	stop    chan struct{}
	ended   chan struct{}
	timer   *time.Timer
	pending bool // the reader waits for resume
}

// line is one reply, valid until resume, or why there is none.
type line struct {
	b   []byte
	err error
}

func newConn(nc net.Conn) *conn {
	c := &conn{
		nc: nc, lines: make(chan line), resume: make(chan struct{}),
		stop: make(chan struct{}), ended: make(chan struct{}), timer: time.NewTimer(time.Hour),
	}
	c.timer.Stop()
	go c.read()
	return c
}

// dial connects as soon as the process listens. The socket appears before it
// listens, so both errors mean "not yet".
func dial(ctx context.Context, p *process) (*conn, error) {
	pause := time.Millisecond
	t := time.NewTimer(pause)
	defer t.Stop()
	for {
		nc, err := net.Dial("unix", p.socket())
		if err == nil {
			return newConn(nc), nil
		}
		if !errors.Is(err, syscall.ENOENT) && !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, fmt.Errorf("cannot connect: %w", err)
		}
		select {
		case <-p.done:
			return nil, fmt.Errorf("%s before it opened its socket; is it a .eim model?", exitText(p.end))
		case <-ctx.Done():
			return nil, fmt.Errorf("it did not open its socket: %w", context.Cause(ctx))
		case <-t.C:
		}
		pause = min(2*pause, 10*time.Millisecond)
		t.Reset(pause)
	}
}

func (c *conn) read() {
	defer close(c.ended)
	var buf []byte
	var scanned int
	for {
		if i := bytes.IndexByte(buf[scanned:], 0); i >= 0 {
			end := scanned + i
			msg := bytes.TrimSpace(buf[:end])
			if len(msg) > 0 && !c.deliver(line{b: msg}) {
				return
			}
			buf = buf[:copy(buf, buf[end+1:])]
			scanned = 0
			continue
		}
		scanned = len(buf)
		if len(buf) >= maxReply {
			c.deliver(line{err: fmt.Errorf("reply is longer than %d bytes", maxReply)})
			return
		}
		if cap(buf)-len(buf) < 4096 {
			grown := make([]byte, len(buf), max(2*cap(buf), 16<<10))
			copy(grown, buf)
			buf = grown
		}
		n, err := c.nc.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil && n == 0 {
			if err == io.EOF {
				err = errors.New("the model closed the connection")
			}
			c.deliver(line{err: err})
			return
		}
	}
}

// deliver hands a line over and waits until it has been used.
func (c *conn) deliver(l line) bool {
	select {
	case c.lines <- l:
	case <-c.stop:
		return false
	}
	if l.err != nil {
		return false
	}
	select {
	case <-c.resume:
		return true
	case <-c.stop:
		return false
	}
}

// roundTrip sends one request and gives its reply, which is valid until the
// next call. Any error leaves the stream in doubt.
func (c *conn) roundTrip(ctx context.Context, closing <-chan struct{}, req []byte, timeout time.Duration) ([]byte, error) {
	if err := c.settle(); err != nil {
		return nil, err
	}
	c.timer.Reset(timeout)
	defer c.timer.Stop()
	if err := c.write(ctx, req, timeout); err != nil {
		return nil, err
	}
	select {
	case l := <-c.lines:
		c.pending = l.err == nil
		return l.b, l.err
	case <-c.timer.C:
		return nil, fmt.Errorf("%w: none after %v", ErrTimeout, timeout)
	case <-ctx.Done():
		return nil, fmt.Errorf("cancelled in the middle of a request: %w", ctx.Err())
	case <-closing:
		return nil, errClosing
	}
}

// settle gives the last reply's buffer back and looks for what came since.
func (c *conn) settle() error {
	if c.pending {
		c.pending = false
		select {
		case c.resume <- struct{}{}:
		case <-c.ended:
		}
	}
	select {
	case l := <-c.lines:
		if l.err != nil {
			return l.err
		}
		c.pending = true
		return errUnasked
	default:
		return nil
	}
}

func (c *conn) write(ctx context.Context, req []byte, timeout time.Duration) error {
	if err := c.nc.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	if len(req) > bigRequest {
		stop := context.AfterFunc(ctx, func() { c.nc.SetWriteDeadline(time.Unix(1, 0)) })
		defer stop()
	}
	_, err := c.nc.Write(req)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("cancelled in the middle of a request: %w", ctx.Err())
	case errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNRESET):
		return errors.New("the model closed the connection")
	case isTimeout(err):
		return fmt.Errorf("%w: request not read after %v", ErrTimeout, timeout)
	}
	return err
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// hangUp ends whatever goes on, from any goroutine.
func (c *conn) hangUp() { c.nc.Close() }

// close hangs up and waits for the reader. Not during a round trip.
func (c *conn) close() {
	c.hangUp()
	close(c.stop)
	<-c.ended
	c.timer.Stop()
}
