package infer_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// gate holds up the requests of model processes until a test lets them through. Two
// named pipes in a folder: what was begun, and the permissions to go on.
type gate struct {
	began, leave *os.File
	pid          int
}

func openGate(dir string) (*gate, error) {
	g := &gate{pid: os.Getpid()}
	var err error
	if g.began, err = os.OpenFile(filepath.Join(dir, "began"), os.O_RDWR, 0); err != nil {
		return nil, err
	}
	g.leave, err = os.OpenFile(filepath.Join(dir, "leave"), os.O_RDWR, 0)
	return g, err
}

func newGate(t *testing.T) (*gate, string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"began", "leave"} {
		if err := unix.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g, err := openGate(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.began.Close(); g.leave.Close() })
	return g, dir
}

// pass is called in the model's process.
func (g *gate) pass(picture int) error {
	if _, err := fmt.Fprintf(g.began, "%10d %10d\n", g.pid, picture); err != nil {
		return err
	}
	_, err := io.ReadFull(g.leave, make([]byte, 1))
	return err
}

// next waits for the next request: which process has it, and which picture.
func (g *gate) next(t *testing.T) (pid, picture int) {
	t.Helper()
	line := make([]byte, 22)
	if err := g.began.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(g.began, line); err != nil {
		t.Fatal("no further request: ", err)
	}
	if _, err := fmt.Sscan(string(line), &pid, &picture); err != nil {
		t.Fatal(err)
	}
	return pid, picture
}

// open lets n requests through.
func (g *gate) open(t *testing.T, n int) {
	t.Helper()
	if _, err := g.leave.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
}

// gated is viewer behind a gate.
func gated(t *testing.T) (probeSpec, *gate) {
	g, dir := newGate(t)
	spec := viewer(backend.ResizeSquash)
	spec.Gate = dir
	return spec, g
}

// numbered pictures have their number in each pixel.
func numbered(t testing.TB, n int) *feeder {
	return pictures(t, n, frames.VideoInfo{Format: frames.RGB, Width: 60, Height: 40, FPS: frames.Fraction{Num: 30, Den: 1}},
		func(i int, p frames.Picture) {
			for k := range p.Data[0] {
				p.Data[0][k] = byte(i)
			}
		})
}

// pictureNumber is the number of the picture that a model was fed.
func pictureNumber(in []float32) int {
	r, _, _ := backend.UnpackPixel(in[0])
	return int(r)
}

// steps is a source that gives a numbered picture when it is told to.
type steps struct {
	*feeder
	ready, step chan struct{}
}

func newSteps(t testing.TB, clock eiengine.Clock) *steps {
	s := &steps{feeder: numbered(t, 1<<30), ready: make(chan struct{}), step: make(chan struct{})}
	fill := s.fill
	s.fill = func(i int, f *frames.Frame) error {
		s.ready <- struct{}{}
		if _, more := <-s.step; !more {
			return io.EOF
		}
		f.Mono = frames.NoTime
		if clock != nil {
			f.Mono = clock.Now()
		}
		return fill(i, f)
	}
	return s
}

// begin returns when the source is asked for its first picture.
func (s *steps) begin() { <-s.ready }

// send gives n pictures and returns when the elements have taken them.
func (s *steps) send(n int) {
	for range n {
		s.step <- struct{}{}
		<-s.ready
	}
}

// end ends the stream.
func (s *steps) end() { close(s.step) }
