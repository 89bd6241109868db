package eimserve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/infer/backend"
)

const helloLine = `{"hello":1,"id":1}` + "\n"

var timingField = regexp.MustCompile(`,"timing":\{"anomaly":\d+,"classification":\d+,"dsp":\d+,"json":\d+,"msg_handler":\d+,"stdin":\d+\}`)

// talk sends text to a server in this process and gives its reply lines, the
// timing taken out of them and checked to be there.
func talk(t *testing.T, o Options, model backend.Model, text string) []string {
	t.Helper()
	var log, out bytes.Buffer
	s := &server{model: model, log: &log, opts: o}
	if err := s.connection(context.Background(), nothingToClose{}, strings.NewReader(text), &out, "\x00"); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for part := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\x00"), "\x00") {
		if !strings.HasSuffix(part, "\n") || strings.Count(part, "\n") != 1 {
			t.Errorf("reply is not one line: %q", part)
		}
		line := strings.TrimSuffix(part, "\n")
		if strings.Contains(line, `"result"`) {
			if !timingField.MatchString(line) {
				t.Errorf("no timing in %s", line)
			}
			line = timingField.ReplaceAllString(line, "")
		}
		lines = append(lines, line)
	}
	return lines
}

type nothingToClose struct{}

func (nothingToClose) Close() error { return nil }

// TestAnswersVerbatim pins the texts that clients of real models know.
func TestAnswersVerbatim(t *testing.T) {
	cases := []struct{ name, req, want string }{
		{"second hello", `{"hello":1,"id":2}`, `{"error":"Invalid message 'hello', already initialized","id":2,"success":false}`},
		{"too few", `{"id":2,"classify":[1,2,3]}`, `{"error":"Invalid number of features in 'classify', expected 4 but got 3","id":2,"success":false}`},
		{"none", `{"id":2,"classify":[]}`, `{"error":"Invalid number of features in 'classify', expected 4 but got 0","id":2,"success":false}`},
		{"slice", `{"id":2,"classify_continuous":[1,2]}`, `{"error":"Invalid number of features in 'classify_continuous', expected 1 but got 2","id":2,"success":false}`},
		{"string", `{"id":2,"classify":[1,2,"3",4]}`, `{"error":"Failed to parse classify array, should contain all numbers","id":2,"success":false}`},
		{"null", `{"id":2,"classify":[null,2,3,4]}`, `{"error":"Failed to parse classify array, should contain all numbers","id":2,"success":false}`},
		{"bool", `{"id":2,"classify":[true,2,3,4]}`, `{"error":"Failed to parse classify array, should contain all numbers","id":2,"success":false}`},
		{"no array", `{"id":2,"classify":"x"}`, `{"error":"Failed to handle message","id":2,"success":false}`},
		{"elements", `{"id":2,"classify_shm":{"elements":3}}`, `{"error":"Invalid value for 'classify_data_shm.elements', expected 4, but got 3","id":2,"success":false}`},
		{"float elements", `{"id":2,"classify_shm":{"elements":4.0}}`, `{"error":"Invalid value for 'classify_data_shm.elements', expected 4, but got 0","id":2,"success":false}`},
		{"no elements", `{"id":2,"classify_shm":{}}`, `{"error":"Missing 'elements' in 'classify_data_shm'","id":2,"success":false}`},
		{"not continuous", `{"id":2,"classify_continuous":[1]}`, `{"error":"Classifying failed, error code was -5","id":2,"success":false}`},
		{"threshold without id", `{"id":2,"set_threshold":{"min_score":1}}`, `{"error":"set_threshold should have a numeric field 'id'","id":2,"success":false}`},
		{"unknown block", `{"id":2,"set_threshold":{"id":99,"min_score":1}}`, `{"error":"set_threshold: cannot find learn block with id 99","id":2,"success":false}`},
		{"unknown key", `{"id":2,"set_threshold":{"id":3,"nope":1}}`, `{"error":"set_threshold, setting key 'nope' failed with error -34","id":2,"success":false}`},
		{"not a number", `{"id":2,"set_threshold":{"id":3,"min_score":"1"}}`, `{"error":"set_threshold, value for 'min_score' should be numeric","id":2,"success":false}`},
		{"threshold", `{"id":2,"set_threshold":{"type":"any","id":3,"min_score":-1}}`, `{"id":2,"success":true}`},
		{"threshold of nothing", `{"id":2,"set_threshold":{"id":3}}`, `{"id":2,"success":true}`},
		{"unknown request", `{"id":2,"dance":1}`, `{"error":"Failed to handle message","id":2,"success":false}`},
		{"no id", `{"classify":[1,2,3,4]}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"float id", `{"id":2.0,"classify":[1,2,3,4]}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"string id", `{"id":"2","classify":[1,2,3,4]}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"big id", `{"id":2147483648,"classify":[1,2,3,4]}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"malformed", `{"id":2,,}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"NaN", `{"id":2,"classify":[NaN,1,2,3]}`, `{"error":"Missing 'id' field in message","success":false}`},
		{"brace in a string", `{"id":8,"x":"}"` + "\n", `{"error":"Missing 'id' field in message","success":false}`},
		{"negative id", `{"id":-5,"classify":[0,0,0,0]}`, `{"id":-5,"result":{"bounding_boxes":[]},"success":true}`},
		{"first key counts", `{"id":2,"set_threshold":{"id":99},"classify":[0,0,0,0]}`, `{"id":2,"result":{"bounding_boxes":[]},"success":true}`},
		{"box", `{"id":2,"debug":true,"classify":[0.5,0,0,9]}`, `{"id":2,"result":{"bounding_boxes":[{"height":9,"label":"a","value":0.5,"width":3,"x":1,"y":2}]},"success":true}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines := talk(t, Options{}, newFake(), helloLine+c.req+"\n")
			if len(lines) != 2 || lines[1] != c.want {
				t.Errorf("got  %q\nwant %q", lines[1:], c.want)
			}
		})
	}
}

