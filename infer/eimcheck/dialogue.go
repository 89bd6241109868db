package eimcheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dialogue asks everything that a runner asks, and some things that none should.
func (k *checker) dialogue(ctx context.Context) {
	steps := []func() bool{
		k.describes, k.memory, k.answers, k.bothWays, k.refusals, k.thresholds, k.continuous, k.speed, k.silence,
	}
	for _, step := range steps {
		if ctx.Err() != nil || !step() {
			return
		}
	}
}

func (k *checker) describes() bool {
	a, err := k.c.ask(`"hello":1`)
	if err == nil {
		k.hello, err = parseHello(a.line)
	}
	if !k.judge("answers hello", err, "%s", summaryOf(k.hello)) {
		return false
	}
	if len(k.hello.missing) > 0 {
		k.found(Warning, "has the fields of new models", "it lacks %s: an older export, which runners know", strings.Join(k.hello.missing, ", "))
	} else {
		k.found(OK, "has the fields of new models", "")
	}
	return k.judge("describes itself without contradiction", k.hello.contradictions(), "")
}

func summaryOf(h *hello) string {
	if h == nil {
		return ""
	}
	return h.summary()
}

func (k *checker) memory() bool {
	const check = "takes its input from shared memory"
	m := k.hello.Input
	if m == nil {
		why := k.hello.InputError
		if why == "" {
			why = "it offers none"
		}
		k.found(Warning, check, "%s: its input travels as text, which is slower", why)
		return true
	}
	if err := m.open(); err != nil {
		k.found(Failed, check, "%v", err)
		return true
	}
	k.shm = m
	k.found(OK, check, "%d values", m.Elements)
	return true
}

// random is an input of the model's kind: packed pixels or samples.
func (k *checker) random(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		if k.hello.Parameters.Width > 0 {
			out[i] = float32(r.IntN(1 << 24))
		} else {
			out[i] = float32(r.IntN(1<<16) - 1<<15)
		}
	}
	return out
}

func text(request string, features []float32) string {
	b := strconv.AppendQuote(nil, request)
	b = append(b, ":["...)
	for i, v := range features {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendFloat(b, float64(v), 'g', -1, 32)
	}
	return string(append(b, ']'))
}

// request asks and wants success.
func (k *checker) request(body string) (*answer, error) {
	a, err := k.c.ask(body)
	if err != nil {
		return nil, err
	}
	if !a.ok() {
		return nil, fmt.Errorf("refused: %s", oneLine(a.fields["error"]))
	}
	return a, nil
}

func (k *checker) answers() bool {
	n := k.hello.Parameters.Features
	for _, input := range []struct {
		name     string
		features []float32
	}{{"zeros", make([]float32, n)}, {"noise", k.random(1, n)}} {
		a, err := k.request(text("classify", input.features))
		if err == nil {
			err = k.hello.checkResult(a.fields["result"])
		}
		if !k.judge("judges "+input.name, err, "") {
			return false
		}
	}
	return true
}

// remembers: the same input need not give the same answer.
func (h *hello) remembers() bool { return bool(h.Parameters.Tracking || h.Parameters.Calibration) }

func (k *checker) bothWays() bool {
	if k.hello.remembers() {
		return true
	}
	features := k.random(2, k.hello.Parameters.Features)
	first, err := k.request(text("classify", features))
	if !k.judge("judges again", err, "") {
		return false
	}
	second, err := k.request(text("classify", features))
	if err == nil && !sameResult(first, second) {
		err = fmt.Errorf("the same input gives %s, then %s", oneLine(first.fields["result"]), oneLine(second.fields["result"]))
	}
	k.judge("answers the same to the same", err, "")
	if k.shm == nil {
		return true
	}
	k.shm.put(features)
	shared, err := k.request(k.sharedRequest())
	if err == nil && shared.fields["result"] != nil && !sameResult(first, shared) && !bytes.Contains(shared.fields["result"], []byte(`"shm"`)) {
		err = fmt.Errorf("text gives %s, shared memory %s", oneLine(first.fields["result"]), oneLine(shared.fields["result"]))
	}
	return k.judge("answers the same by shared memory", err, "")
}

func (k *checker) sharedRequest() string {
	return fmt.Sprintf(`"classify_shm":{"elements":%d}`, k.hello.Parameters.Features)
}

