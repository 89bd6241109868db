package infer_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	_ "github.com/eiengine/eiengine/overlay"
)

// replyField takes the number of the request out of a recorded reply, and the
// shared memory, which the replay does without, out of a hello.
var (
	replyField = regexp.MustCompile(`"id":\d+`)
	shmField   = regexp.MustCompile(`"features_shm":\{[^}]*\},|"freeform_output_shm":\[[^]]*\],`)
)

// serveReplay is the model process that says hello like HELLO, a recording in the
// folder TESTDATA, and answers like REPLIES, one line after the other.
func serveReplay(args []string) int {
	hello, err := os.ReadFile(filepath.Join(os.Getenv("TESTDATA"), os.Getenv("HELLO")+".json"))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	lines, err := recordedReplies(os.Getenv("TESTDATA"), os.Getenv("REPLIES"))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	lines = append([]string{shmField.ReplaceAllLiteralString(string(hello), "")}, lines...)
	ln, err := net.Listen("unix", args[0])
	if err != nil {
		fmt.Println(err)
		return 1
	}
	conn, err := ln.Accept()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	requests := bufio.NewScanner(conn)
	requests.Buffer(nil, 32<<20)
	for requests.Scan() {
		if len(lines) == 0 {
			fmt.Println("there are no more recorded replies")
			return 1
		}
		id := replyField.FindString(requests.Text())
		fmt.Fprint(conn, replyField.ReplaceAllLiteralString(strings.TrimSpace(lines[0]), id)+"\n\x00")
		lines = lines[1:]
	}
	return 0
}

// recordedReplies are the replies to requests by JSON in the order of the file, for
// models of sound those to slices, and behind them those to a sequence of pictures.
func recordedReplies(dir, name string) (lines []string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, name+"-classify.json"))
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	kind := "classify:"
	for k := range all {
		if strings.HasPrefix(k, "continuous:") {
			kind = "continuous:"
		}
	}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(k, kind) {
			continue
		}
		var line string
		if err := json.Unmarshal(all[k], &line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	b, err = os.ReadFile(filepath.Join(dir, name+"-sequence.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return lines, nil
	}
	if err != nil {
		return nil, err
	}
	var sequence []json.RawMessage
	if err := json.Unmarshal(b, &sequence); err != nil {
		return nil, err
	}
	for _, one := range sequence {
		var line bytes.Buffer
		if err := json.Compact(&line, one); err != nil {
			return nil, err
		}
		lines = append(lines, line.String())
	}
	return lines, nil
}

// recorded is a reply as the test reads it.
type recorded struct {
	Result map[string]any `json:"result"`
}

// replayed is a .eim that answers with recordings, and these.
func replayed(t *testing.T, hello, replies string) (path string, want []recorded) {
	t.Helper()
	dir, err := filepath.Abs("eim/testdata")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := recordedReplies(dir, replies)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		var r recorded
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			t.Fatal(err)
		}
		want = append(want, r)
	}
	return program(t, roleReplay, "HELLO="+hello, "REPLIES="+replies, "TESTDATA="+dir), want
}

// holdsResult wants in the plugin's text what the model said; the plugin adds empty
// lists, and knows no anomaly beside a classification.
func holdsResult(t *testing.T, what string, text []byte, want map[string]any) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for k, v := range want {
		if _, classified := want["classification"]; k == "anomaly" && classified {
			continue
		}
		if fmt.Sprint(got[k]) != fmt.Sprint(v) {
			t.Errorf("%s: %s is %v, the model said %v", what, k, got[k], v)
		}
	}
}

// Every kind of picture model that was recorded, through a launch line: what it
// said is in the messages of both profiles and on the frames, in their pixels, and
// the overlay draws it.
func TestRecordedPictureModels(t *testing.T) {
	for _, c := range []struct{ hello, replies, finds string }{
		{"blob", "blob", bus.ObjectDetection}, {"blob640", "blob640", bus.ObjectDetection},
		{"yolo", "yolo", bus.ObjectDetection}, {"face", "face", bus.ObjectDetection},
		{"fomo160", "fomo160", bus.ObjectDetection}, {"oldface", "oldface", bus.ObjectDetection},
		{"blobtrack", "blobtrack", bus.ObjectTracking}, {"facetrack", "facetrack", bus.ObjectTracking},
		{"drowsy", "drowsy", bus.Classification}, {"drowsy", "motion", bus.Classification}, // K-means beside a classification
		{"vad", "vad", bus.AnomalyDetection}, {"freeform", "freeform", bus.Freeform},
	} {
		t.Run(c.hello+" "+c.replies, func(t *testing.T) {
			path, want := replayed(t, c.hello, c.replies)
			for _, profile := range []bus.Profile{bus.Seed, bus.Plugin} {
				src := pictures(t, len(want), frames.VideoInfo{Format: frames.RGB, Width: 500, Height: 300}, func(_ int, p frames.Picture) { pixel.FillBlack(&p) })
				r := newRig(t, src, "edgeimpulsevideoinfer name=i resize-mode=squash message-profile="+profile.String()+" model-path="+path+" ! edgeimpulseoverlay")
				r.out.lit = true
				r.run()
				checkReplay(t, r, profile, c.finds, want)
			}
		})
	}
}

