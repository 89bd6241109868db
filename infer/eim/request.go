package eim

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Requests end with a newline: it is outside the braces, so the model ignores
// it, but it also restarts the model's clock for reading requests.

func appendHello(b []byte, id int32) []byte {
	b = append(b, `{"hello":1,"id":`...)
	b = strconv.AppendInt(b, int64(id), 10)
	return append(b, "}\n"...)
}

// appendShared asks for a run on the first n values of the shared tensor.
func appendShared(b []byte, id int32, continuous bool, n int, debug bool) []byte {
	key := `{"classify_shm":{"elements":`
	if continuous {
		key = `{"classify_continuous_shm":{"elements":`
	}
	b = append(b, key...)
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, '}')
	return appendEnd(b, id, debug)
}

// appendFeatures asks for a run on these values. JSON knows no NaN and no
// infinity; they are an error.
func appendFeatures(b []byte, id int32, continuous bool, features []float32, debug bool) ([]byte, error) {
	key := `{"classify":[`
	if continuous {
		key = `{"classify_continuous":[`
	}
	b = append(b, key...)
	for i, f := range features {
		if i > 0 {
			b = append(b, ',')
		}
		// Pixels and samples are whole numbers: that is the case to be fast in.
		if n := int32(f); f > -1<<24 && f < 1<<24 && float32(n) == f {
			if n == 0 && math.Signbit(float64(f)) {
				b = append(b, '-')
			}
			b = strconv.AppendInt(b, int64(n), 10)
			continue
		}
		if v := float64(f); math.IsNaN(v) || math.IsInf(v, 0) {
			return b, fmt.Errorf("feature %d is %v, which JSON cannot carry; use shared memory or finite values", i, f)
		}
		b = strconv.AppendFloat(b, float64(f), 'g', -1, 32)
	}
	b = append(b, ']')
	return appendEnd(b, id, debug), nil
}

func appendEnd(b []byte, id int32, debug bool) []byte {
	if debug {
		b = append(b, `,"debug":true`...)
	}
	b = append(b, `,"id":`...)
	b = strconv.AppendInt(b, int64(id), 10)
	return append(b, "}\n"...)
}

// appendThreshold asks to change values of a block.
func appendThreshold(b []byte, id int32, block int, values map[string]float64) ([]byte, error) {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, int64(id), 10)
	b = append(b, `,"set_threshold":{"id":`...)
	b = strconv.AppendInt(b, int64(block), 10)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		v := values[k]
		if err := checkKey(k); err != nil {
			return b, err
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return b, fmt.Errorf("threshold %d.%s is %v; give a finite number", block, k, v)
		}
		b = append(b, `,"`...)
		b = append(b, k...)
		b = append(b, `":`...)
		b = strconv.AppendFloat(b, v, 'g', -1, 64)
	}
	return append(b, "}}\n"...), nil
}

// checkKey refuses names that could upset the model's framing, which counts
// braces even inside strings.
func checkKey(k string) error {
	if k == "" || k == "id" || k == "type" {
		return fmt.Errorf("threshold key %q is not a value; known keys are min_score and the like", k)
	}
	for _, c := range []byte(k) {
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return fmt.Errorf("threshold key %q may hold only letters, digits, - and _", k)
		}
	}
	return nil
}
