package convert

import (
	"reflect"
	"testing"
)

func TestParseMixMatrix(t *testing.T) {
	for text, want := range map[string]mixMatrix{
		"": nil, "<>": nil, "<<1>>": {{1}}, "<<(double)0.5, (double)-1e-2>, <0, 1>>": {{0.5, -0.01}, {0, 1}}, "{ { 1 } , { 2 } }": {{1}, {2}},
	} {
		if got, err := parseMixMatrix(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"1", "<1>", "<<1>", "<<>>", "<<1,2>,<1>>", "<<a>>", "<<NaN>>", "<<Inf>>", "<<1>,>"} {
		if m, err := parseMixMatrix(text); err == nil {
			t.Errorf("%q was taken for %v", text, m)
		}
	}
}

func FuzzParseMixMatrix(f *testing.F) {
	f.Add("<<(float)0.5, 1>, {2, 3}>")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMixMatrix(text)
		if err != nil || m == nil {
			return
		}
		dst, src := make([]float64, 2*len(m)), make([]float64, 2*len(m[0]))
		mix(m, dst, src)
	})
}
