package backend

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
)

// AppendJSON appends the result as the text that the Edge Impulse GStreamer
// plugin makes of it, byte for byte: one of its four shapes, keys in alphabetical
// order, pixels of the model's input, values with the precision of float32
// printed as float64. Like the plugin it leaves out the anomaly score beside a
// classification. Freeform outputs and a lone anomaly score, which the plugin
// cannot read, are written in the same manner; no number becomes null.
func (r *Result) AppendJSON(b []byte) []byte {
	switch {
	case r.VisualAnomaly != nil:
		return r.appendVisualAnomaly(b)
	case r.Boxes != nil || r.Tracks != nil:
		return r.appendDetections(b)
	case r.Classification != nil:
		b = append(b, `{"classification":`...)
		return append(appendScores(b, r.Classification), '}')
	case r.Freeform != nil:
		return r.appendFreeform(b)
	case r.Anomaly != nil:
		return append(appendNumber(append(b, `{"anomaly":`...), *r.Anomaly), '}')
	}
	return append(b, "{}"...)
}

func (r *Result) appendVisualAnomaly(b []byte) []byte {
	anomaly := 0.0
	if r.Anomaly != nil {
		anomaly = *r.Anomaly
	}
	b = appendNumber(append(b, `{"anomaly":`...), anomaly)
	b = appendBoxes(append(b, `,"visual_anomaly_grid":`...), r.VisualAnomaly.Grid)
	b = appendNumber(append(b, `,"visual_anomaly_max":`...), r.VisualAnomaly.Max)
	b = appendNumber(append(b, `,"visual_anomaly_mean":`...), r.VisualAnomaly.Mean)
	return append(b, '}')
}

func (r *Result) appendDetections(b []byte) []byte {
	b = appendBoxes(append(b, `{"bounding_boxes":`...), r.Boxes)
	b = appendScores(append(b, `,"classification":`...), r.Classification)
	b = append(b, `,"object_tracking":[`...)
	for i, t := range r.Tracks {
		b = appendBox(separate(b, i), t.Box, &t.ObjectID)
	}
	return append(b, "]}"...)
}

func (r *Result) appendFreeform(b []byte) []byte {
	b = append(b, `{"freeform":[`...)
	for i, row := range r.Freeform {
		b = append(separate(b, i), '[')
		for k, v := range row {
			b = appendNumber(separate(b, k), float64(v))
		}
		b = append(b, ']')
	}
	return append(b, "]}"...)
}

func appendScores(b []byte, scores []Score) []byte {
	byLabel := make(map[string]float64, len(scores))
	for _, s := range scores {
		byLabel[s.Label] = s.Value
	}
	b = append(b, '{')
	for i, label := range slices.Sorted(maps.Keys(byLabel)) {
		b = append(appendText(separate(b, i), label), ':')
		b = appendNumber(b, byLabel[label])
	}
	return append(b, '}')
}

func appendBoxes(b []byte, boxes []Box) []byte {
	b = append(b, '[')
	for i, box := range boxes {
		b = appendBox(separate(b, i), box, nil)
	}
	return append(b, ']')
}

func appendBox(b []byte, box Box, id *uint64) []byte {
	b = strconv.AppendInt(append(b, `{"height":`...), int64(box.Height), 10)
	b = appendText(append(b, `,"label":`...), box.Label)
	if id != nil {
		b = strconv.AppendUint(append(b, `,"object_id":`...), *id, 10)
	}
	b = appendNumber(append(b, `,"value":`...), box.Value)
	b = strconv.AppendInt(append(b, `,"width":`...), int64(box.Width), 10)
	b = strconv.AppendInt(append(b, `,"x":`...), int64(box.X), 10)
	b = strconv.AppendInt(append(b, `,"y":`...), int64(box.Y), 10)
	return append(b, '}')
}

func separate(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, ',')
}

// appendNumber prints what is left of a number in float32: decimal from 1e-5 up
// to 1e16, with ".0" behind whole numbers, and with an exponent without zeros
// beyond.
func appendNumber(b []byte, v float64) []byte {
	v = float64(float32(v))
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return append(b, "null"...)
	case size >= 1e16 || size < 1e-5 && v != 0:
		text := strconv.AppendFloat(nil, v, 'e', -1, 64)
		mantissa, exponent, _ := bytes.Cut(text, []byte("e"))
		sign, digits := exponent[:1], bytes.TrimLeft(exponent[1:], "0")
		b = append(append(b, mantissa...), 'e')
		if sign[0] == '-' {
			b = append(b, '-')
		}
		return append(b, digits...)
	}
	from := len(b)
	b = strconv.AppendFloat(b, v, 'f', -1, 64)
	if !bytes.ContainsRune(b[from:], '.') {
		b = append(b, ".0"...)
	}
	return b
}

// appendText quotes a string as JSON that is not meant for web pages.
func appendText(b []byte, s string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return append(b, `""`...) // strings can always be encoded
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}
