package infer_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/bus"
	_ "github.com/eiengine/eiengine/capture"
	"github.com/eiengine/eiengine/encode/codec/wav"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"
	_ "github.com/eiengine/eiengine/frames/convert"
	"github.com/eiengine/eiengine/infer/backend"
)

// These tests run whole launch lines with real models of the directory that EIMS
// names. What the process is fed is recorded by a process in between, and must be
// what a request made by hand has; the answer must be the one to that request.

// realModel is the path of a model in EIMS, and one that records what it is fed,
// which is not to be confined: it starts the other.
func realModel(t *testing.T, name string) (path, recording, record string) {
	t.Helper()
	dir := os.Getenv("EIMS")
	if dir == "" {
		t.Skip("skipped: EIMS names no directory with .eim files")
	}
	path = filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("skipped: %v", err)
	}
	record = filepath.Join(t.TempDir(), "fed")
	return path, program(t, roleRecord, "MODEL="+path, "RECORD="+record), record
}

// launch runs "TEXT ! collect" to its end.
func launch(t *testing.T, text string) *rig {
	t.Helper()
	r := newRigOf(t, text)
	r.run()
	for _, w := range payloads[*bus.Warning](r) {
		t.Errorf("warning: %s", w.Text)
	}
	return r
}

func readPNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// enlarged repeats each pixel k times both ways, with bars on the sides that make
// it w x h.
func enlarged(t *testing.T, src image.Image, k, w, h int) string {
	t.Helper()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	left, top := (w-k*src.Bounds().Dx())/2, (h-k*src.Bounds().Dy())/2
	for y := range h {
		for x := range w {
			at := image.Pt((x-left)/k, (y-top)/k)
			if x < left || y < top || !at.In(src.Bounds()) {
				dst.Set(x, y, color.RGBA{R: 9, G: 200, B: 30, A: 255})
				continue
			}
			dst.Set(x, y, src.At(at.X, at.Y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, dst); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "picture.png")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const face = "testdata/astronaut-96.png"

func TestRealPictureModels(t *testing.T) {
	img := readPNG(t, face)
	var features []float32
	for y := range 96 {
		for x := range 96 {
			r, g, b, _ := img.At(x, y).RGBA()
			features = append(features, float32(r>>8<<16|g>>8<<8|b>>8))
		}
	}
	pictures := []struct {
		name, file string
		toFrame    frames.Mapping
		width      int
		props      string
	}{
		{"of the model's size", face, frames.Identity, 96, ""},
		{"three times as large", enlarged(t, img, 3, 288, 288), frames.Mapping{ScaleX: 3, ScaleY: 3}, 288, ""},
		{"wider", enlarged(t, img, 3, 400, 288), frames.Mapping{ScaleX: 3, ScaleY: 3, OffsetX: 56}, 400, "resize-mode=fit-shortest"},
		{"taller", enlarged(t, img, 2, 192, 255), frames.Mapping{ScaleX: 2, ScaleY: 2, OffsetY: 31}, 192, "resize-mode=fit-shortest"},
	}
	for _, name := range []string{"fomo-face.eim", "oldfomo-face.eim", "imgclass-calc-mentos.eim"} {
		t.Run(name, func(t *testing.T) {
			path, _, _ := realModel(t, name)
			want := dialRaw(t, path).classify("classify", features)
			for _, p := range pictures {
				t.Run(p.name, func(t *testing.T) {
					_, recording, record := realModel(t, name)
					r := launch(t, "filesrc location="+p.file+" ! decodebin ! videoconvert ! video/x-raw,format=RGB ! edgeimpulsevideoinfer "+
						p.props+" confine=off model-path="+recording)
					if !bytes.Equal(fedBytes(t, record), floatBytes(features)) {
						t.Errorf("the model was fed something else than the request made by hand has")
					}
					results := payloads[*bus.Inference](r)
					if len(results) != 1 || len(r.out.frames) != 1 {
						t.Fatalf("%d results for %d frames", len(results), len(r.out.frames))
					}
					compare(t, want, results[0].Result)
					for i, b := range want.Result.Boxes {
						x, y := p.toFrame.Point(float64(b.X), float64(b.Y))
						got := r.out.frames[0].regions[i]
						if got.Rect.X != int(x) || got.Rect.Y != int(y) || got.Rect.W != int(float64(b.Width)*p.toFrame.ScaleX) {
							t.Errorf("the box %+v is at %v of the frame, want it at %v,%v", b, got.Rect, x, y)
						}
					}
				})
			}
		})
	}
}

func fedBytes(t *testing.T, record string) []byte {
	t.Helper()
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// compare wants the same boxes and scores, bit for bit.
func compare(t *testing.T, want rawReply, got *backend.Result) {
	t.Helper()
	if len(got.Boxes) != len(want.Result.Boxes) || len(got.Classification) != len(want.Result.Classification) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i, b := range want.Result.Boxes {
		if got.Boxes[i] != b.box() {
			t.Errorf("box %+v, want %+v", got.Boxes[i], b)
		}
	}
	for _, s := range got.Classification {
		if v, ok := want.Result.Classification[s.Label]; !ok || v != s.Value {
			t.Errorf("%s is %v, want %v", s.Label, s.Value, v)
		}
	}
	t.Logf("%+v", want.Result)
}

// speech is the synthetic "hello world", as samples.
func speech(t *testing.T) []float32 {
	t.Helper()
	b, err := os.ReadFile("testdata/hello-world.wav")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("data")) + 8
	return samplesOf(b[at:])
}

func samplesOf(b []byte) (out []float32) {
	for ; len(b) >= 2; b = b[2:] {
		out = append(out, float32(int16(binary.LittleEndian.Uint16(b))))
	}
	return out
}

func TestRealSoundModelWindows(t *testing.T) {
	path, recording, record := realModel(t, "kws-helloworld.eim")
	features := speech(t)
	want := dialRaw(t, path).classify("classify", features)
	r := launch(t, "filesrc location=testdata/hello-world.wav ! wavparse ! edgeimpulseaudioinfer continuous=no confine=off model-path="+recording)
	if !bytes.Equal(fedBytes(t, record), floatBytes(features)) {
		t.Errorf("the model was fed something else than the request made by hand has")
	}
	results := payloads[*bus.Inference](r)
	if len(results) != 1 {
		t.Fatalf("%d results for one window", len(results))
	}
	compare(t, want, results[0].Result)
	if top, _ := results[0].Result.Top(); top.Label != "helloworld" {
		t.Errorf("heard %+v", top)
	}
}

func TestRealSoundModelContinuous(t *testing.T) {
	path, recording, record := realModel(t, "kws-helloworld.eim")
	// A second of noise, the words, two seconds of noise and a part of a slice.
	rnd := rand.New(rand.NewPCG(1, 2))
	samples := make([]float32, 65500)
	for i := range samples {
		samples[i] = float32(rnd.IntN(201) - 100)
	}
	copy(samples[16000:], speech(t))
	file := writeWAV(t, samples)
	samples = append(samples, make([]float32, 68000-65500)...) // silence at the end
	raw := dialRaw(t, path)
	var want []rawReply
	for slice := range slices.Chunk(samples, 4000) {
		want = append(want, raw.classify("classify_continuous", slice))
	}
	r := launch(t, "filesrc location="+file+" ! decodebin ! audioconvert ! edgeimpulseaudioinfer confine=off model-path="+recording)
	if !bytes.Equal(fedBytes(t, record), floatBytes(samples)) {
		t.Errorf("the model was fed something else than the requests made by hand have")
	}
	results := payloads[*bus.Inference](r)
	if len(results) != len(want)-3 {
		t.Fatalf("%d results of %d slices, want all but the first three", len(results), len(want))
	}
	heard := 0
	for i, inf := range results {
		compare(t, want[i+3], inf.Result)
		if top, _ := inf.Result.Top(); top.Label == "helloworld" {
			heard++
		}
	}
	if heard == 0 {
		t.Error("the words were not heard")
	}
}

func writeWAV(t *testing.T, samples []float32) string {
	t.Helper()
	var b []byte
	for _, v := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(v)))
	}
	name := filepath.Join(t.TempDir(), "stream.wav")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := wav.NewWriter(f, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}