func TestBeforeHello(t *testing.T) {
	got := talk(t, Options{}, newFake(), `{"id":1,"classify":[1]}{"id":2,"hello":2}{"id":3,"hello":1.0}{"id":4,"hello":"1"}`)
	want := []string{
		`{"error":"Invalid message, should initialize first","id":1,"success":false}`,
		`{"error":"Invalid value for 'hello', only 1 supported","id":2,"success":false}`,
		`{"error":"Invalid message, should initialize first","id":3,"success":false}`,
		`{"error":"Invalid message, should initialize first","id":4,"success":false}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
}

func TestHello(t *testing.T) {
	got := talk(t, Options{NoSharedMemory: true}, newFake(), helloLine)
	want := `{"id":1,"inferencing_engine":{"engine_type":255,"properties":[]},"model_parameters":{"axis_count":1,"frequency":62.5,"has_anomaly":0,` +
		`"has_object_tracking":false,"has_performance_calibration":false,"image_channel_count":3,"image_input_frames":1,"image_input_height":2,"image_input_width":2,` +
		`"image_resize_mode":"squash","inferencing_engine":255,"input_features_count":4,"interval_ms":16,"label_count":2,"labels":["b","a"],"model_type":"object_detection",` +
		`"sensor":3,"slice_size":1,"thresholds":[{"id":3,"max":5.0,"min_score":0.5,"type":"object_detection"}],"use_continuous_mode":false},` +
		`"project":{"deploy_version":0,"id":7,"impulse_id":0,"impulse_name":"","name":"Fake <&>","owner":"us"},"success":true}`
	if len(got) != 1 || got[0] != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = talk(t, Options{NoSharedMemory: true}, newFake(), helloLine+`{"id":2,"classify_shm":{"elements":4}}`)
	if got[1] != `{"error":"Cannot use 'classify_data_shm', cannot find shm input tensor with ix=0","id":2,"success":false}` {
		t.Errorf("without shared memory: %s", got[1])
	}
}

// TestResultForms: each kind of answer as real servers print it.
func TestResultForms(t *testing.T) {
	anomaly := -0.4387
	cases := []struct {
		name string
		edit func(*fake)
		want string
	}{
		{"classification", func(f *fake) {
			f.info.Type = backend.Classification
			f.res.Classification = []backend.Score{{Label: "b", Value: 1}, {Label: "a", Value: 0.25}}
			f.res.Anomaly = &anomaly
		}, `{"anomaly":-0.4387,"classification":{"a":0.25,"b":1.0}}`},
		{"tracking", func(f *fake) {
			f.info.HasObjectTracking = true
			f.res.Tracks = []backend.Track{{Box: backend.Box{Label: "a", Value: 0.5}, ObjectID: 12}}
		}, `{"bounding_boxes":[],"object_tracking":[{"height":0,"label":"a","object_id":12,"value":0.5,"width":0,"x":0,"y":0}]}`},
		{"visual anomaly", func(f *fake) {
			f.info.Type = backend.Classification
			f.res.VisualAnomaly = &backend.VisualAnomaly{Max: 5, Mean: 0.5}
		}, `{"anomaly":0.0,"visual_anomaly_grid":[],"visual_anomaly_max":5.0,"visual_anomaly_mean":0.5}`},
		{"freeform", func(f *fake) {
			f.info.Type = backend.Freeform
			f.res.Freeform = [][]float32{{0, 0.5, float32(math.NaN())}}
		}, `{"freeform":[[0.0,0.5,null]]}`},
	}
	for _, c := range cases {
		f := newFake()
		c.edit(f)
		got := talk(t, Options{}, f, helloLine+`{"id":2,"classify":[0,0,0,0]}`)
		if want := `{"id":2,"result":` + c.want + `,"success":true}`; got[1] != want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got[1], want)
		}
	}
	f := newFake()
	f.err = errors.New("broken")
	got := talk(t, Options{}, f, helloLine+`{"id":2,"classify":[0,0,0,0]}`)
	if got[1] != `{"error":"Classifying failed, error code was -5","id":2,"success":false}` {
		t.Errorf("failing model: %s", got[1])
	}
}

func TestFramingIgnoresWhatIsOutside(t *testing.T) {
	text := "noise [1,2] \x00\n" + `{"id":1,"hello":1}` + "}\n\n\x00" + `{"id":2,"x":{"y":{}},"classify":[0,0,0,0]}{"id":3,"dance":0} {"id":4`
	lines := talk(t, Options{}, newFake(), text)
	if len(lines) != 3 || !strings.Contains(lines[2], `"id":3`) {
		t.Errorf("got %q", lines)
	}
}

func TestOverlongMessageEndsTheServer(t *testing.T) {
	var log, out bytes.Buffer
	s := &server{model: newFake(), log: &log}
	long := `{"id":1,"x":"` + strings.Repeat("x", maxMessage)
	err := s.connection(context.Background(), nothingToClose{}, strings.NewReader(long), &out, "\x00")
	var exit *ExitError
	if !errors.As(err, &exit) || exit.Code != 1 || !strings.Contains(log.String(), "32 MiB") {
		t.Errorf("got %v, printed %q", err, log.String())
	}
}

func TestSharedMemory(t *testing.T) {
	b, err := newBlock(4)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^/shm-[0-9a-f]{12}$`).MatchString(b.name) {
		t.Errorf("name %q", b.name)
	}
	var st unix.Stat_t
	if err := unix.Stat(shmDir+b.name, &st); err != nil || st.Mode&0o777 != 0o600 || st.Size != 16 {
		t.Errorf("mode %o, size %d, %v", st.Mode, st.Size, err)
	}
	if err := os.Remove(shmDir + b.name); err != nil {
		t.Fatal(err)
	}
	b.data[3] = 1 // still there for whoever has it mapped
	if err := b.free(); err != nil {
		t.Errorf("a name that the client removed: %v", err)
	}
}

// FuzzFraming: never panics, and what it finds is balanced and all there is.
func FuzzFraming(f *testing.F) {
	for _, s := range []string{helloLine, `{"a":"}"}`, "}}{{}", "x{}y{}z", "{{{", `{"id":1}{"id":2}` + "\n\x00", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fr := newFramer(bytes.NewReader(data))
		fr.limit = 1 << 16
		at := 0
		for {
			msg, err := fr.next()
			if err != nil {
				return
			}
			if msg[0] != '{' || msg[len(msg)-1] != '}' || bytes.Count(msg, []byte{'{'}) != bytes.Count(msg, []byte{'}'}) {
				t.Fatalf("message %q", msg)
			}
			i := bytes.Index(data[at:], msg)
			if i < 0 || bytes.IndexByte(data[at:at+i], '{') >= 0 {
				t.Fatalf("message %q is not the next in %q", msg, data[at:])
			}
			at += i + len(msg)
		}
	})
}

// FuzzRequest: no request brings the server down, and each gets one answer.
func FuzzRequest(f *testing.F) {
	for _, s := range []string{`{"id":2,"classify":[1,2,3,4]}`, `{"id":2,"set_threshold":{"id":3,"min_score":1e999}}`, `{"id":1,"classify_shm":null}`, `{"id":1,"classify":[1,,]}`, `{"id":1,"classify":[[]]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		s := &server{model: newFake(), log: &bytes.Buffer{}, opts: Options{NoSharedMemory: true}, initialized: true}
		if _, err := encode(s.answer(context.Background(), msg, 0)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestHelloHasTheKeysOfRealServers compares with the recording of one.
func TestHelloHasTheKeysOfRealServers(t *testing.T) {
	recorded, err := os.ReadFile("../eim/testdata/yolo.json")
	if err != nil {
		t.Fatal(err)
	}
	ours := talk(t, Options{}, newFake(), helloLine)[0]
	if got, want := keyPaths(t, []byte(ours)), keyPaths(t, recorded); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func keyPaths(t *testing.T, line []byte) []string {
	t.Helper()
	var top map[string]any
	if err := json.Unmarshal(line, &top); err != nil {
		t.Fatal(err)
	}
	var out []string
	for k, v := range top {
		out = append(out, k)
		inner, _ := v.(map[string]any)
		for k2 := range inner {
			out = append(out, k+"."+k2)
		}
	}
	slices.Sort(out)
	return out
}
