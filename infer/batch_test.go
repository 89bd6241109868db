package infer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer"
	"github.com/eiengine/eiengine/infer/backend"
)

// bench judges up to max pictures in one run; its label says which picture it saw.
type bench struct {
	info   backend.Info
	inputs [][]float32
	log    *benchLog
	hold   func(ctx context.Context, pictures []float32) error // called in each run
	cost   func(n int) time.Duration
}

// benchLog is what all benches of a test have done.
type benchLog struct {
	mu      sync.Mutex
	runs    []run
	opened  int
	closed  int
	unasked bool // an input was used that nobody had filled
}

type run struct {
	pictures []float32
	score    float64
}

func newBench(max int, log *benchLog) *bench {
	const side = 8
	b := &bench{log: log, info: backend.Info{
		Type: backend.Classification, Sensor: backend.SensorCamera, InputFeatures: side * side,
		ImageWidth: side, ImageHeight: side, ImageChannels: 3, ImageFrames: 1, Resize: backend.ResizeSquash,
		Thresholds: []backend.Threshold{{ID: 1, Type: "score", Values: map[string]float64{"min": 0.5}}},
	}}
	for range max {
		b.inputs = append(b.inputs, make([]float32, side*side))
	}
	b.forget()
	log.mu.Lock()
	log.opened++
	log.mu.Unlock()
	return b
}

// forget makes inputs unusable until they are filled again.
func (b *bench) forget() {
	for _, in := range b.inputs {
		in[0] = -1
	}
}

func (b *bench) Info() *backend.Info        { return &b.info }
func (b *bench) Input() []float32           { return b.inputs[0] }
func (b *bench) MaxBatch() int              { return len(b.inputs) }
func (b *bench) BatchInput(i int) []float32 { return b.inputs[i] }

func (b *bench) Classify(ctx context.Context) (*backend.Result, error) {
	all, err := b.ClassifyBatch(ctx, 1)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (b *bench) ClassifyBatch(ctx context.Context, n int) (all []*backend.Result, err error) {
	var pictures []float32
	for _, in := range b.inputs[:n] {
		pictures = append(pictures, in[0])
	}
	b.log.note(run{pictures, b.info.Thresholds[0].Values["min"]})
	defer b.forget()
	if b.cost != nil {
		for until := time.Now().Add(b.cost(n)); time.Now().Before(until); {
		}
	}
	if b.hold != nil {
		if err := b.hold(ctx, pictures); err != nil {
			return nil, err
		}
	}
	for _, p := range pictures {
		all = append(all, &backend.Result{Classification: []backend.Score{{Label: fmt.Sprint(int(p)), Value: 1}}})
	}
	return all, nil
}

func (b *bench) ClassifyContinuous(context.Context) (*backend.Result, error) {
	return nil, errors.New("pictures only")
}

func (b *bench) SetThreshold(_ context.Context, _ int, values map[string]float64) error {
	b.info.Thresholds[0].Values["min"] = values["min"]
	return nil
}

func (b *bench) Close() error {
	b.log.mu.Lock()
	b.log.closed++
	b.log.mu.Unlock()
	return nil
}

func (l *benchLog) note(r run) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.runs = append(l.runs, r)
	l.unasked = l.unasked || slices.Contains(r.pictures, -1)
}

// largest is how many frames the fullest run had, and how many all had.
func (l *benchLog) largest() (largest, all int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.runs {
		largest, all = max(largest, len(r.pictures)), all+len(r.pictures)
	}
	return largest, all
}

const benchPath = "test:bench"

// marked pictures say in each pixel which stream they are of, and their number there.
func marked(t testing.TB, stream, n int) *feeder {
	return pictures(t, n, frames.VideoInfo{Format: frames.RGB, Width: 8, Height: 8}, func(i int, p frames.Picture) {
		for k := 0; k < len(p.Data[0])-2; k += 3 {
			p.Data[0][k], p.Data[0][k+1], p.Data[0][k+2] = byte(stream), byte(i>>8), byte(i)
		}
	})
}

// markOf is the label of such a picture.
func markOf(stream, i int) string { return strconv.Itoa(stream<<16 | i) }

// parallelStreams are n streams of a rig, "FEED ! edgeimpulsevideoinfer PROPS(i) ! SINK".
func parallelStreams(t testing.TB, n int, feed func(i int) *feeder, props func(i int) string) (*rig, []*collector) {
	var lines []string
	var more []eiengine.Factory
	outs := make([]*collector, n)
	for i := range n {
		outs[i] = &collector{}
		more = append(more, source(fmt.Sprintf("feed%d", i), feed(i)))
		line := fmt.Sprintf("feed%d ! edgeimpulsevideoinfer name=net%d %s", i, i, props(i))
		if i < n-1 {
			more = append(more, eiengine.Factory{
				Name: fmt.Sprintf("sink%d", i), Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
				New: func() eiengine.Element { return outs[i] },
			})
			line += fmt.Sprintf(" ! sink%d", i)
		}
		lines = append(lines, line)
	}
	r := newRigOf(t, strings.Join(lines, " "), more...)
	outs[n-1] = r.out
	return r, outs
}

