package eimserve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// The texts of errors, as clients of the original know them.
const (
	missingID       = "Missing 'id' field in message"
	notInitialized  = "Invalid message, should initialize first"
	initializedOnce = "Invalid message 'hello', already initialized"
	onlyVersion1    = "Invalid value for 'hello', only 1 supported"
	failedToHandle  = "Failed to handle message"
	classifyFailed  = "Classifying failed, error code was -5"
	noSharedInput   = "Cannot use 'classify_data_shm', cannot find shm input tensor with ix=0"
	notAllNumbers   = "Failed to parse classify array, should contain all numbers"
)

// server answers the requests of one connection.
type server struct {
	model backend.Model
	log   io.Writer // standard output: what goes wrong, for people
	opts  Options

	initialized bool
	features    []float32

	// mu guards the blocks: the way out by signal does not wait for a request.
	mu        sync.Mutex
	in        *block
	outs      []*block
	abandoned bool
}

// share makes the shared memory, at hello as clients expect.
func (s *server) share() (inErr error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.NoSharedMemory || s.abandoned {
		return nil
	}
	if s.in, inErr = newBlock(s.model.Info().InputFeatures); inErr != nil {
		return inErr
	}
	for _, n := range s.opts.FreeformElements {
		b, err := newBlock(n)
		if err != nil {
			return err
		}
		s.outs = append(s.outs, b)
	}
	return nil
}

func (s *server) blocks() []*block {
	if s.in == nil {
		return s.outs
	}
	return append([]*block{s.in}, s.outs...)
}

// abandon removes the names of all shared memory, now and for good.
func (s *server) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.abandoned = true
	for _, b := range s.blocks() {
		if err := b.unlink(); err != nil {
			fmt.Fprintf(s.log, "ERR: %v\n", err)
		}
	}
}

// run answers until the stream ends. end is written after each reply line.
func (s *server) run(ctx context.Context, r io.Reader, w io.Writer, end string) error {
	f := newFramer(r)
	for {
		began := time.Now()
		msg, err := f.next()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			fmt.Fprintf(s.log, "ERR: %v\n", err)
			return &ExitError{Code: 1, Err: err}
		case err != nil:
			return err
		}
		line, err := encode(s.answer(ctx, msg, time.Since(began)))
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if _, err := w.Write(append(line, end...)); err != nil {
			return fmt.Errorf("client went away before its answer: %w", err)
		}
	}
}

func refuse(id int32, text string) object {
	return object{"id": id, "success": false, "error": text}
}

// answer handles one message. When several requests are in it, the first in
// this order counts.
func (s *server) answer(ctx context.Context, msg []byte, reading time.Duration) object {
	began := time.Now()
	r, id, ok := parseRequest(msg)
	if !ok {
		return object{"success": false, "error": missingID}
	}
	c := clocks{stdin: reading, json: time.Since(began)}
	version, isHello := integer(r["hello"])
	switch {
	case isHello && s.initialized:
		return refuse(id, initializedOnce)
	case isHello && version != 1:
		return refuse(id, onlyVersion1)
	case isHello:
		return s.sayHello(id)
	case !s.initialized:
		return refuse(id, notInitialized)
	}
	for _, key := range []string{"classify", "classify_shm", "classify_continuous", "classify_continuous_shm"} {
		raw, ok := r[key]
		if !ok {
			continue
		}
		continuous := key == "classify_continuous" || key == "classify_continuous_shm"
		shared := key == "classify_shm" || key == "classify_continuous_shm"
		if text := s.take(key, raw, continuous, shared); text != "" {
			return refuse(id, text)
		}
		return s.classify(ctx, id, continuous, shared, c)
	}
	if raw, ok := r["set_threshold"]; ok {
		return s.setThreshold(ctx, id, raw)
	}
	return refuse(id, failedToHandle)
}

func (s *server) sayHello(id int32) object {
	err := s.share()
	s.initialized = true
	o := s.hello(s.in, err, s.outs)
	maps.Copy(o, object{"id": id, "success": true})
	return o
}

// take brings the features of a request to the model's tensor, or gives the
// text of the error.
func (s *server) take(key string, raw []byte, continuous, shared bool) string {
	want := s.model.Info().InputFeatures
	if continuous {
		want = s.model.Info().SliceSize
	}
	if shared {
		if s.in == nil {
			return noSharedInput
		}
		if text := elements(raw, want); text != "" {
			return text
		}
		return s.fill(s.in.data[:want])
	}
	got, notArray, notNumbers := floats(raw, s.features)
	switch {
	case notArray:
		return failedToHandle
	case notNumbers:
		return notAllNumbers
	}
	s.features = got
	if len(got) != want {
		return fmt.Sprintf("Invalid number of features in '%s', expected %d but got %d", key, want, len(got))
	}
	return s.fill(got)
}

func (s *server) fill(features []float32) string {
	in := s.model.Input()
	if len(in) < len(features) {
		return failedToHandle // the model was closed under us
	}
	copy(in, features)
	return ""
}

func (s *server) classify(ctx context.Context, id int32, continuous, shared bool, c clocks) object {
	began := time.Now()
	run := s.model.Classify
	if continuous {
		run = s.model.ClassifyContinuous
	}
	res, err := run(ctx)
	if err != nil {
		fmt.Fprintf(s.log, "ERR: %v\n", err)
		return refuse(id, classifyFailed)
	}
	t := res.Timing
	if t == (backend.Timing{}) {
		t.Classification = time.Since(began)
	}
	sharedOutputs := shared && s.shareOutputs(res.Freeform)
	o := object{"id": id, "success": true, "result": s.result(res, sharedOutputs)}
	c.handler = time.Since(began)
	o["timing"] = timing(t, c)
	return o
}

// shareOutputs copies freeform outputs to where the client reads them.
func (s *server) shareOutputs(rows [][]float32) bool {
	if len(s.outs) == 0 || len(rows) != len(s.outs) {
		return false
	}
	for i, row := range rows {
		if len(row) != len(s.outs[i].data) {
			return false
		}
		copy(s.outs[i].data, row)
	}
	return true
}

func (s *server) setThreshold(ctx context.Context, id int32, raw []byte) object {
	r, block, ok := parseRequest(raw)
	if !ok {
		return refuse(id, "set_threshold should have a numeric field 'id'")
	}
	have := s.model.Info().Thresholds
	at := slices.IndexFunc(have, func(t backend.Threshold) bool { return t.ID == int(block) })
	if at < 0 {
		return refuse(id, fmt.Sprintf("set_threshold: cannot find learn block with id %d", block))
	}
	values := map[string]float64{}
	for _, k := range slices.Sorted(maps.Keys(r)) {
		if k == "id" || k == "type" {
			continue
		}
		if !isNumber(r[k]) {
			return refuse(id, fmt.Sprintf("set_threshold, value for '%s' should be numeric", k))
		}
		v, err := strconv.ParseFloat(string(r[k]), 64)
		if _, known := have[at].Values[k]; !known || err != nil {
			return refuse(id, fmt.Sprintf("set_threshold, setting key '%s' failed with error -34", k))
		}
		values[k] = v
	}
	if err := s.model.SetThreshold(ctx, int(block), values); err != nil {
		fmt.Fprintf(s.log, "ERR: %v\n", err)
		return refuse(id, failedToHandle)
	}
	return object{"id": id, "success": true}
}
