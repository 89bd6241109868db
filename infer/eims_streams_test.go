package infer_test

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// realPicture is one model of EIMS and what it is shown: pictures of the size of its
// input, and what has to be found in them.
type realPicture struct {
	file  string
	size  int
	props string
	show  func(n int) image.Image
	finds func(r *backend.Result) bool // in one picture at least
	// alone: it remembers what it has seen, so there is one process.
	alone bool
	// bars is the height of the black bars that the model's resize mode makes of
	// frames that lack them, above and below.
	bars int
}

const shown = 12 // pictures in a sequence

// A sequence of frames through a launch line with a model as it is meant to run,
// confined, gives what requests made by hand about the same pictures give, by one
// process and by two, for frames of the model's size and for frames twice as large.
func TestRealModelsOnStreams(t *testing.T) {
	boxes := func(r *backend.Result) bool { return len(r.Boxes) > 0 }
	scores := func(r *backend.Result) bool { return len(r.Classification) > 1 }
	for _, m := range []realPicture{
		{file: "fomo-face.eim", size: 96, show: passingFace(t), finds: boxes},
		{file: "oldfomo-face.eim", size: 96, show: passingFace(t), finds: boxes},
		{file: "imgclass-calc-mentos.eim", size: 96, show: passingFace(t), finds: scores},
		{file: "facetrack.eim", size: 96, show: passingFace(t), finds: func(r *backend.Result) bool { return len(r.Tracks) > 0 }, alone: true},
		{file: "vad.eim", size: 96, show: redBlock(96, 0), finds: func(r *backend.Result) bool { return r.VisualAnomaly != nil && len(r.VisualAnomaly.Grid) > 0 }},
		{file: "freeform.eim", size: 96, show: redBlock(96, 0), finds: func(r *backend.Result) bool { return len(r.Freeform) == 1 && len(r.Freeform[0]) == 64 }},
		{file: "yolo.eim", size: 96, show: redBlock(96, 24), finds: boxes, bars: 24},
		{file: "blob320.eim", size: 320, show: redBlock(320, 0), finds: boxes},
		{file: "blob640.eim", size: 640, show: redBlock(640, 0), finds: boxes},
		{file: "blob320.eim", size: 320, show: redBlock(320, 0), finds: func(r *backend.Result) bool { return r.Boxes != nil && len(r.Boxes) == 0 }, props: "threshold=33.min_score=0.999"},
	} {
		t.Run(m.file+" "+m.props, func(t *testing.T) {
			path, _, _ := realModel(t, m.file)
			want := m.askByHand(t, path)
			if !slices.ContainsFunc(want, m.finds) {
				t.Fatalf("nothing is found in any picture: %+v", want[0])
			}
			for _, scale := range []int{1, 2} {
				for workers := 1; workers <= 2 && (workers == 1 || !m.alone); workers++ {
					t.Run(fmt.Sprintf("enlarged %d times, workers=%d", scale, workers), func(t *testing.T) {
						m.stream(t, want, scale, fmt.Sprintf("workers=%d %s model-path=%s", workers, m.props, path))
					})
				}
			}
		})
	}
}

// askByHand is what one process answers about the pictures, one after the other.
func (m *realPicture) askByHand(t *testing.T, path string) (all []*backend.Result) {
	t.Helper()
	raw := dialRaw(t, path)
	if m.props != "" {
		raw.ask(`"set_threshold":{"id":33,"min_score":0.999}`)
	}
	for n := range shown {
		img := m.show(n)
		features := make([]float32, 0, m.size*m.size)
		for y := range m.size {
			for x := range m.size {
				r, g, b, _ := img.At(x, y).RGBA()
				features = append(features, float32(r>>8<<16|g>>8<<8|b>>8))
			}
		}
		all = append(all, raw.classify("classify", features).answer())
	}
	return all
}

// stream shows the pictures, enlarged and without their bars, to the element.
func (m *realPicture) stream(t *testing.T, want []*backend.Result, scale int, props string) {
	width, height := m.size*scale, (m.size-2*m.bars)*scale
	info := frames.VideoInfo{Format: frames.RGB, Width: width, Height: height, FPS: frames.Fraction{Num: 30, Den: 1}}
	src := pictures(t, shown, info, func(n int, p frames.Picture) {
		img := m.show(n)
		for y := range height {
			for x := range width {
				r, g, b, _ := img.At(x/scale, y/scale+m.bars).RGBA()
				copy(p.Data[0][y*p.Stride[0]+3*x:], []byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)})
			}
		}
	})
	r := newRig(t, src, "edgeimpulsevideoinfer "+props)
	r.run()
	if s := r.texts(); s != "" {
		t.Errorf("it said %s", s)
	}
	results := payloads[*bus.Inference](r)
	if len(results) != shown || r.out.count() != shown {
		t.Fatalf("%d results and %d frames of %d", len(results), r.out.count(), shown)
	}
	toFrame := frames.Mapping{ScaleX: float64(scale), ScaleY: float64(scale), OffsetY: -float64(scale * m.bars)}
	for i, inf := range results {
		got := *inf.Result
		got.Timing, got.RoundTrip = backend.Timing{}, 0
		if got.Classification != nil {
			got.Classification = byLabel(got.Classification)
		}
		if !reflect.DeepEqual(&got, want[i]) {
			t.Fatalf("picture %d: %+v, by hand %+v", i, got, *want[i])
		}
		m.placed(t, r.out.frames[i], want[i], toFrame)
	}
}

