package eimserve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// request is one message, its values not yet read.
type request map[string]json.RawMessage

// parseRequest wants an object with an integer id; nothing else has a way to
// be answered.
func parseRequest(msg []byte) (request, int32, bool) {
	var r request
	if json.Unmarshal(msg, &r) != nil {
		return nil, 0, false
	}
	id, ok := integer(r["id"])
	if !ok || id != int64(int32(id)) {
		return nil, 0, false
	}
	return r, int32(id), true
}

// integer reads a number written without point and exponent.
func integer(raw json.RawMessage) (int64, bool) {
	v, err := strconv.ParseInt(string(raw), 10, 64)
	return v, err == nil
}

func isNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// floats reads an array of numbers into buf. notArray: it is of another kind.
// The text is JSON already, so looking for commas is enough, and quick.
func floats(raw json.RawMessage, buf []float32) (out []float32, notArray, notNumbers bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) < 2 || raw[0] != '[' {
		return nil, true, false
	}
	rest := bytes.TrimSpace(raw[1 : len(raw)-1])
	out = buf[:0]
	for len(rest) > 0 {
		item, next, _ := bytes.Cut(rest, []byte{','})
		v, err := strconv.ParseFloat(string(bytes.TrimSpace(item)), 64)
		if err != nil {
			return nil, false, true
		}
		out = append(out, float32(v))
		rest = next
	}
	return out, false, false
}

// elements reads the length of a request on shared memory; text is the error
// to answer with if it is not what it must be.
func elements(raw json.RawMessage, want int) (text string) {
	var o request
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return failedToHandle
	}
	if !isNumber(o["elements"]) {
		return "Missing 'elements' in 'classify_data_shm'"
	}
	n, ok := integer(o["elements"])
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		n = 0 // what the original makes of a float
	}
	if n != int64(want) {
		return fmt.Sprintf("Invalid value for 'classify_data_shm.elements', expected %d, but got %d", want, n)
	}
	return ""
}
