package eim

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// labelIndex finds the place of a label without allocating its name again.
type labelIndex struct {
	labels []string
	at     map[string]int
}

func newLabelIndex(labels []string) *labelIndex {
	x := &labelIndex{labels: labels, at: make(map[string]int, len(labels))}
	for i, l := range labels {
		if _, twice := x.at[l]; !twice {
			x.at[l] = i
		}
	}
	return x
}

// name is the label of these bytes, and its place or -1.
func (x *labelIndex) name(b []byte) (string, int) {
	if i, ok := x.at[string(b)]; ok {
		return x.labels[i], i
	}
	return string(b), -1
}

// reply is what one line of a model says.
type reply struct {
	id     int64
	hasID  bool
	failed bool
	// message is the model's error text; it may be set without failed.
	message string
	result  *backend.Result
	// sharedOutputs: the freeform outputs are in shared memory.
	sharedOutputs bool
}

// parseReply reads one reply. An error means that the line is no reply at all,
// so that nothing that follows on the connection can be trusted.
func parseReply(line []byte, labels *labelIndex) (reply, error) {
	var rep reply
	if !json.Valid(line) {
		return rep, fmt.Errorf("garbled reply %s", excerpt(line))
	}
	r := reader{b: line}
	var timing backend.Timing
	ok := r.object(func(key []byte) bool {
		switch string(key) {
		case "id":
			v, ok := r.number()
			rep.hasID = ok && v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32
			if rep.hasID {
				rep.id = int64(v)
			}
			return ok
		case "success":
			rep.failed = r.peek() == 'f'
			return r.skip()
		case "error":
			if b, ok := r.text(); ok {
				rep.message = string(b)
				return true
			}
			return r.skip()
		case "result":
			if r.peek() != '{' {
				return r.skip()
			}
			rep.result = &backend.Result{}
			return rep.readResult(&r, labels)
		case "timing":
			if r.peek() != '{' {
				return r.skip()
			}
			return readTiming(&r, &timing)
		}
		return r.skip()
	})
	if !ok {
		return rep, fmt.Errorf("reply of another form %s", excerpt(line))
	}
	if rep.result != nil {
		rep.result.Timing = timing
	}
	return rep, nil
}

func (rep *reply) readResult(r *reader, labels *labelIndex) bool {
	res := rep.result
	return r.object(func(key []byte) bool {
		if r.peek() == 'n' { // null: not there
			return r.skip()
		}
		switch string(key) {
		case "classification":
			res.Classification = readScores(r, labels)
			return res.Classification != nil
		case "bounding_boxes":
			res.Boxes = readBoxes(r, labels)
			return res.Boxes != nil
		case "object_tracking":
			res.Tracks = readTracks(r, labels)
			return res.Tracks != nil
		case "visual_anomaly_grid":
			visual(res).Grid = readBoxes(r, labels)
			return res.VisualAnomaly.Grid != nil
		case "visual_anomaly_max":
			return readInto(r, &visual(res).Max)
		case "visual_anomaly_mean":
			return readInto(r, &visual(res).Mean)
		case "anomaly":
			res.Anomaly = new(float64)
			return readInto(r, res.Anomaly)
		case "freeform":
			if r.peek() == '"' {
				rep.sharedOutputs = true
				return r.skip()
			}
			res.Freeform = readMatrix(r)
			return res.Freeform != nil
		}
		return r.skip()
	})
}

func visual(res *backend.Result) *backend.VisualAnomaly {
	if res.VisualAnomaly == nil {
		res.VisualAnomaly = &backend.VisualAnomaly{}
	}
	return res.VisualAnomaly
}

func readInto(r *reader, to *float64) bool {
	v, ok := r.number()
	*to = v
	return ok
}