// ownResults wants each frame once, in order, with the result of its own picture.
func ownResults(t *testing.T, stream, n int, out *collector) {
	t.Helper()
	if got := out.count(); got != n {
		t.Errorf("stream %d: %d frames of %d came out", stream, got, n)
	}
	for i, f := range out.frames {
		if f.seq != uint64(i) || f.result == nil {
			t.Fatalf("stream %d: frame %d has number %d, judged %v", stream, i, f.seq, f.result != nil)
		}
		if top, _ := f.result.Result.Top(); top.Label != markOf(stream, i) {
			t.Fatalf("stream %d: frame %d has the answer to %s, not to %s", stream, i, top.Label, markOf(stream, i))
		}
	}
}

func TestWaitingFramesShareARun(t *testing.T) {
	for _, workers := range []int{1, 2} {
		t.Run(fmt.Sprint("workers=", workers), func(t *testing.T) {
			const streams, n, most = 8, 200, 6
			var log benchLog
			// The first run ends when all streams wait.
			var waiting sync.WaitGroup
			waiting.Add(streams)
			infer.OpenInstead(t, benchPath, func() (backend.Model, error) {
				b := newBench(most, &log)
				b.hold = func(context.Context, []float32) error {
					waiting.Wait()
					return nil
				}
				return b, nil
			})
			feed := func(i int) *feeder {
				src := marked(t, i, n)
				fill := src.fill
				src.fill = func(k int, f *frames.Frame) error {
					if k == 2*workers { // as many as its window holds are waiting
						waiting.Done()
					}
					return fill(k, f)
				}
				return src
			}
			r, outs := parallelStreams(t, streams, feed, func(int) string { return fmt.Sprintf("workers=%d model-path=%s", workers, benchPath) })
			r.run()
			for i, out := range outs {
				ownResults(t, i, n, out)
			}
			largest, all := log.largest()
			if largest != most || all != streams*n || log.unasked {
				t.Errorf("the largest run had %d frames of %d, all had %d of %d; inputs left empty: %v", largest, most, all, streams*n, log.unasked)
			}
			t.Logf("%d frames in %d runs", all, len(log.runs))
		})
	}
}

// A frame alone is asked about at once, and so is the next, whatever a run could hold.
func TestNoRunWaitsForMore(t *testing.T) {
	const n = 50
	var log benchLog
	infer.OpenInstead(t, benchPath, func() (backend.Model, error) { return newBench(8, &log), nil })
	s := newSteps(t, nil)
	r := newRigOf(t, "feed ! edgeimpulsevideoinfer model-path="+benchPath, stepsFactory(s))
	answered := make(chan struct{}, 1)
	r.out.each = func(int) { answered <- struct{}{} }
	r.p.SetState(eiengine.Playing)
	s.begin()
	for range n {
		s.send(1)
		<-answered
	}
	s.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if largest, all := log.largest(); largest != 1 || all != n {
		t.Errorf("%d frames, up to %d in a run", all, largest)
	}
}

func TestOnlyEqualThresholdsShareARun(t *testing.T) {
	const streams, n = 8, 100
	var log benchLog
	infer.OpenInstead(t, benchPath, func() (backend.Model, error) { return newBench(8, &log), nil })
	r, outs := parallelStreams(t, streams, func(i int) *feeder { return marked(t, i, n) }, func(i int) string {
		return fmt.Sprintf("threshold=1.min=0.%d model-path=%s", 1+i%2, benchPath)
	})
	r.run()
	for i, out := range outs {
		ownResults(t, i, n, out)
	}
	for _, run := range log.runs {
		for _, p := range run.pictures {
			if want := 0.1 + 0.1*float64(int(p)>>16%2); run.score != want {
				t.Fatalf("a picture of stream %d was judged at %v, not %v", int(p)>>16, run.score, want)
			}
		}
	}
	if largest, all := log.largest(); all != streams*n {
		t.Errorf("%d frames were judged of %d, up to %d in a run", all, streams*n, largest)
	}
}

