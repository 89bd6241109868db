package infer_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rawClient speaks to a model by hand, with nothing of package infer/eim: what it
// hears is what the elements are compared with.
type rawClient struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
	id   int
}

// rawReply is what matters of a reply.
type rawReply struct {
	Success bool
	Error   string
	Result  struct {
		Boxes []struct {
			Label               string
			Value               float64
			X, Y, Width, Height int
		} `json:"bounding_boxes"`
		Classification map[string]float64
	}
}

func dialRaw(t testing.TB, path string) *rawClient {
	t.Helper()
	sock := filepath.Join(t.TempDir(), "s")
	cmd := exec.Command(path, sock)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &rawClient{t: t}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(10 * time.Second); c.conn == nil; <-tick.C {
		var err error
		if c.conn, err = net.Dial("unix", sock); err != nil && time.Now().After(limit) {
			t.Fatal(err)
		}
	}
	c.r = bufio.NewReader(c.conn)
	t.Cleanup(func() {
		c.conn.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	})
	c.ask(`"hello":1`)
	return c
}

// ask sends one request, given without its id.
func (c *rawClient) ask(body string) (rep rawReply) {
	c.t.Helper()
	c.id++
	if _, err := fmt.Fprintf(c.conn, "{\"id\":%d,%s}\n", c.id, body); err != nil {
		c.t.Fatal(err)
	}
	line, err := c.r.ReadBytes(0)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(line[:len(line)-1], &rep); err != nil {
		c.t.Fatal(err)
	}
	if !rep.Success {
		c.t.Fatalf("the model answers %s", line)
	}
	return rep
}

// classify asks about whole numbers; request is "classify" or its continuous kin.
func (c *rawClient) classify(request string, features []float32) rawReply {
	c.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%q:[", request)
	for i, v := range features {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d", int(v))
	}
	b.WriteByte(']')
	return c.ask(b.String())
}
