package infer_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
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
		Boxes          []rawBox `json:"bounding_boxes"`
		Tracks         []rawBox `json:"object_tracking"`
		Classification map[string]float64
		Anomaly        *float64
		Grid           []rawBox `json:"visual_anomaly_grid"`
		Max            float64  `json:"visual_anomaly_max"`
		Mean           float64  `json:"visual_anomaly_mean"`
		Freeform       [][]float32
	}
}

type rawBox struct {
	Label               string
	Value               float64
	X, Y, Width, Height float64 // whole numbers, but for those of tracked objects
	ObjectID            uint64  `json:"object_id"`
}

func (b rawBox) box() backend.Box {
	pixel := func(v float64) int { return int(math.Round(v)) }
	return backend.Box{Label: b.Label, Value: b.Value, X: pixel(b.X), Y: pixel(b.Y), Width: pixel(b.Width), Height: pixel(b.Height)}
}

func boxesOf(raw []rawBox) []backend.Box {
	if raw == nil {
		return nil
	}
	all := []backend.Box{}
	for _, b := range raw {
		all = append(all, b.box())
	}
	return all
}

// answer is the reply as a result, with the labels in the order of the alphabet.
func (r rawReply) answer() *backend.Result {
	in := &r.Result
	out := &backend.Result{Boxes: boxesOf(in.Boxes), Anomaly: in.Anomaly, Freeform: in.Freeform}
	for label, v := range in.Classification {
		out.Classification = append(out.Classification, backend.Score{Label: label, Value: v})
	}
	out.Classification = byLabel(out.Classification)
	if in.Tracks != nil {
		out.Tracks = []backend.Track{}
	}
	for _, b := range in.Tracks {
		out.Tracks = append(out.Tracks, backend.Track{Box: b.box(), ObjectID: b.ObjectID})
	}
	if in.Grid != nil {
		out.VisualAnomaly = &backend.VisualAnomaly{Grid: boxesOf(in.Grid), Max: in.Max, Mean: in.Mean}
	}
	return out
}

func byLabel(scores []backend.Score) []backend.Score {
	return slices.SortedFunc(slices.Values(scores), func(a, b backend.Score) int { return strings.Compare(a.Label, b.Label) })
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