func sameResult(a, b *answer) bool { return bytes.Equal(a.fields["result"], b.fields["result"]) }

// refusals asks what is wrong: each must be refused, and the next right one
// answered.
func (k *checker) refusals() bool {
	for _, c := range []struct{ check, body string }{
		{"refuses a wrong number of values", `"classify":[1,2,3]`},
		{"refuses values that are no numbers", `"classify":["a"]`},
		{"refuses requests that it does not know", `"make_coffee":true`},
		{"refuses a second hello", `"hello":1`},
	} {
		a, err := k.c.ask(c.body)
		if err == nil && a.ok() {
			err = fmt.Errorf("it was accepted: %s", oneLine(a.line))
		}
		if err == nil && a.fields["error"] == nil {
			err = fmt.Errorf("the refusal has no \"error\": %s", oneLine(a.line))
		}
		if !k.judge(c.check, err, "%s", refusal(a)) {
			return false
		}
	}
	_, err := k.request(text("classify", make([]float32, k.hello.Parameters.Features)))
	return k.judge("goes on after refusals", err, "")
}

func refusal(a *answer) string {
	if a == nil {
		return ""
	}
	return oneLine(a.fields["error"])
}

// thresholds sets each block to what it is, and one that is not there.
func (k *checker) thresholds() bool {
	blocks := k.hello.Parameters.Thresholds
	for _, block := range blocks {
		body, err := json.Marshal(block)
		if err == nil {
			_, err = k.request(`"set_threshold":` + string(body))
		}
		if !k.judge(fmt.Sprintf("sets thresholds of block %v (%v)", block["id"], block["type"]), err, "") {
			return !errors.Is(err, errStillRuns)
		}
	}
	if len(blocks) == 0 {
		return true
	}
	a, err := k.c.ask(`"set_threshold":{"id":987654,"min_score":0.5}`)
	if err == nil && a.ok() {
		err = errors.New("a block that is not there was accepted")
	}
	return k.judge("refuses thresholds of unknown blocks", err, "%s", refusal(a))
}

func (k *checker) continuous() bool {
	if !k.hello.Parameters.Continuous {
		return true
	}
	for i := range uint64(5) {
		a, err := k.request(text("classify_continuous", k.random(i, k.hello.Parameters.Slice)))
		if err == nil {
			err = k.hello.checkResult(a.fields["result"])
		}
		if err != nil {
			return k.judge("judges slices", err, "")
		}
	}
	return k.judge("judges slices", nil, "of %d values", k.hello.Parameters.Slice)
}

func (k *checker) speed() bool {
	features := k.random(3, k.hello.Parameters.Features)
	asText := text("classify", features)
	var err error
	if k.report.Text, err = k.measure(asText); err != nil {
		return k.judge("answers many requests as text", err, "")
	}
	k.found(OK, "answers many requests as text", "%s", k.report.Text)
	if k.shm == nil {
		return true
	}
	k.shm.put(features)
	if k.report.SharedMemory, err = k.measure(k.sharedRequest()); err != nil {
		return k.judge("answers many requests by shared memory", err, "")
	}
	k.found(OK, "answers many requests by shared memory", "%s", k.report.SharedMemory)
	return true
}

func (k *checker) measure(body string) (*Speed, error) {
	trips := make([]time.Duration, k.Requests)
	for i := range trips {
		began := time.Now()
		if _, err := k.request(body); err != nil {
			return nil, err
		}
		trips[i] = time.Since(began)
	}
	slices.Sort(trips)
	return &Speed{Requests: len(trips), Median: trips[len(trips)/2], Worst: trips[len(trips)-1]}, nil
}

func (s *Speed) String() string {
	return fmt.Sprintf("%d requests, median %v, worst %v", s.Requests, s.Median.Round(10*time.Microsecond), s.Worst.Round(10*time.Microsecond))
}

// silence looks at what was printed: a runner that does not read it stalls the
// model when its pipe, of 64 KiB, is full.
func (k *checker) silence() bool {
	if n := k.c.out.size(); n > 16<<10 {
		k.found(Warning, "prints little", "%d bytes for %d requests: it stalls under runners that do not read it; it begins %q", n, k.c.id, k.c.out.text())
		return true
	}
	k.found(OK, "prints little", "%d bytes for %d requests", k.c.out.size(), k.c.id)
	return true
}
