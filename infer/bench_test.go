package infer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// timed is a sink that calls seen with each frame.
type timed struct {
	eiengine.Settings[eiengine.NoProps]
	seen func(f *frames.Frame)
}

func (s *timed) Process(_ *eiengine.Ctx, f *frames.Frame) error {
	s.seen(f)
	f.Release()
	return nil
}

func sink(name string, s *timed) eiengine.Factory {
	return eiengine.Factory{
		Name: name, Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())}, New: func() eiengine.Element { return s },
	}
}

// play runs a line of elements of the default registry and more.
func play(b *testing.B, text string, more ...eiengine.Factory) {
	b.Helper()
	reg := eiengine.NewRegistry()
	for _, f := range eiengine.DefaultRegistry().All() {
		if err := reg.Register(*f); err != nil {
			b.Fatal(err)
		}
	}
	for _, f := range more {
		if err := reg.Register(f); err != nil {
			b.Fatal(err)
		}
	}
	e := eiengine.New(eiengine.Options{Registry: reg})
	defer e.Close()
	p, err := e.Launch(text)
	if err != nil {
		b.Fatal(err)
	}
	if err := p.Run(context.Background()); err != nil {
		b.Fatal(err)
	}
}

func micros(all []time.Duration, part float64) float64 {
	slices.Sort(all)
	return float64(all[int(part*float64(len(all)-1))].Nanoseconds()) / 1e3
}

