package backend

import (
	"encoding/json"
	"math"
)

// Number is a value of a model in JSON. Models may answer with what is no number;
// JSON has no word for that and gets null.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}
