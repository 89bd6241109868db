package backend

import (
	"encoding/json"
	"math"
	"testing"
)

func TestResultAsThePluginWritesIt(t *testing.T) {
	minus := -0.4386800229549408
	half := 0.35
	for name, c := range map[string]struct {
		r    Result
		want string
	}{
		"nothing":        {Result{}, `{}`},
		"classification": {Result{Classification: []Score{{"yes", 0.95}, {"no", 0}, {"<a&b>", 1}}}, `{"classification":{"<a&b>":1.0,"no":0.0,"yes":0.949999988079071}}`},
		"k-means":        {Result{Classification: []Score{{"idle", 0.99609375}}, Anomaly: &minus}, `{"classification":{"idle":0.99609375}}`},
		"anomaly alone":  {Result{Anomaly: &half}, `{"anomaly":0.3499999940395355}`},
		"no boxes":       {Result{Boxes: []Box{}}, `{"bounding_boxes":[],"classification":{},"object_tracking":[]}`},
		"boxes": {Result{Boxes: []Box{{Label: `"a"`, Value: 0.5, X: -1, Y: 2, Width: 3, Height: 4}, {}}},
			`{"bounding_boxes":[{"height":4,"label":"\"a\"","value":0.5,"width":3,"x":-1,"y":2},{"height":0,"label":"","value":0.0,"width":0,"x":0,"y":0}],"classification":{},"object_tracking":[]}`},
		"tracks": {Result{Tracks: []Track{{Box{"b", 1, 1, 2, 3, 4}, 7}}},
			`{"bounding_boxes":[],"classification":{},"object_tracking":[{"height":4,"label":"b","object_id":7,"value":1.0,"width":3,"x":1,"y":2}]}`},
		"visual": {Result{VisualAnomaly: &VisualAnomaly{Max: 6, Mean: 0.25, Grid: []Box{{"anomaly", 6, 8, 0, 8, 8}}}},
			`{"anomaly":0.0,"visual_anomaly_grid":[{"height":8,"label":"anomaly","value":6.0,"width":8,"x":8,"y":0}],"visual_anomaly_max":6.0,"visual_anomaly_mean":0.25}`},
		"freeform": {Result{Freeform: [][]float32{{1, -0.5, float32(math.NaN())}, {}}}, `{"freeform":[[1.0,-0.5,null],[]]}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(c.r.AppendJSON([]byte("x")))
			if got != "x"+c.want {
				t.Errorf("got  %s\nwant x%s", got, c.want)
			}
			if !json.Valid([]byte(got[1:])) {
				t.Errorf("%s is not JSON", got)
			}
		})
	}
}

func TestNumbersAsThePluginWritesThem(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.0", 1: "1.0", -1000: "-1000.0", 0.25: "0.25", 1 << 20: "1048576.0",
		0x1p-20: "9.5367431640625e-7", 0x1p60: "1.152921504606847e18", math.Inf(1): "null", 0x1p-16: "0.0000152587890625",
	} {
		if got := string(appendNumber(nil, v)); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}