// BenchmarkEngineAndTransport is the time from a frame's arrival at the element to
// its arrival, judged, at the next, without the time that lies in the model, with one
// process. "socket" is the round trip without the model, the rest is making its input
// and passing frames on. At 30 frames a second all caches are cold.
func BenchmarkEngineAndTransport(b *testing.B) {
	for _, c := range []struct {
		width, height, fps int
		format             frames.PixelFormat
	}{
		{stampSize, stampSize, 30, frames.RGB}, {stampSize, stampSize, 300, frames.RGB},
		{640, 480, 30, frames.RGB}, {1280, 720, 30, frames.NV12},
	} {
		b.Run(fmt.Sprintf("%dx%d-%v-%d", c.width, c.height, c.format, c.fps), func(b *testing.B) {
			path := program(b, roleStamp, "STAMP_WORK=2ms")
			sent := make([]time.Time, b.N)
			var whole, socket, graph []time.Duration
			src := pictures(b, b.N, frames.VideoInfo{Format: c.format, Width: c.width, Height: c.height}, func(int, frames.Picture) {})
			fill := src.fill
			var next time.Time
			src.fill = func(i int, f *frames.Frame) error {
				if i == 0 {
					next = time.Now()
				}
				if err := fill(i, f); err != nil {
					return err
				}
				next = next.Add(time.Second / time.Duration(c.fps))
				time.Sleep(time.Until(next))
				sent[i] = time.Now()
				return nil
			}
			out := &timed{seen: func(f *frames.Frame) {
				took := time.Since(sent[f.Seq])
				m, ok := frames.MetaOf[*frames.InferenceResult](f)
				if !ok {
					b.Fatal("not judged")
				}
				top, _ := m.Result.Top()
				work := time.Duration(top.Value)
				whole = append(whole, took-work)
				socket = append(socket, m.Result.RoundTrip-work)
				graph = append(graph, took-m.Result.RoundTrip)
			}}
			play(b, "feed ! edgeimpulsevideoinfer model-path="+path+" ! done", source("feed", src), sink("done", out))
			b.ReportMetric(micros(whole, 0.1), "p10-µs")
			b.ReportMetric(micros(whole, 0.5), "p50-µs")
			b.ReportMetric(micros(whole, 0.99), "p99-µs")
			b.ReportMetric(micros(socket, 0.5), "socket-p50-µs")
			b.ReportMetric(micros(graph, 0.5), "input+graph-p50-µs")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkStreams is how many frames a second eight streams get out of two processes
// together, beside the same processes driven back to back by hand.
func BenchmarkStreams(b *testing.B) {
	const streams, workers = 8, 2
	for _, work := range []string{"1ms", "5ms"} {
		b.Run(work+"/by-hand", func(b *testing.B) {
			path := program(b, roleStamp, "STAMP_WORK="+work)
			var models []*eim.Model
			for range workers {
				m, err := eim.Open(b.Context(), path, eim.Options{})
				if err != nil {
					b.Fatal(err)
				}
				defer m.Close()
				models = append(models, m)
			}
			b.ResetTimer()
			var wg sync.WaitGroup
			for i, m := range models {
				wg.Go(func() {
					for range (b.N + i) / workers {
						if _, err := m.Classify(b.Context()); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
		})
		b.Run(work+"/streams", func(b *testing.B) {
			path := program(b, roleStamp, "STAMP_WORK="+work)
			streamsRate(b, streams, stampSize, fmt.Sprintf("workers=%d model-path=%s", workers, path))
		})
	}
}

// streamsRate reports how many of b.N frames a second as many streams, of square
// pictures, get out of a model together.
func streamsRate(b *testing.B, streams, side int, props string) {
	var mu sync.Mutex
	counts := make([]int, streams)
	total, worst := 0, 0.0
	var began, ended time.Time
	warm := 10 * streams
	var lines []string
	var more []eiengine.Factory
	for i := range streams {
		src := pictures(b, 1<<30, frames.VideoInfo{Format: frames.RGB, Width: side, Height: side}, func(int, frames.Picture) {})
		fill := src.fill
		src.fill = func(k int, f *frames.Frame) error {
			mu.Lock()
			defer mu.Unlock()
			if !ended.IsZero() {
				return io.EOF
			}
			return fill(k, f)
		}
		out := &timed{seen: func(*frames.Frame) {
			mu.Lock()
			defer mu.Unlock()
			total++
			switch {
			case total == warm:
				clear(counts)
				began = time.Now()
			case total == warm+b.N:
				ended = time.Now()
				worst = float64(slices.Max(counts)) / float64(max(slices.Min(counts), 1))
			}
			counts[i]++
		}}
		more = append(more, source(fmt.Sprintf("feed%d", i), src), sink(fmt.Sprintf("done%d", i), out))
		lines = append(lines, fmt.Sprintf("feed%d ! edgeimpulsevideoinfer %s ! done%d", i, props, i))
	}
	play(b, strings.Join(lines, " "), more...)
	b.ReportMetric(float64(b.N)/ended.Sub(began).Seconds(), "frames/s")
	b.ReportMetric(worst, "best/worst")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkKernelFloor is the "socket" of BenchmarkEngineAndTransport without any of
// our code: blocking system calls in a thread of their own, as a program in C would
// make them. With the input made before each request it is the least that "p50" can
// be on this machine: the same work, with only the two wakes that no program can do
// without, the model's and that of who waits for it.
func BenchmarkKernelFloor(b *testing.B) {
	b.Run("round-trip", func(b *testing.B) { kernelFloor(b, false) })
	b.Run("with-input", func(b *testing.B) { kernelFloor(b, true) })
}

func kernelFloor(b *testing.B, withInput bool) {
	path := program(b, roleStamp, "STAMP_WORK=2ms")
	sock := filepath.Join(b.TempDir(), "s")
	cmd := exec.Command(path, sock)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		b.Fatal(err)
	}
	for err = unix.ENOENT; err == unix.ENOENT || err == unix.ECONNREFUSED; {
		err = unix.Connect(fd, &unix.SockaddrUnix{Name: sock})
	}
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 4096)
	ask := func(request string) []byte {
		if _, err := unix.Write(fd, []byte(request)); err != nil {
			b.Fatal(err)
		}
		n, err := unix.Read(fd, buf)
		if err != nil || n == 0 {
			b.Fatal("no answer: ", err)
		}
		return buf[:n]
	}
	_, name, _ := strings.Cut(string(ask(`{"hello":1,"id":1}`+"\n")), `"name":"`)
	name, _, _ = strings.Cut(name, `"`)
	in, err := mapStamp("/dev/shm" + name)
	if err != nil {
		b.Fatal(err)
	}
	// A stream has several frames, so none is in a cache when its turn comes.
	feed := pixel.NewFeed(stampSize, stampSize)
	var pics []frames.Picture
	for range 4 {
		pics = append(pics, frames.NewPicture(frames.RGB, stampSize, stampSize))
	}
	var all []time.Duration
	for next := time.Now(); b.Loop(); next = next.Add(time.Second / 30) {
		time.Sleep(time.Until(next))
		began := time.Now()
		if withInput {
			if _, err := feed.Fill(in, &pics[len(all)%len(pics)], backend.ResizeSquash); err != nil {
				b.Fatal(err)
			}
		}
		rest := string(ask(`{"classify_shm":{"elements":102400},"id":2}` + "\n"))
		took := time.Since(began)
		_, rest, _ = strings.Cut(rest, `"work":`)
		digits, _, _ := strings.Cut(rest, "}")
		work, err := strconv.Atoi(digits)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, took-time.Duration(work))
	}
	b.ReportMetric(micros(all, 0.1), "p10-µs")
	b.ReportMetric(micros(all, 0.5), "p50-µs")
	b.ReportMetric(micros(all, 0.99), "p99-µs")
	b.ReportMetric(0, "ns/op")
	if err := errors.Join(unix.Close(fd), cmd.Wait()); err != nil {
		b.Error(err)
	}
}
