package eim

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A scripted model: it answers as told by its environment, rightly or wrongly.
//
//	SCRIPT      what to do wrong, see misbehave
//	SCRIPT_ONCE a file: do it wrong only if it is not there yet, and make it
//	RECORDING   a name in testdata: answer with what was recorded
//	MISDEED     what to try that no model needs, see misdeed
//	GRANDCHILD  a file: start a process in a session of its own, and write its number there
//	SHM_MARK    goes into the name of the shared memory
type script struct {
	conn   net.Conn
	shm    *os.File
	replay *recording
}

var idField = regexp.MustCompile(`"id":-?\d+`)

func serveScript(args []string) int {
	fault := os.Getenv("SCRIPT")
	if once := os.Getenv("SCRIPT_ONCE"); once != "" {
		f, err := os.OpenFile(once, os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			fault = ""
		} else {
			f.Close()
		}
	}
	switch fault {
	case "exit at start":
		fmt.Println("loading weights")
		fmt.Fprintln(os.Stderr, "cannot find libtensor.so")
		return 3
	case "hang at start":
		fmt.Println("thinking")
		select {}
	case "regular file":
		os.WriteFile(args[0], nil, 0o600)
		select {}
	}
	ln, err := net.Listen("unix", args[0])
	if err != nil {
		fmt.Println(err)
		return 1
	}
	s := &script{}
	if name := os.Getenv("RECORDING"); name != "" {
		if s.replay, err = loadRecording(os.Getenv("TESTDATA"), name); err != nil {
			fmt.Println(err)
			return 1
		}
	}
	if s.conn, err = ln.Accept(); err != nil {
		fmt.Println(err)
		return 1
	}
	if pidFile := os.Getenv("GRANDCHILD"); pidFile != "" {
		child := exec.Command("sleep", "1000")
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		child.Stdout = os.Stdout // holds the pipe that the driver reads
		if err := child.Start(); err != nil {
			fmt.Println(err)
			return 1
		}
		os.WriteFile(pidFile, []byte(strconv.Itoa(child.Process.Pid)), 0o600)
	}
	lines := bufio.NewScanner(s.conn)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		s.serve(lines.Text(), fault)
	}
	return 0
}

func (s *script) serve(req, fault string) {
	id := idField.FindString(req)
	switch {
	case strings.Contains(req, `"hello"`):
		s.hello(id, fault)
	case s.replay != nil:
		s.send(idField.ReplaceAllLiteralString(s.replay.answer(req), id) + "\n\x00")
	default:
		s.misbehave(id, fault)
	}
}

const goodHello = `{"features_shm":{"elements":4,"name":%q,"size_bytes":16,"type":"float32"},%s,"model_parameters":{"input_features_count":4,"labels":["a{b","}c","\"d\\"],"model_type":"classification"},"success":true}`

const goodResult = `"result":{"classification":{"\"d\\":0.75,"a{b":0.25,"}c":0.5}},"success":true,"timing":{"dsp":1}`

