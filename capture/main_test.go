package capture

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/virtmic"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, virtmic.Abandoned()...) }

// collect is a sink that keeps a copy of all it gets.
type collect struct {
	eiengine.Settings[eiengine.NoProps]
	got     []collected
	arrived chan struct{} // has one element once something came
}

type collected struct {
	format        *frames.Format
	data          []byte
	pts, duration time.Duration
	mono          time.Duration
	seq           uint64
	flags         frames.Flags
	picture       frames.Picture
	truth         *Truth
	heard         *SoundTruth
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "collect", LongName: "Collector", Class: "Sink", Description: "Keeps what it gets, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return &collect{arrived: make(chan struct{}, 1)} },
	})
}

func (s *collect) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	g := collected{
		format: in.Format, data: bytes.Clone(in.Bytes()), pts: in.PTS, duration: in.Duration, mono: in.Mono, seq: in.Seq, flags: in.Flags,
	}
	if in.Format.IsVideo() {
		g.picture = in.Format.Video.Picture(g.data, in.Layout())
	}
	g.truth, _ = frames.MetaOf[*Truth](in)
	g.heard, _ = frames.MetaOf[*SoundTruth](in)
	s.got = append(s.got, g)
	in.Release()
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	return nil
}

// run plays "text ! collect" to its end and gives what came out, and the warnings.
func run(t testing.TB, text string) ([]collected, []string, error) {
	t.Helper()
	p := graphtest.Launch(t, text+" ! collect name=out")
	warnings, err := watch(t, p)
	return p.Element("out").(*collect).got, warnings, err
}

// watch runs a pipeline and gives its warnings.
func watch(t testing.TB, p *eiengine.Pipeline) ([]string, error) {
	t.Helper()
	sub := p.Bus().Subscribe(64, bus.TypeWarning)
	err := p.Run(graphtest.Context(t))
	sub.Close()
	var warnings []string
	for _, w := range bus.Payloads[*bus.Warning](context.Background(), sub) {
		warnings = append(warnings, w.Text)
	}
	return warnings, err
}

// mustRun is run of a line that has nothing to complain about.
func mustRun(t testing.TB, text string) []collected {
	t.Helper()
	got, warnings, err := run(t, text)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	if len(warnings) > 0 {
		t.Errorf("%s\nwarnings: %q", text, warnings)
	}
	return got
}

// failing runs a line that must fail with an error that contains all of want.
func failing(t testing.TB, text string, want ...string) {
	t.Helper()
	_, _, err := run(t, text)
	if err == nil {
		t.Fatalf("%s\nran without an error", text)
	}
	t.Log(err)
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s\n got %v\nwant it to say %q", text, err, w)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%s\nmore than one line: %v", text, err)
	}
}

// write makes a file of its own for the test.
func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
