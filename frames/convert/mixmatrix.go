package convert

import (
	"fmt"
	"regexp"
	"strconv"
	gostrings "strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// mixMatrix has a row for each output channel, with what of each input channel
// goes into it.
type mixMatrix [][]float64

var valueType = regexp.MustCompile(`\(\s*(float|double|int|gfloat|gdouble|gint)\s*\)`)

// parseMixMatrix reads GStreamer's text of arrays in an array: <<a, b>, <c, d>>,
// also with {} and with types in front of the numbers. Empty text is no matrix.
func parseMixMatrix(text string) (mixMatrix, error) {
	s := gostrings.NewReplacer("{", "<", "}", ">", " ", "", "\t", "", "\n", "").Replace(valueType.ReplaceAllString(text, ""))
	if s == "" || s == "<>" {
		return nil, nil
	}
	bad := func(why string) error {
		return fmt.Errorf("mix-matrix %q %s: write a row of numbers for each output channel, such as <<0.5, 0.5>>", text, why)
	}
	if !gostrings.HasPrefix(s, "<<") || !gostrings.HasSuffix(s, ">>") {
		return nil, bad("is not rows within <>")
	}
	var m mixMatrix
	for row := range gostrings.SplitSeq(s[2:len(s)-2], ">,<") {
		var weights []float64
		for number := range gostrings.SplitSeq(row, ",") {
			v, err := strconv.ParseFloat(number, 64)
			if err != nil || v-v != 0 {
				return nil, bad(fmt.Sprintf("has %q for a number", number))
			}
			weights = append(weights, v)
		}
		if len(m) > 0 && len(weights) != len(m[0]) {
			return nil, bad("has rows of several lengths")
		}
		m = append(m, weights)
	}
	if len(m) > 64 || len(m[0]) > 64 {
		return nil, bad("has more than 64 channels")
	}
	return m, nil
}

// transform fixes the channels on the other side.
func (m mixMatrix) transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	here, there := len(m[0]), len(m)
	if toward == eiengine.Sink {
		here, there = there, here
	}
	if caps.IsAny() {
		return rawAudio().Intersect(frames.NewCaps(frames.Structure{Media: frames.AudioRaw, Fields: []frames.Field{
			{Name: "channels", Value: frames.Int(there)},
		}}))
	}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		if n, fixed := fixedInt(s, "channels"); s.Media != frames.AudioRaw || fixed && n != here {
			continue
		}
		out = append(out, s.Without("channel-mask").With("format", sampleFormats()).With("channels", frames.Int(there)))
	}
	return frames.NewCaps(out...)
}

// mix fills dst, of as many channels as there are rows.
func mix[T float32 | float64](m mixMatrix, dst, src []T) {
	from, to := len(m[0]), len(m)
	for len(src) >= from && len(dst) >= to {
		for i, row := range m {
			var sum T
			for k, w := range row {
				sum += T(w) * src[k]
			}
			dst[i] = sum
		}
		src, dst = src[from:], dst[to:]
	}
}