// readScores gives one score per known label in the order of training, then
// the labels that the model did not announce. Labels without a score are left
// out.
func readScores(r *reader, labels *labelIndex) []backend.Score {
	n := len(labels.labels)
	scores := make([]backend.Score, n, max(n, 1))
	var known int
	ok := r.object(func(key []byte) bool {
		name, i := labels.name(key)
		v, ok := r.number()
		s := backend.Score{Label: name, Value: v}
		if i < 0 {
			scores = append(scores, s)
			return ok
		}
		scores[i] = s
		known++
		return ok
	})
	if !ok {
		return nil
	}
	if known == n {
		return scores
	}
	kept := scores[:0]
	for i, s := range scores {
		if i < n && s.Label == "" && s.Value == 0 {
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

func readBoxes(r *reader, labels *labelIndex) []backend.Box {
	boxes := []backend.Box{}
	ok := r.array(func() bool {
		var b backend.Box
		ok := r.object(func(key []byte) bool { return readBoxField(r, key, &b, labels) })
		boxes = append(boxes, b)
		return ok
	})
	if !ok {
		return nil
	}
	return boxes
}

func readTracks(r *reader, labels *labelIndex) []backend.Track {
	tracks := []backend.Track{}
	ok := r.array(func() bool {
		var t backend.Track
		ok := r.object(func(key []byte) bool {
			if string(key) == "object_id" {
				v, ok := r.number()
				if v >= 0 && v < math.MaxInt64 {
					t.ObjectID = uint64(v)
				}
				return ok
			}
			return readBoxField(r, key, &t.Box, labels)
		})
		tracks = append(tracks, t)
		return ok
	})
	if !ok {
		return nil
	}
	return tracks
}

func readBoxField(r *reader, key []byte, b *backend.Box, labels *labelIndex) bool {
	switch string(key) {
	case "label":
		text, ok := r.text()
		if !ok {
			return r.skip()
		}
		b.Label = boxLabel(text, labels)
		return true
	case "value":
		return readInto(r, &b.Value)
	case "x":
		return readPixel(r, &b.X)
	case "y":
		return readPixel(r, &b.Y)
	case "width":
		return readPixel(r, &b.Width)
	case "height":
		return readPixel(r, &b.Height)
	}
	return r.skip()
}

// boxLabel spares the cells of an anomaly grid, which all carry one name that
// is not among the model's labels, a string each.
func boxLabel(text []byte, labels *labelIndex) string {
	const anomaly = "anomaly"
	if string(text) == anomaly {
		return anomaly
	}
	name, _ := labels.name(text)
	return name
}

func readPixel(r *reader, to *int) bool {
	v, ok := r.number()
	*to = number(math.Round(v)).int()
	return ok
}

func readMatrix(r *reader) [][]float32 {
	rows := [][]float32{}
	ok := r.array(func() bool {
		row := []float32{}
		ok := r.array(func() bool {
			v, ok := r.number()
			row = append(row, float32(v))
			return ok
		})
		rows = append(rows, row)
		return ok
	})
	if !ok {
		return nil
	}
	return rows
}

func readTiming(r *reader, t *backend.Timing) bool {
	return r.object(func(key []byte) bool {
		var to *time.Duration
		switch string(key) {
		case "dsp":
			to = &t.DSP
		case "classification":
			to = &t.Classification
		case "anomaly":
			to = &t.Anomaly
		case "postprocessing":
			to = &t.Postprocessing
		default:
			return r.skip()
		}
		ms, ok := r.number()
		if ms > 0 && ms < math.MaxInt32 {
			*to = time.Duration(ms * float64(time.Millisecond))
		}
		return ok
	})
}

// check compares a reply with the request that it should answer. doubt means
// that the stream is out of step; refused that the model said no.
func (rep *reply) check(id int32) (doubt, refused error) {
	bad := rep.failed || rep.message != ""
	if rep.hasID && rep.id != int64(id) || !rep.hasID && !bad {
		if !rep.hasID {
			return errors.New("reply without id"), nil
		}
		return fmt.Errorf("reply to request %d, expected %d", rep.id, id), nil
	}
	if bad {
		return nil, errors.New(rep.message)
	}
	return nil, nil
}