// placed wants the detections of a frame where the model's lie in it, to a pixel.
func (m *realPicture) placed(t *testing.T, f seen, want *backend.Result, toFrame frames.Mapping) {
	t.Helper()
	boxes := want.Boxes
	if len(want.Tracks) > 0 {
		boxes = nil
		for _, track := range want.Tracks {
			boxes = append(boxes, track.Box)
		}
	}
	var found []*frames.Region
	for _, g := range f.regions {
		if !g.FullFrame {
			found = append(found, g)
		}
	}
	if len(found) != len(boxes) {
		t.Errorf("%d regions of %d boxes", len(found), len(boxes))
		return
	}
	for _, b := range boxes {
		at := toFrame.Rect(frames.Rect{X: b.X, Y: b.Y, W: b.Width, H: b.Height})
		if !slices.ContainsFunc(found, func(g *frames.Region) bool { return g.Label == b.Label && within(g.Rect, at) }) {
			t.Errorf("nothing at %v where %+v lies, but at %v", at, b, found[0].Rect)
		}
	}
}

func within(a, b frames.Rect) bool {
	for _, d := range []int{a.X - b.X, a.Y - b.Y, a.X + a.W - b.X - b.W, a.Y + a.H - b.Y - b.H} {
		if d < -1 || d > 1 {
			return false
		}
	}
	return true
}

// passingFace moves the picture of a face to the right, and away in the end.
func passingFace(t *testing.T) func(n int) image.Image {
	img := readPNG(t, face)
	return func(n int) image.Image {
		shift := 3 * n
		if n >= shown-3 {
			shift = 200
		}
		out := image.NewRGBA(image.Rect(0, 0, 96, 96))
		for y := range 96 {
			for x := range 96 {
				out.Set(x, y, color.Gray{Y: 90})
				if x >= shift {
					out.Set(x, y, img.At(x-shift, y))
				}
			}
		}
		return out
	}
}

// redBlock moves a red block over a noisy ground, with black bars above and below.
func redBlock(size, bars int) func(n int) image.Image {
	return func(n int) image.Image {
		rnd := rand.New(rand.NewPCG(uint64(n), 7))
		block := image.Rect(0, 0, size/4, size/8).Add(image.Pt(n*size/20, bars+n*size/60))
		out := image.NewRGBA(image.Rect(0, 0, size, size))
		for y := range size {
			for x := range size {
				v := uint8(120 + rnd.IntN(16))
				c := color.RGBA{R: v, G: v, B: v, A: 255}
				switch {
				case y < bars || y >= size-bars:
					c = color.RGBA{A: 255}
				case image.Pt(x, y).In(block):
					c = color.RGBA{R: 240, G: 10, B: 10, A: 255}
				}
				out.Set(x, y, c)
			}
		}
		return out
	}
}

// No element takes motion: its model answers the driver as it answers by hand, by
// shared memory and without, and the element says what it is.
func TestRealMotionModel(t *testing.T) {
	path, _, _ := realModel(t, "continuous-motion.eim")
	raw := dialRaw(t, path)
	for _, mode := range []eim.SharedMemory{eim.SharedMemoryAuto, eim.SharedMemoryNever} {
		m, err := eim.Open(t.Context(), path, eim.Options{SharedMemory: mode})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 20 {
			rnd := rand.New(rand.NewPCG(uint64(n), 9))
			in := m.Input()
			for i := range in { // shaken more and more
				in[i] = float32(rnd.IntN(2*n+1) - n)
			}
			want := raw.classify("classify", in).answer()
			got, err := m.Classify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.Anomaly == nil || !reflect.DeepEqual(got.Anomaly, want.Anomaly) || !slices.Equal(byLabel(got.Classification), want.Classification) {
				t.Errorf("%+v, by hand %+v", got, want)
			}
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
	r := newRig(t, numbered(t, 1), "edgeimpulsevideoinfer model-path="+path)
	if err := r.p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), "values of a sensor, not pictures") {
		t.Errorf("a model of motion for pictures: %v", err)
	}
}

// The spoken words in noise, slice by slice: what the model says in a launch line is
// what it says to requests made by hand, calibrated (events) or not (scores).
func TestRealSoundModelsOnStreams(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	samples := make([]float32, 96000)
	for i := range samples {
		samples[i] = float32(rnd.IntN(201) - 100)
	}
	copy(samples[16000:], speech(t))
	copy(samples[56000:], speech(t))
	file := writeWAV(t, samples)
	for _, name := range []string{"kws-helloworld.eim", "kwscal.eim"} {
		t.Run(name, func(t *testing.T) {
			path, _, _ := realModel(t, name)
			raw := dialRaw(t, path)
			var want []*backend.Result
			for slice := range slices.Chunk(samples, 4000) {
				want = append(want, raw.classify("classify_continuous", slice).answer())
			}
			r := launch(t, "filesrc location="+file+" ! decodebin ! audioconvert ! edgeimpulseaudioinfer model-path="+path)
			results := payloads[*bus.Inference](r)
			if len(results) != len(want)-3 {
				t.Fatalf("%d results of %d slices, want all but the first three", len(results), len(want))
			}
			heard := 0
			for i, inf := range results {
				got := byLabel(inf.Result.Classification)
				if !slices.Equal(got, want[i+3].Classification) {
					t.Errorf("slice %d: %v, by hand %v", i+3, got, want[i+3].Classification)
				}
				if top, _ := inf.Result.Top(); top.Label == "helloworld" && top.Value > 0.5 {
					heard++
				}
			}
			if heard == 0 {
				t.Error("the words were not heard")
			}
			t.Logf("heard in %d of %d slices", heard, len(results))
		})
	}
}