func checkReplay(t *testing.T, r *rig, profile bus.Profile, finds string, want []recorded) {
	t.Helper()
	results := payloads[*bus.Inference](r)
	if text := r.texts(); strings.Contains(text, "warning") || len(r.out.frames) != len(want) {
		t.Fatalf("%d frames of %d\n%s", len(r.out.frames), len(want), text)
	}
	types := map[string]int{}
	for _, inf := range results {
		types[inf.Type]++
		k := slices.IndexFunc(r.out.frames, func(f seen) bool { return f.pts == inf.Timestamp })
		as := *inf
		as.Profile = bus.Plugin
		text, err := as.ResultJSON()
		if err != nil {
			t.Fatal(err)
		}
		holdsResult(t, fmt.Sprintf("%v, frame %d", profile, k), text, want[k].Result)
	}
	for k, f := range r.out.frames {
		drawn := f.result.Result.VisualAnomaly != nil && len(f.result.Result.VisualAnomaly.Grid) > 0 || len(f.regions) > 0
		if drawn != f.lit {
			t.Errorf("frame %d: something to draw %v, drawn %v", k, drawn, f.lit)
		}
		checkRegions(t, f)
	}
	if profile == bus.Seed && (types[finds] == 0 || len(results) != len(want)) {
		t.Errorf("types of messages: %v, want %s; %d for %d frames", types, finds, len(results), len(want))
	}
	if profile == bus.Plugin && finds != bus.Freeform && types[bus.AnomalyDetection] > 0 {
		t.Errorf("the plugin has no such types: %v", types)
	}
}

// checkRegions wants each box of the result where it is in a frame of 500x300 of
// which the model saw all.
func checkRegions(t *testing.T, f seen) {
	t.Helper()
	res := f.result.Result
	boxes := res.Boxes
	if len(res.Tracks) > 0 {
		boxes = nil
		for _, track := range res.Tracks {
			boxes = append(boxes, track.Box)
		}
	}
	var regions []*frames.Region
	for _, g := range f.regions {
		if !g.FullFrame {
			regions = append(regions, g)
		}
	}
	if len(regions) != len(boxes) {
		t.Fatalf("%d regions for %d boxes", len(regions), len(boxes))
	}
	for i, g := range regions {
		b := boxes[i]
		if g.Label != b.Label || g.Confidence != b.Value || g.Model != (frames.Rect{X: b.X, Y: b.Y, W: b.Width, H: b.Height}) {
			t.Errorf("region %+v, box %+v", g, b)
		}
		if g.Rect.X < 0 || g.Rect.Y < 0 || g.Rect.X+g.Rect.W > 500 || g.Rect.Y+g.Rect.H > 300 {
			t.Errorf("region %v lies outside of the frame", g.Rect)
		}
	}
}

// Recorded models of sound, slice by slice: the first three answers of a model whose
// window is not full are left out, and all zeros of a calibrated one are an answer.
func TestRecordedSoundModels(t *testing.T) {
	for _, name := range []string{"kws", "kwscal"} {
		for _, profile := range []bus.Profile{bus.Seed, bus.Plugin} {
			path, want := replayed(t, name, name)
			// Stereo of another rate: 4000 samples of the model a slice.
			src := soundOf(t, frames.AudioInfo{Format: frames.F32LE, Rate: 44100, Channels: 2}, len(want)*25, 441, func(i, _ int) float64 { return float64(i%7) / 10 })
			r := newRig(t, src, "edgeimpulseaudioinfer message-profile="+profile.String()+" model-path="+path)
			r.run()
			results := payloads[*bus.Inference](r)
			if len(results) != len(want)-3 || strings.Contains(r.texts(), "warning") {
				t.Fatalf("%s: %d results of %d slices\n%s", name, len(results), len(want), r.texts())
			}
			for k, w := range want[3:] {
				inf := *results[k]
				if inf.Type != bus.Classification {
					t.Errorf("%s: type %s", name, inf.Type)
				}
				inf.Profile = bus.Plugin
				text, err := inf.ResultJSON()
				if err != nil {
					t.Fatal(err)
				}
				holdsResult(t, fmt.Sprintf("%s, answer %d", name, k), text, w.Result)
			}
		}
	}
}
