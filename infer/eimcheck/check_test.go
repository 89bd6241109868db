package eimcheck_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eimcheck"
	"github.com/eiengine/eiengine/infer/eimserve"
)

// model in the environment makes the test binary a model: "shapes", or one that
// does the thing named wrong.
const model = "EIMCHECK_TEST_MODEL"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == checkerArg {
		os.Exit(check(os.Args[2]))
	}
	switch fault := os.Getenv(model); fault {
	case "":
		goleak.VerifyTestMain(m)
	case "shapes":
		shapes, err := builtin.Open(fault)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(eimserve.Options{}.Main(shapes, os.Args[1:]))
	default:
		os.Exit(wrong(fault, os.Args[1]))
	}
}

// file makes the test binary a model file.
func file(t *testing.T, what string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(model, what)
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	return exe
}

func TestGoodModelPasses(t *testing.T) {
	told := 0
	r := eimcheck.Run(context.Background(), file(t, "shapes"), eimcheck.Options{Requests: 3, OnFinding: func(eimcheck.Finding) { told++ }})
	for _, f := range r.Findings {
		if f.Status != eimcheck.OK {
			t.Errorf("%+v", f)
		}
	}
	if told != len(r.Findings) || told < 20 {
		t.Errorf("%d findings, %d told", len(r.Findings), told)
	}
	for _, s := range []*eimcheck.Speed{r.Text, r.SharedMemory} {
		if s == nil || s.Requests != 3 || s.Median <= 0 || s.Worst < s.Median {
			t.Errorf("speed %+v", s)
		}
	}
}

func TestWhatIsNoModel(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/nowhere/model.eim": "no such file",
		t.TempDir():          "no regular file",
		plain:                "chmod +x",
		"/bin/true":          "before it made its socket",
	} {
		if !fails(eimcheck.Run(context.Background(), path, eimcheck.Options{}), want) {
			t.Errorf("%s: no failure says %q", path, want)
		}
	}
}

func fails(r *eimcheck.Report, want string) bool {
	for _, f := range r.Findings {
		if f.Status == eimcheck.Failed && strings.Contains(f.Check+": "+f.Detail, want) {
			return true
		}
	}
	return false
}

// Each fault of a model is found, and none hangs the check.
func TestFaultsAreFound(t *testing.T) {
	for fault, want := range map[string]string{
		"hello is garbage":     "answers hello: the answer is no JSON",
		"hello is refused":     "answers hello: hello is refused: no licence",
		"counts contradict":    "describes itself without contradiction: label_count is 3",
		"memory is missing":    "takes its input from shared memory",
		"unknown label":        "judges zeros: it answers label \"other\"",
		"too few scores":       "judges zeros: the result has 1 scores",
		"score is null":        "is no number",
		"no result":            "no result",
		"wrong id":             "the answer has the id 99",
		"silent":               "judges zeros: no answer",
		"dies":                 "judges zeros: no answer",
		"differs":              "answers the same to the same",
		"accepts all":          "refuses a wrong number of values: it was accepted",
		"stays":                "ends when its client hangs up: it goes on running",
		"threshold is refused": "sets thresholds of block 1 (object_detection): refused",
	} {
		t.Run(fault, func(t *testing.T) {
			wait := 10 * time.Second
			if fault == "silent" || fault == "stays" {
				wait = 500 * time.Millisecond
			}
			r := eimcheck.Run(context.Background(), file(t, fault), eimcheck.Options{Requests: 2, Wait: wait})
			for wait < 10*time.Second && !fails(r, want) { // a busy machine may need longer for what comes before
				wait *= 2
				r = eimcheck.Run(context.Background(), file(t, fault), eimcheck.Options{Requests: 2, Wait: wait})
			}
			if !fails(r, want) {
				t.Errorf("no failure says %q: %+v", want, r.Findings)
			}
		})
	}
}

func TestCancelledCheckEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := eimcheck.Run(ctx, file(t, "shapes"), eimcheck.Options{}); r.Count(eimcheck.OK) > 5 {
		t.Errorf("it went on: %+v", r.Findings)
	}
}

var id = regexp.MustCompile(`"id":\d+`)

// wrong serves a classifier of two values and two labels that does one thing
// wrong.
func wrong(fault, socket string) int {
	if fault == "old" || fault == "mute" && socket != "--print-info" {
		return waitForEver()
	}
	if socket == "--print-info" {
		fmt.Println(description(fault, `"id":1`))
		return 0
	}
	ln, err := net.Listen("unix", socket)
	if err != nil {
		return 1
	}
	conn, err := ln.Accept()
	if err != nil {
		return 1
	}
	said := false
	lines := bufio.NewScanner(conn)
	for n := 0; lines.Scan(); n++ {
		req := lines.Text()
		reply := judge(fault, req, id.FindString(req), n)
		if strings.Contains(req, `"hello"`) && !said {
			said = true
			reply = description(fault, id.FindString(req))
		}
		fmt.Fprintf(conn, "%s\n\x00", reply)
	}
	if fault == "stays" {
		select {}
	}
	return 0
}

func description(fault, id string) string {
	switch fault {
	case "hello is garbage":
		return "hello yourself"
	case "hello is refused":
		return `{` + id + `,"success":false,"error":"no licence"}`
	}
	count, memory := 2, ""
	if fault == "counts contradict" {
		count = 3
	}
	if fault == "memory is missing" {
		memory = `"features_shm":{"name":"/shm-nowhere","size_bytes":8,"type":"float32","elements":2},`
	}
	return fmt.Sprintf(`{%s,"success":true,%s"model_parameters":{"model_type":"classification","labels":["a","b"],"label_count":%d,"input_features_count":2,`+
		`"use_continuous_mode":false,"image_resize_mode":"none","thresholds":[{"id":1,"type":"object_detection","min_score":0.5}],"has_object_tracking":false,"inferencing_engine":2}}`,
		id, memory, count)
}

func judge(fault, req, id string, n int) string {
	refuse := `{` + id + `,"success":false,"error":"refused"}`
	right := strings.Contains(req, `"classify":[`) && strings.Count(req, ",") == 2 && !strings.Contains(req, `"a"`)
	if strings.Contains(req, `"set_threshold"`) && strings.Contains(req, `"id":1,`) && fault != "threshold is refused" {
		return `{` + id + `,"success":true}`
	}
	if !right && fault != "accepts all" {
		return refuse
	}
	result := `{"classification":{"a":0.25,"b":0.75}}`
	switch fault {
	case "unknown label":
		result = `{"classification":{"a":0.25,"other":0.75}}`
	case "too few scores":
		result = `{"classification":{"a":0.25}}`
	case "score is null":
		result = `{"classification":{"a":0.25,"b":null}}`
	case "no result":
		return `{` + id + `,"success":true}`
	case "wrong id":
		id = `"id":99`
	case "silent":
		select {}
	case "dies":
		os.Exit(3)
	case "differs":
		result = fmt.Sprintf(`{"classification":{"a":%d,"b":0}}`, n)
	}
	return `{` + id + `,"success":true,"result":` + result + `}`
}
