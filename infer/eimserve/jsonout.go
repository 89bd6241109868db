package eimserve

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// object is a JSON object; encoding/json writes its keys in order.
type object map[string]any

// float is printed the way the original's JSON library does: whole numbers
// keep a ".0", and what is no number is null.
type float float64

// MarshalJSON prints the shortest text that reads back as the same float64.
func (f float) MarshalJSON() ([]byte, error) {
	v := float64(f)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	b := strconv.AppendFloat(nil, v, 'g', -1, 64)
	if v == math.Trunc(v) && !bytes.ContainsRune(b, 'e') {
		b = append(b, ".0"...)
	}
	return b, nil
}

// encode gives compact JSON on one line, with its newline. Text is not escaped
// for web pages.
func encode(o object) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(o)
	return b.Bytes(), err
}