func (s *script) hello(id, fault string) {
	if s.replay != nil {
		s.send(idField.ReplaceAllLiteralString(s.replay.hello, id) + "\x00")
		return
	}
	switch fault {
	case "hang at hello":
		return
	case "exit at hello":
		fmt.Println("bad weights")
		os.Exit(4)
	case "refuse hello":
		s.send(`{"error":"licence expired",` + id + `,"success":false}` + "\n\x00")
		return
	case "garbage hello":
		s.send("HTTP/1.1 400 Bad Request\n\x00")
		return
	case "deaf":
		s.send(`{` + id + `,"model_parameters":{"input_features_count":2000000},"success":true}` + "\n\x00")
		select {} // never reads again
	case "empty hello":
		s.send(`{` + id + `,"success":true}` + "\n\x00")
		return
	}
	name := fmt.Sprintf("/shm-test-%s%d", os.Getenv("SHM_MARK"), os.Getpid())
	f, err := os.OpenFile("/dev/shm"+name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	f.Truncate(16)
	s.shm = f
	if fault == "bad shm name" {
		os.Remove("/dev/shm" + name)
		name = "/../../etc/passwd"
	}
	s.send(fmt.Sprintf(goodHello, name, id) + "\n\x00")
}

// misbehave answers a request, wrongly if told to.
func (s *script) misbehave(id, fault string) {
	good := "{" + id + "," + goodResult + "}\n\x00"
	if what := os.Getenv("MISDEED"); what != "" {
		fmt.Printf("tried %s: %v\n", what, misdeed(what))
	}
	switch fault {
	case "die":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "exit":
		fmt.Println("assertion failed: tensor arena too small")
		os.Exit(134)
	case "close":
		s.conn.Close()
		select {}
	case "late":
		// For good: the driver must not wait for it.
	case "garbage":
		s.send("Segmentation fault (not really)\n\x00")
	case "unfinished":
		s.send(`{"id":` + "\n\x00")
	case "wrong id":
		s.send(`{"id":99999,` + goodResult + "}\n\x00")
	case "no id":
		s.send(`{` + goodResult + "}\n\x00")
	case "error without id":
		s.send(`{"error":"Missing 'id' field in message","success":false}` + "\n\x00")
	case "no result":
		s.send(`{` + id + `,"success":true}` + "\n\x00")
	case "twice":
		s.send(good + good)
	case "truncate":
		s.shm.Truncate(0)
		s.send(good)
	case "byte by byte":
		for i := range len(good) {
			s.send(good[i : i+1])
		}
	case "no newline":
		s.send(strings.Replace(good, "\n", "", 1))
	case "nul first":
		s.send("\x00\x00\n" + good)
	case "nul late":
		s.send(good[:len(good)-1])
		time.AfterFunc(20*time.Millisecond, func() { s.send("\x00") })
	case "flood":
		long := strings.Repeat("x", 1<<20)
		for range 8 {
			fmt.Fprintln(os.Stdout, long)
			fmt.Fprint(os.Stderr, long)
		}
		s.send(good)
	default:
		s.send(good)
	}
}

func (s *script) send(text string) {
	s.conn.Write([]byte(text)) // a client that left is the test's business
}

// openScript opens the scripted model, which may write the files that are named
// in its environment.
func openScript(t *testing.T, o Options, env ...string) (*Model, error) {
	t.Helper()
	for _, e := range env {
		if name, file, _ := strings.Cut(e, "="); name == "SCRIPT_ONCE" || name == "GRANDCHILD" {
			o.Writable = append(o.Writable, filepath.Dir(file))
		}
	}
	o.Args = []string{roleScript}
	o.Env = append(os.Environ(), env...)
	m, err := Open(context.Background(), testProgram(t), o)
	if err == nil {
		t.Cleanup(func() {
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return m, err
}

// recording is what a real server answered, by kind of request in order.
type recording struct {
	hello   string
	replies map[string][]string
	outputs *os.File
}

func loadRecording(dir, name string) (*recording, error) {
	hello, err := os.ReadFile(dir + "/" + name + ".json")
	if err != nil {
		return nil, err
	}
	r := &recording{hello: string(hello), replies: map[string][]string{}}
	keys, lines, err := readReplies(dir + "/" + name + "-classify.json")
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		kind := requestOf(k)
		r.replies[kind] = append(r.replies[kind], lines[i])
	}
	seq, err := readSequence(dir + "/" + name + "-sequence.json")
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"classify", "classify_shm"} {
		r.replies[kind] = append(r.replies[kind], seq...)
	}
	return r, r.share()
}

// requestOf is the request that a recorded reply answered.
func requestOf(key string) string {
	kind, which, _ := strings.Cut(key, ":")
	if kind != "continuous" {
		return kind
	}
	if strings.HasSuffix(which, "_shm") {
		return "classify_continuous_shm"
	}
	return "classify_continuous"
}

// readReplies gives the replies in the order of the file.
func readReplies(path string) (keys, lines []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var line string
		if err := d.Decode(&line); err != nil {
			return nil, nil, err
		}
		keys, lines = append(keys, k.(string)), append(lines, strings.TrimSpace(line))
	}
	return keys, lines, nil
}

func readSequence(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, err
	}
	var lines []string
	for _, l := range list {
		lines = append(lines, string(l))
	}
	return lines, nil
}

// share makes the shared memory that the recorded hello speaks of.
func (r *recording) share() error {
	var h struct {
		Input *struct {
			Size int64 `json:"size_bytes"`
			Name string
		} `json:"features_shm"`
		Outputs []struct {
			Size int64 `json:"size_bytes"`
			Name string
		} `json:"freeform_output_shm"`
	}
	if err := json.Unmarshal([]byte(r.hello), &h); err != nil {
		return err
	}
	if h.Input != nil {
		if _, err := r.newBlock(h.Input.Name, "in", h.Input.Size); err != nil {
			return err
		}
	}
	for _, o := range h.Outputs {
		f, err := r.newBlock(o.Name, "out", o.Size)
		if err != nil {
			return err
		}
		r.outputs = f
	}
	return nil
}

func (r *recording) newBlock(recorded, kind string, size int64) (*os.File, error) {
	name := fmt.Sprintf("/shm-test-%s-%d", kind, os.Getpid())
	r.hello = strings.Replace(r.hello, recorded, name, 1)
	f, err := os.OpenFile("/dev/shm"+name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return f, f.Truncate(size)
}

// answer is the next recorded reply to this kind of request.
func (r *recording) answer(req string) string {
	for _, kind := range []string{"classify_continuous_shm", "classify_continuous", "classify_shm", "classify"} {
		if !strings.Contains(req, `"`+kind+`"`) {
			continue
		}
		if len(r.replies[kind]) == 0 {
			return `{"error":"nothing recorded for ` + kind + `","id":0,"success":false}`
		}
		reply := r.replies[kind][0]
		r.replies[kind] = r.replies[kind][1:]
		if kind == "classify_shm" && r.outputs != nil {
			r.writeOutputs()
		}
		return reply
	}
	return `{"error":"Failed to handle message","id":0,"success":false}`
}

// writeOutputs puts into shared memory what the reply to the same input had
// when it was asked for as JSON.
func (r *recording) writeOutputs() {
	var rep struct {
		Result struct{ Freeform [][]float32 }
	}
	if err := json.Unmarshal([]byte(r.replies["classify"][0]), &rep); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r.replies["classify"] = r.replies["classify"][1:]
	if _, err := r.outputs.WriteAt(rawFloats(rep.Result.Freeform[0]), 0); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
