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

// maxRequest is where models end, having read that much of one request.
const maxRequest = 32 << 20

var (
	errUnasked   = errors.New("the model sent something that nobody asked for")
	errHungUp    = errors.New("the model closed the connection")
	errCancelled = errors.New("cancelled in the middle of a request")
)

// conn is the one connection to a process: one request, one reply. Whoever asks
// reads the reply, since each goroutine that has to be woken on the way costs more
// than the rest of a round trip.
type conn struct {
	nc   *wire
	buf  []byte // what was read; the last reply and what followed it
	used int    // of buf: the last reply
	limit
}

func newConn(uc *net.UnixConn) (*conn, error) {
	nc, err := newWire(uc)
	if err != nil {
		return nil, err
	}
	c := &conn{nc: nc, buf: make([]byte, 0, 16<<10)}
	c.limit.init(c.hangUp)
	return c, nil
}

// dial connects as soon as the process listens. The socket appears before it
// listens, so both errors mean "not yet".
func dial(ctx context.Context, p *process) (*conn, error) {
	pause := time.Millisecond
	t := time.NewTimer(pause)
	defer t.Stop()
	for {
		nc, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: p.socket(), Net: "unix"})
		if err == nil {
			return newConn(nc)
		}
		if !errors.Is(err, syscall.ENOENT) && !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, fmt.Errorf("cannot connect: %w", err)
		}
		select {
		case <-p.done:
			return nil, fmt.Errorf("%s before it opened its socket (is it a .eim model?)", exitText(p.end))
		case <-ctx.Done():
			return nil, fmt.Errorf("it did not open its socket: %w", context.Cause(ctx))
		case <-t.C:
		}
		pause = min(2*pause, 10*time.Millisecond)
		t.Reset(pause)
	}
}

// roundTrip sends one request and gives its reply.
func (c *conn) roundTrip(ctx context.Context, req []byte, timeout time.Duration) ([]byte, error) {
	if err := c.send(ctx, req, timeout); err != nil {
		return nil, err
	}
	return c.receive()
}

// send begins a request, whose reply has to be there within timeout, and before ctx
// ends. Any error, here and of receive, leaves the stream in doubt. What came unasked
// and was not read with the last reply is going to be read in place of the next one,
// and is told from it by its id.
func (c *conn) send(ctx context.Context, req []byte, timeout time.Duration) error {
	if !blank(c.buf[c.used:]) {
		return errUnasked
	}
	c.buf, c.used = c.buf[:0], 0
	c.begin(ctx, timeout)
	if _, err := c.nc.Write(req); err != nil {
		if cut := c.end(); cut != nil {
			return cut
		}
		return explainHangUp(err)
	}
	return nil
}

// receive gives the reply to what was sent. It is valid until the next send.
func (c *conn) receive() ([]byte, error) {
	msg, err := c.read()
	if cut := c.end(); cut != nil {
		return nil, cut
	}
	return msg, explainHangUp(err)
}

// read reads until there is a message, which ends at a zero.
func (c *conn) read() ([]byte, error) {
	begin, scanned := 0, 0
	for {
		if i := bytes.IndexByte(c.buf[scanned:], 0); i >= 0 {
			end := scanned + i
			msg := bytes.TrimSpace(c.buf[begin:end])
			begin, scanned = end+1, end+1
			if len(msg) > 0 {
				c.used = begin
				return msg, nil
			}
			continue
		}
		scanned = len(c.buf)
		if len(c.buf) >= maxReply {
			return nil, fmt.Errorf("reply is longer than %d bytes", maxReply)
		}
		if cap(c.buf)-len(c.buf) < 4096 {
			grown := make([]byte, len(c.buf), 2*cap(c.buf))
			copy(grown, c.buf)
			c.buf = grown
		}
		n, err := c.nc.Read(c.buf[len(c.buf):cap(c.buf)])
		c.buf = c.buf[:len(c.buf)+n]
		if err != nil && n == 0 {
			return nil, err
		}
	}
}

// blank reports whether b has nothing but what may stand between messages.
func blank(b []byte) bool { return len(bytes.Trim(b, "\x00 \t\r\n")) == 0 }

// explainHangUp tells the ways in which a connection ends by one name.
func explainHangUp(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return errHungUp
	}
	return err
}

// hangUp ends whatever goes on, from any goroutine.
func (c *conn) hangUp() { c.nc.Close() }

// close hangs up for good. Not during a request.
func (c *conn) close() {
	c.hangUp()
	c.limit.close()
}