// An error of a run is told of each of its frames, and of no other.
func TestFailedRunFailsEachOfItsFrames(t *testing.T) {
	const streams, n = 4, 100
	var log benchLog
	var mu sync.Mutex
	failed := map[int]bool{}
	infer.OpenInstead(t, benchPath, func() (backend.Model, error) {
		b := newBench(4, &log)
		b.hold = func(_ context.Context, pictures []float32) error {
			mu.Lock()
			defer mu.Unlock()
			if !slices.ContainsFunc(pictures, func(p float32) bool { return int(p)%10 == 3 }) {
				return nil
			}
			for _, p := range pictures {
				failed[int(p)] = true
			}
			if len(pictures) > 2 {
				panic("oh")
			}
			return errors.New("no answer today")
		}
		return b, nil
	})
	r, outs := parallelStreams(t, streams, func(i int) *feeder { return marked(t, i, n) }, func(int) string { return "model-path=" + benchPath })
	r.run()
	for i, out := range outs {
		if out.count() != n {
			t.Errorf("stream %d: %d frames of %d", i, out.count(), n)
		}
		for k, f := range out.frames {
			if judged := f.result != nil; f.seq != uint64(k) || judged == failed[i<<16|k] {
				t.Fatalf("stream %d: frame %d has number %d, judged %v, in a run that failed %v", i, k, f.seq, judged, failed[i<<16|k])
			}
		}
	}
	if got := len(payloads[*bus.InferenceFailed](r)); got != len(failed) || got < streams*n/10 {
		t.Errorf("%d messages of %d frames that failed", got, len(failed))
	}
}

// Models are changed with runs under way: each frame is answered once.
func TestSwapWithFullRunsUnderWay(t *testing.T) {
	const streams, n = 8, 300
	var log benchLog
	infer.OpenInstead(t, benchPath, func() (backend.Model, error) { return newBench(8, &log), nil })
	infer.OpenInstead(t, benchPath+"2", func() (backend.Model, error) { return newBench(3, &log), nil })
	r, outs := parallelStreams(t, streams, func(i int) *feeder { return marked(t, i, n) }, func(int) string { return "model-path=" + benchPath })
	for i, out := range outs {
		out.each = func(k int) {
			if k%60 != 30+i {
				return
			}
			if err := r.p.Set(fmt.Sprint("net", i), "model-path", benchPath+[]string{"2", ""}[k/60%2]); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	for i, out := range outs {
		ownResults(t, i, n, out)
	}
	if _, all := log.largest(); all != streams*n {
		t.Errorf("%d frames were judged of %d", all, streams*n)
	}
	if err := r.engine.Close(); err != nil {
		t.Error(err)
	}
	if log.opened != log.closed {
		t.Errorf("%d models were opened, %d closed", log.opened, log.closed)
	}
}

// A stream stops while a run that has a frame of it hangs: that run is cut short,
// and the frames of the others are judged in another.
func TestStopCutsARunShortForItsOwnFramesOnly(t *testing.T) {
	const streams = 4
	var log benchLog
	stuck := make(chan struct{})
	infer.OpenInstead(t, benchPath, func() (backend.Model, error) {
		b := newBench(streams, &log)
		hung := false
		b.hold = func(ctx context.Context, pictures []float32) error {
			own := slices.ContainsFunc(pictures, func(p float32) bool { return int(p)>>16 == 0 })
			if hung || !own || len(pictures) < 2 {
				return nil
			}
			hung = true
			close(stuck)
			<-ctx.Done()
			return ctx.Err()
		}
		return b, nil
	})
	// The first stream is a pipeline of its own and never ends by itself.
	e := newRig(t, marked(t, 0, 1<<30), "edgeimpulsevideoinfer model-path="+benchPath)
	var others []*eiengine.Pipeline
	outs := make([]*collector, streams)
	reg := e.engine.Registry()
	for i := 1; i < streams; i++ {
		outs[i] = &collector{}
		src, out := fmt.Sprint("feed", i), fmt.Sprint("sink", i)
		for _, f := range []eiengine.Factory{source(src, marked(t, i, 200)), {
			Name: out, Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())}, New: func() eiengine.Element { return outs[i] },
		}} {
			if err := reg.Register(f); err != nil {
				t.Fatal(err)
			}
		}
		p, err := e.engine.Launch(src + " ! edgeimpulsevideoinfer model-path=" + benchPath + " ! " + out)
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, p)
		p.SetState(eiengine.Playing)
	}
	e.p.SetState(eiengine.Playing)
	<-stuck
	if err := e.p.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	for i, p := range others {
		if err := p.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		ownResults(t, i+1, 200, outs[i+1])
	}
}

// BenchmarkBatches is how many frames a second eight streams get out of one model,
// whose run costs 0.4 ms and 0.1 ms for each frame in it.
func BenchmarkBatches(b *testing.B) {
	for _, most := range []int{1, 8} {
		b.Run(fmt.Sprint("up-to-", most), func(b *testing.B) {
			var log benchLog
			infer.OpenInstead(b, benchPath, func() (backend.Model, error) {
				m := newBench(most, &log)
				m.cost = func(n int) time.Duration { return time.Duration(400+100*n) * time.Microsecond }
				return m, nil
			})
			streamsRate(b, 8, 8, "model-path="+benchPath)
			_, all := log.largest()
			b.ReportMetric(float64(all)/float64(len(log.runs)), "frames/run")
		})
	}
}
